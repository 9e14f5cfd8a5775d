#!/usr/bin/env python3
"""Sources that can be compiled as one: cmake/unity.py BASE OUT MOST SOURCE...   (cmake/unity.cmake)

Most of a file's compile time goes into headers, so a file that includes MOST others reads them once. Two files that give
the same name to something private cannot stand together; these are told apart here, so that sources need no care. Writes
OUT/unity_N.cpp and prints what to compile instead of the sources, separated by semicolons. Paths in the written files
are those below BASE: with absolute ones a compiler cache would not know them again in another checkout."""
import functools
import os
import re
import sys

UNNAMED = re.compile(rb"^namespace \{\n(.*?)^\}  // namespace$", re.M | re.S)
TYPE = re.compile(rb"^(?:template <[^\n]*> ?)?(?:class|struct|enum class|enum|using(?= \w+ =)) (\w+)", re.M)
OTHER = re.compile(rb"^(?!using|namespace|TEST|INSTANTIATE)[A-Za-z][^\n(={;]*?(\w+)(?:\[\w*\])?(?=[({=;]| =)", re.M)
TEST = re.compile(rb"^(?:TYPED_)?TEST(?:_[FP])?\((\w+), (\w+)\)", re.M)
WORD = re.compile(rb"\w+")
MACRO = re.compile(rb"^#define (\w+)", re.M)


@functools.lru_cache(maxsize=None)
def read(path):
    with open(path, "rb") as file:
        return file.read()


def words(path):
    return set(WORD.findall(read(path)))


@functools.lru_cache(maxsize=None)
def private_names(path):
    """Names that a file has for itself: those of its unnamed namespaces, its macros and its tests."""
    text = read(path)
    names = set(MACRO.findall(text)) | {b"_".join(test) for test in TEST.findall(text)}
    for part in UNNAMED.findall(text):
        names.update(TYPE.findall(part))
        names.update(OTHER.findall(part))
    return names


def batches(paths, most):
    """Lists of at most `most` paths of which none writes a private name of another, for whatever; neighbours come together
    where that can be."""
    out = []
    for path in sorted(paths):
        own, all_of_it = private_names(path), words(path)
        for batch in out:
            if len(batch["paths"]) < most and not batch["names"] & all_of_it and not batch["words"] & own:
                batch["paths"].append(path)
                batch["names"] |= own
                batch["words"] |= all_of_it
                break
        else:
            out.append({"paths": [path], "names": set(own), "words": all_of_it})
    return [batch["paths"] for batch in out]


def main(base, folder, most, *paths):
    os.makedirs(folder, exist_ok=True)
    out = []
    for number, group in enumerate(batches(paths, int(most))):
        if len(group) == 1:
            out += group
            continue
        name = os.path.join(folder, f"unity_{number}.cpp")
        text = "".join(f'#include "{os.path.relpath(path, base)}"\n' for path in group)
        if not os.path.exists(name) or open(name, encoding="utf-8").read() != text:
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        out.append(name)
    print(";".join(out), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
