"""Size, words, namespaces, tests and format of C++."""
import hashlib
import json
import os
import re
import shutil
import subprocess

from source import functions, line_of
from tree import Finding

MAX_FILE, MAX_FUNCTION, MAX_PARAMETERS = 400, 60, 5

BANNED = [
    (r"\bthrow\b", "return a Result; exceptions end at the seams"),
    (r"\bstd::w?regex\b", "hangs on hostile input: write a small scanner"),
    (r"\b(std::)?s?rand\s*\(", "use core::Random"),
    (r"\bPoco::Random\b", "use core::Random"),
    (r"\bsystem_clock::now\b", "use core::Clock"),
    (r"\b(sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\(", "wait on a condition or a timer"),
    (r"\bstd::c(out|err|log)\b", "use core::log, or print in hub/main"),
    (r"\bnew\b(?!\s*\()|\bnew\s*\(", "use make_unique or a value"),
    (r"(?<!=)(?<!= )\bdelete\b(?!\s*[;,)])", "use an owner"),
    (r"\bNULL\b", "nullptr"),
    (r"\breinterpret_cast\b", "use core::asBytes / asText"),
    (r"\boptValue\b|\bgetValue\s*<\s*bool\s*>", "Poco JSON coerces types: use core::JsonReader"),
    (r"\bAutoPtr\s*<", "use a smart pointer of the language"),
    (r"\bstd::(w?)stringstream\b", "slow and stateful: use append and to_chars"),
]


def ours(tree):
    return tree.cpp("hub/") + tree.cpp("tests/") + tree.cpp("plugins/")


def file_length(tree):
    for path in ours(tree) + tree.having(".ts", ".vue", ".py", under="portal/src/") + tree.having(".ts", under="tests/"):
        if "/generated/" in path or path.endswith(".d.ts"):
            continue
        length = tree.text(path).count("\n")
        if length > MAX_FILE:
            yield Finding(path, MAX_FILE, f"{length} lines; at most {MAX_FILE}: split by subject")


def function_length(tree):
    for path in ours(tree):
        for function in functions(tree.code(path)):
            if function.length > MAX_FUNCTION:
                yield Finding(path, function.line, f"{function.name} has {function.length} lines; at most {MAX_FUNCTION}",
                              f"{path}#{function.name}")


def parameters(tree):
    for path in tree.cpp("hub/"):
        for function in functions(tree.code(path)):
            if function.parameters > MAX_PARAMETERS:
                yield Finding(path, function.line, f"{function.name} takes {function.parameters} parameters; at most "
                              f"{MAX_PARAMETERS}: make a struct", f"{path}#{function.name}")


def banned_words(tree):
    patterns = [(re.compile(pattern), why) for pattern, why in BANNED]
    for path in tree.cpp("hub/"):
        code = tree.code(path)
        for pattern, why in patterns:
            if path.startswith("hub/main/") and "cout" in why + pattern.pattern and "c(out" in pattern.pattern:
                continue
            for match in pattern.finditer(code):
                yield Finding(path, line_of(code, match.start()), f"'{match.group(0).strip()}' is banned: {why}",
                              f"{path}#{re.sub(r'[^A-Za-z_:]', '', match.group(0))}")


def wide_catch(tree):
    for path in tree.cpp("hub/"):
        code = tree.code(path)
        for match in re.finditer(r"\bcatch\s*\(\s*\.\.\.\s*\)", code):
            yield Finding(path, line_of(code, match.start()), "catch (...) outside the seams hides our own bugs")


def namespace_is_path(tree):
    for path in tree.cpp("hub/"):
        folder = path.split("/")[1]
        if folder == "main" or path.count("/") < 2 or "/include/" in path:  # include/: C for others to include
            continue
        found = re.findall(r"\bnamespace\s+([\w:]+)\s*\{", tree.code(path))
        if found and not any(re.fullmatch(rf"yimen::{folder}(::\w+)*", name) for name in found):
            yield Finding(path, 1, f"the namespace must be yimen::{folder}")
        if not found:
            yield Finding(path, 1, f"nothing stands in namespace yimen::{folder}")


def pragma_once(tree):
    for path in tree.having(".h", under="hub/") + tree.having(".h", under="tests/"):
        if not re.search(r"^#pragma once$", tree.text(path), re.M):
            yield Finding(path, 1, "'#pragma once' is missing")


def has_unit_test(tree):
    paths = set(tree.paths)
    for path in tree.having(".cpp", under="hub/"):
        if path.startswith("hub/main/"):
            continue
        wanted = "tests/unit/" + path[len("hub/"):-len(".cpp")] + "_test.cpp"
        if wanted not in paths:
            yield Finding(path, 1, f"{wanted} is missing")


def clang_format(tree):
    """Files are remembered by content under .cache/, so that only changed ones cost time."""
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not tool:
        yield Finding(".clang-format", 1, "clang-format-14 is not installed")
        return
    cache_path = os.path.join(tree.root, ".cache", "lint", "format.json")
    try:
        with open(cache_path, encoding="utf-8") as file:
            known = set(json.load(file))
    except (OSError, ValueError):
        known = set()
    style = tree.text(".clang-format") if tree.exists(".clang-format") else ""
    stamps = {p: hashlib.sha256((style + tree.text(p)).encode()).hexdigest() for p in ours(tree)}
    pending = [p for p in stamps if stamps[p] not in known]
    bad = set()
    processes = [(chunk, subprocess.Popen([tool, "--dry-run", "-Werror", *chunk], cwd=tree.root, text=True,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
                 for chunk in (pending[0::2], pending[1::2]) if chunk]
    for chunk, process in processes:
        errors = process.communicate()[1]
        for match in re.finditer(r"^(.+?):(\d+):\d+: error:", errors, re.M):
            if match.group(1) not in bad:
                bad.add(match.group(1))
                yield Finding(match.group(1), int(match.group(2)), "not formatted: run clang-format-14 -i on it")
    good = sorted(stamp for path, stamp in stamps.items() if path not in bad)
    if pending:
        os.makedirs(os.path.dirname(cache_path), exist_ok=True)
        with open(cache_path, "w", encoding="utf-8") as file:
            json.dump(good, file)
