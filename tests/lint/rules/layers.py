"""Who may include whom, and where third-party headers may stand. Tables: layers.txt, homes.txt."""
import os
import re

from tree import Finding

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.M)


def read_table(name):
    out = []
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line and not line.startswith("#"):
                key, _, values = line.rpartition(":")
                out.append((key, values.split()))
    return out


def includes(tree, path):
    text = tree.code_with_strings(path)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(2)


def include_direction(tree):
    table = dict(read_table("layers.txt"))
    for path in tree.cpp():
        folder = path.split("/")[1]
        if path.count("/") < 2:
            continue
        if folder not in table:
            yield Finding(path, 1, f"the folder hub/{folder} is not in tests/lint/layers.txt")
            continue
        for line, header in includes(tree, path):
            other = header.split("/")[0]
            if "/" not in header or other not in table or other == folder or "*" in table[folder]:
                continue
            if other not in table[folder]:
                yield Finding(path, line, f"{folder} must not include {header}: see tests/lint/layers.txt",
                              f"{path}#{other}")


def third_party_homes(tree):
    homes = [(re.compile(pattern), places) for pattern, places in read_table("homes.txt")]
    for path in tree.cpp():
        for line, header in includes(tree, path):
            for pattern, places in homes:
                at_home = any(path.startswith((f"hub/{p}/", f"hub/{p}.", f"hub/{p}_")) for p in places)
                if pattern.fullmatch(header) and not at_home:
                    yield Finding(path, line, f"<{header}> may stand in {', '.join(places)} only")
