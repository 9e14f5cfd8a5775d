"""READMEs, leftovers, paths of a machine, event ids."""
import re

from tree import Finding

MAX_README = 30
TEXT = (".h", ".cpp", ".c", ".py", ".lua", ".md", ".txt", ".yaml", ".yml", ".json", ".ts", ".vue", ".js", ".mjs", ".css",
        ".html", ".sh", ".cmake", ".sql", ".csv", ".toml", ".conf")
# Put together here, so that this file does not find itself.
LEFTOVERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w.])/(" + "|".join(("wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers")) +
                     r")/[\w.]|/\.lib" + r"rary\b")
EVENT = r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"'
EVENT_USES = [
    re.compile(r"\b(?:log|logDebug|logInfo|logWarn|logError)\(\s*(?:(?:core::)?LogLevel::\w+\s*,\s*)?" + EVENT),
    re.compile(r"\b(?:eventOf|ownEvent|auditEvent|makeEvent|note|audit)\(\s*" + EVENT),
    re.compile(r"\b(?:\w+\.)?(?:type|kSegmentType)\s*=\s*" + EVENT),
]


def folder_readme(tree):
    for folder in tree.folders("hub/"):
        path = f"hub/{folder}/README.md"
        if not tree.exists(path):
            yield Finding(path, 1, "the folder has no README.md: what it owns, its main types, who may include it")
    for path in tree.having("README.md", under="hub/") + tree.having("tests/lint/README.md"):
        length = tree.text(path).count("\n")
        if length > MAX_README:
            yield Finding(path, MAX_README, f"{length} lines; at most {MAX_README}")


def leftovers(tree):
    for path in tree.having(*TEXT) + tree.having("/start", "/test", "/bench", "/install", "/tidy", under="scripts/"):
        if path.endswith("package-lock.json") or path.startswith("tests/lint/"):
            continue
        for match in LEFTOVERS.finditer(tree.text(path)):
            line = tree.text(path).count("\n", 0, match.start()) + 1
            yield Finding(path, line, f"'{match.group(0)}': finish it, or say it in an issue")


def machine_paths(tree):
    for path in tree.having(*TEXT) + tree.having("/start", "/test", "/bench", "/install", "/tidy", under="scripts/"):
        if path.endswith("package-lock.json"):
            continue
        for match in MACHINE.finditer(tree.text(path)):
            line = tree.text(path).count("\n", 0, match.start()) + 1
            yield Finding(path, line, f"'{match.group(0)}' is a path of somebody's machine")


def event_ids(tree):
    """Each id of a log line or audit event is described once in hub/audit/messages.md, and each described one is used."""
    book = "hub/audit/messages.md"
    described = {}
    if tree.exists(book):
        for match in re.finditer(r"^- `([a-z0-9_.]+)`(.*)$", tree.text(book), re.M):
            line = tree.text(book).count("\n", 0, match.start()) + 1
            if match.group(1) in described:
                yield Finding(book, line, f"{match.group(1)} is described twice")
            if len(match.group(2).strip()) < 10:
                yield Finding(book, line, f"{match.group(1)} needs a sentence: what happened and what to do")
            described[match.group(1)] = line
    used = set()
    for path in tree.cpp("hub/"):
        text = tree.code_with_strings(path)
        for pattern in EVENT_USES:
            for match in pattern.finditer(text):
                used.add(match.group(1))
                if match.group(1) not in described:
                    line = text.count("\n", 0, match.start()) + 1
                    yield Finding(path, line, f"the event {match.group(1)} is not described in {book}",
                                  f"{path}#{match.group(1)}")
    everything = "\n".join(tree.text(p) for p in tree.cpp("hub/"))
    for event, line in described.items():
        if event not in used and f'"{event}"' not in everything:
            yield Finding(book, line, f"nothing writes {event} any more: remove it")
