#!/usr/bin/env python3
"""Runs the rules over a checkout. Exit 0: clean; 1: findings; 2: wrong use."""
import argparse
import collections
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

from rules import RULES  # noqa: E402
from tree import Finding, Tree  # noqa: E402


def allow_path(rule):
    return f"tests/lint/allow/{rule}.txt"


def parse_allow(text):
    out = {}
    for line in text.splitlines():
        line = line.strip()
        if line and not line.startswith("#"):
            key, _, count = line.rpartition(" ")
            out[key] = int(count)
    return out


def read_allow(root, rule):
    try:
        with open(os.path.join(root, allow_path(rule)), encoding="utf-8") as file:
            return parse_allow(file.read())
    except OSError:
        return {}


def committed_allow(root, rule):
    """The list of the last commit; nothing when there is no git or no such list yet."""
    done = subprocess.run(["git", "-C", root, "show", f"HEAD:{allow_path(rule)}"], text=True, capture_output=True,
                          check=False)
    return parse_allow(done.stdout) if done.returncode == 0 else None


def apply_allow(rule, findings, allowed):
    """Findings that are left, the ratchet's own included."""
    counts = collections.Counter(finding.allow_key() for finding in findings)
    left = [f for f in findings if counts[f.allow_key()] > allowed.get(f.allow_key(), 0)]
    for key, count in sorted(allowed.items()):
        if counts[key] < count:
            left.append(Finding(allow_path(rule), 1,
                                f"stale: '{key}' is allowed {count} but found {counts[key]}; run run.py --shrink"))
    return left


def check_growth(rule, allowed, committed):
    if committed is None:
        return []
    grown = sorted(key for key in allowed if allowed[key] > committed.get(key, 0))
    if sum(allowed.values()) > sum(committed.values()):
        return [Finding(allow_path(rule), 1, "the list may only shrink; new: " + ", ".join(grown))]
    return []


def write_allow(root, rule, counts):
    path = os.path.join(root, allow_path(rule))
    if not counts:
        if os.path.exists(path):
            os.remove(path)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# Known exceptions of the rule {rule}: path[#symbol] count. May only shrink.\n")
        for key in sorted(counts):
            file.write(f"{key} {counts[key]}\n")


def run_rule(root, tree, rule, shrink=False):
    findings = list(RULES[rule](tree))
    allowed = read_allow(root, rule)
    if shrink:
        counts = collections.Counter(f.allow_key() for f in findings)
        allowed = {key: min(count, counts[key]) for key, count in allowed.items() if counts[key]}
        write_allow(root, rule, allowed)
    return apply_allow(rule, findings, allowed) + check_growth(rule, allowed, committed_allow(root, rule))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(HERE)))
    parser.add_argument("--rule", action="append", choices=sorted(RULES))
    parser.add_argument("--list", action="store_true", help="names of the rules")
    parser.add_argument("--begin", action="store_true", help="begin the allow list of a --rule that has none yet")
    parser.add_argument("--shrink", action="store_true", help="lower the allow lists to what is found")
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(RULES))
        return 0
    tree = Tree(options.root)
    if options.begin:
        for rule in options.rule or []:
            if committed_allow(tree.root, rule) is None:
                write_allow(tree.root, rule, collections.Counter(f.allow_key() for f in RULES[rule](tree)))
    total = 0
    for rule in options.rule or RULES:
        for finding in sorted(run_rule(tree.root, tree, rule, options.shrink), key=lambda f: (f.path, f.line)):
            print(f"{finding.path}:{finding.line}: {rule}: {finding.message}")
            total += 1
    print(f"lint: {total} findings" if total else "lint: clean")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
