"""Reads hub/admin/openapi.yaml (the part of YAML it uses) and checks answers against its schemas."""
import re
from datetime import datetime


class _Flow:
    """A flow value: {a: b, c: [d, 'e']}"""

    def __init__(self, text):
        self.text, self.at = text, 0

    def blank(self):
        while self.at < len(self.text) and self.text[self.at] in " \n":
            self.at += 1

    def value(self, stops):
        self.blank()
        c = self.text[self.at] if self.at < len(self.text) else ""
        if c == "{":
            return self._collection("}", {})
        if c == "[":
            return self._collection("]", [])
        if c in "'\"":
            end = self.text.index(c, self.at + 1)
            while c == "'" and self.text[end:end + 2] == "''":
                end = self.text.index(c, end + 2)
            quoted = self.text[self.at + 1:end].replace("''", "'") if c == "'" else self.text[self.at + 1:end]
            self.at = end + 1
            return quoted
        begin = self.at
        while self.at < len(self.text) and not (
                self.text[self.at] in stops and not (self.text[self.at] == ":" and self.text[self.at + 1:self.at + 2] != " ")):
            self.at += 1
        return _scalar(self.text[begin:self.at].strip())

    def _collection(self, end, into):
        self.at += 1
        while True:
            self.blank()
            if self.text[self.at] == end:
                self.at += 1
                return into
            if isinstance(into, dict):
                key = self.value(":,}")
                self.blank()
                if self.text[self.at] == ":":
                    self.at += 1
                    into[key] = self.value(",}")
            else:
                into.append(self.value(",]"))
            self.blank()
            if self.text[self.at] == ",":
                self.at += 1


def _scalar(text):
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return {"true": True, "false": False, "null": None, "": None}.get(text, text)


def _lines(text):
    out = []
    for line in text.splitlines():
        bare = re.sub(r"\s+#.*$", "", line) if "'" not in line and '"' not in line else line
        if bare.strip() and not bare.lstrip().startswith("#"):
            out.append((len(bare) - len(bare.lstrip()), bare.strip()))
    return out


KEY = re.compile(r"('[^']*'|[\w./{}$+-]+):(?: (.*))?$")


def _block(lines, at, indent):
    if lines[at][1].startswith("- "):
        items = []
        while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith("- "):
            rest = lines[at][1][2:]
            if KEY.match(rest) and rest[0] not in "{['":
                lines[at] = (indent + 2, rest)
                value, at = _block(lines, at, indent + 2)
            else:
                value, at = _inline(rest, lines, at + 1, indent)
            items.append(value)
        return items, at
    found = {}
    while at < len(lines) and lines[at][0] == indent:
        match = KEY.match(lines[at][1])
        if match is None:
            raise ValueError(f"cannot read: {lines[at][1]}")
        key, rest = match.group(1).strip("'"), match.group(2)
        at += 1
        if rest == "|":
            while at < len(lines) and lines[at][0] > indent:
                at += 1
            found[key] = ""
        elif rest:
            found[key], at = _inline(rest, lines, at, indent)
        elif at < len(lines) and lines[at][0] > indent:
            found[key], at = _block(lines, at, lines[at][0])
        else:
            found[key] = None
    return found, at


def _open(text):
    """True while brackets outside quotes are not closed."""
    bare = re.sub("'[^']*'|\"[^\"]*\"", "", text)
    return len(re.findall(r"[{\[]", bare)) > len(re.findall(r"[}\]]", bare))


def _inline(rest, lines, at, indent):
    if rest[0] in "{['\"":
        while _open(rest):
            rest += " " + lines[at][1]
            at += 1
        return _Flow(rest).value(""), at
    while at < len(lines) and lines[at][0] > indent:
        at += 1
    return _scalar(rest), at


class Contract:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        lines = _lines(text)
        self.root = _block(lines, 0, 0)[0]

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.root
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return node

    def operations(self):
        """(method, path, operation) of every call."""
        for path, item in self.root["paths"].items():
            for method, operation in item.items():
                if method in ("get", "put", "post", "delete"):
                    yield method.upper(), path, operation

    def complaints(self, method, path, answer):
        """What is wrong with an answer; [] when it is as promised."""
        operation = self.root["paths"][path][method.lower()]
        responses = operation["responses"]
        declared = responses.get(str(answer.status)) or responses.get(answer.status) or responses.get("default")
        if declared is None:
            return [f"status {answer.status} is not declared"]
        content = self.resolve(declared).get("content")
        if content is None:
            return [] if not answer.body else [f"a body where none is declared: {answer.body[:80]!r}"]
        kind = answer.header("Content-Type").split(";")[0]
        if kind not in content:
            return [f"{kind} instead of {list(content)}"]
        found = list(self.check(content[kind]["schema"], answer.json(), "$"))
        if answer.header("Cache-Control") != "no-store":
            found.append("may be cached")
        return found

    def check(self, schema, value, where):
        schema = self.resolve(schema)
        for part in schema.get("allOf", []):
            yield from self.check(part, value, where)
        kinds = schema.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if kinds and not any(_is(k, value) for k in kinds):
            yield f"{where}: {value!r} is not {kinds}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is none of {schema['enum']}"
        if isinstance(value, str):
            yield from _check_text(schema, value, where)
        if isinstance(value, int) and value < schema.get("minimum", value):
            yield f"{where}: {value} is too small"
        if isinstance(value, dict):
            yield from (f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value)
            for name, part in (schema.get("properties") or {}).items():
                if name in value:
                    yield from self.check(part, value[name], f"{where}.{name}")
            if schema.get("additionalProperties") is False:
                yield from (f"{where}: {n} is not declared" for n in value if n not in schema["properties"])
        if isinstance(value, list) and "items" in schema:
            for i, item in enumerate(value):
                yield from self.check(schema["items"], item, f"{where}[{i}]")


def _is(kind, value):
    types = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None), "integer": int}
    return isinstance(value, types[kind]) and not (kind == "integer" and isinstance(value, bool))


def _check_text(schema, value, where):
    if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", 10 ** 9):
        yield f"{where}: length of {value!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} does not match {schema['pattern']}"
    if schema.get("format") == "date-time":
        try:
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            yield f"{where}: {value!r} is no time"
