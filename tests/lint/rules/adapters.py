"""Adapter folders and Lua."""
import re
import shutil
import subprocess

from tree import Finding

MAX_LUA, MAX_README, MIN_FIXTURES = 150, 40, 3


def adapter_folder(tree):
    for name in tree.folders("adapters/"):
        base = f"adapters/{name}/"
        if tree.having(".cpp", ".h", under=base):
            yield Finding(base, 1, "no C++ in an adapter")
        if not tree.exists(base + "adapter.yaml"):
            # A system that supplies data and has no door yet: tests/integration/data has its tests.
            if not tree.exists(base + "data.yaml"):
                yield Finding(base, 1, "adapter.yaml or data.yaml is missing")
            continue
        if not tree.exists(base + "README.md"):
            yield Finding(base, 1, "README.md is missing")
        elif tree.text(base + "README.md").count("\n") > MAX_README:
            yield Finding(base + "README.md", MAX_README, f"at most {MAX_README} lines")
        fixtures = tree.having(".yaml", ".yml", ".json", under=base + "tests/")
        count = sum(max(1, len(re.findall(r"^\s*-\s*name:", tree.text(p), re.M))) for p in fixtures)
        if count < MIN_FIXTURES:
            yield Finding(base, 1, f"{count} fixtures under tests/; at least {MIN_FIXTURES}")


def lua_length(tree):
    for path in tree.having(".lua"):
        length = tree.text(path).count("\n")
        if length > MAX_LUA:
            yield Finding(path, MAX_LUA, f"{length} lines; at most {MAX_LUA}")


def luacheck(tree):
    paths = [p for p in tree.having(".lua") if not p.startswith("tests/fuzz/")]
    if not paths:
        return
    tool = shutil.which("luacheck")
    if not tool:
        yield Finding(".luacheckrc", 1, "luacheck is not installed (Debian: lua-check)")
        return
    done = subprocess.run([tool, "--formatter", "plain", "--codes", *paths], cwd=tree.root, text=True,
                          capture_output=True, check=False)
    for match in re.finditer(r"^(.+?):(\d+):\d+: (.+)$", done.stdout, re.M):
        yield Finding(match.group(1), int(match.group(2)), match.group(3))
