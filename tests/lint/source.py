"""C++ as text: without comments and strings, and where its functions begin and end. No compiler, good to the line."""
import re
from dataclasses import dataclass

CONTROL = {"if", "for", "while", "switch", "catch", "do", "else", "try", "return", "requires"}
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\ ]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'',
                   re.S)


def without_comments_and_strings(text, keep_strings=False):
    """Same length and lines, with comments (and the insides of strings) blanked."""
    def blank(match):
        found = match.group(0)
        if keep_strings and not found.startswith("/"):
            return found
        middle = re.sub(r"[^\n]", " ", found[1:-1])
        if found.startswith("/") or len(found) < 2:
            return re.sub(r"[^\n]", " ", found)
        return '"' + middle + '"'
    return TOKEN.sub(blank, text)


@dataclass
class Function:
    name: str
    line: int
    length: int
    parameters: int


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def _count_parameters(inside):
    depth, count, seen = 0, 0, False
    for c in inside:
        if c in "(<[{":
            depth += 1
        elif c in ")>]}":
            depth -= 1
        elif c == "," and depth == 0:
            count += 1
        if not c.isspace():
            seen = True
    return count + 1 if seen and inside.strip() != "void" else 0


def _signature(header):
    """(name, parameter text) when the text before a '{' is the head of a function definition."""
    header = re.sub(r"^\s*#.*$", "", header, flags=re.M)
    for match in re.finditer(r"(\boperator\s*(?:\(\)|\[\]|[^\s\w(]+|\w+)|~?[A-Za-z_]\w*)\s*\(", header):
        name = match.group(1)
        if name in CONTROL or name in {"decltype", "noexcept", "alignas", "sizeof", "defined", "explicit"}:
            continue
        depth = 0
        for at in range(match.end() - 1, len(header)):
            depth += header[at] == "("
            depth -= header[at] == ")"
            if depth == 0:
                return name, header[match.end():at], header[at + 1:]
        return None
    return None


def _is_function(header):
    found = _signature(header)
    if not found:
        return None
    before_brace = header.rstrip()
    tail = found[2].strip()
    if re.search(r"(^|[^=!<>])=\s*$", before_brace) or before_brace.endswith(("return", ",", "(")):
        return None
    # `Type::Type(...) : member_{...}`: a member initialiser, not the body.
    if re.match(r":(?!:)", tail) and re.search(r"[\w>]$", before_brace) and not re.search(r"\b(const|noexcept)$", tail):
        return None
    return found


def functions(text):
    """Definitions outside other functions; lambdas count as part of theirs. `text` is without comments and strings."""
    out, stack, start = [], [], 0
    for at, c in enumerate(text):
        if c == ";" and not any(kind == "function" for kind, _, _ in stack):
            start = at + 1
        elif c == "{":
            inside = any(kind in ("function", "braces") for kind, _, _ in stack)
            header = text[start:at]
            if inside:
                stack.append(("braces", at, None))
                continue
            kind_of_type = re.search(r"\b(namespace|class|struct|union|enum)\b[^()]*$", header)
            found = None if kind_of_type else _is_function(header)
            if found:
                label = re.match(r"(\s|\b(public|private|protected)\s*:(?!:))*", header).end()
                first = start + label
                stack.append(("function", first, found))
            elif kind_of_type or not header.strip() or header.strip().startswith('extern'):
                stack.append(("scope", at, None))
                start = at + 1
            else:
                stack.append(("braces", at, None))
        elif c == "}" and stack:
            kind, first, found = stack.pop()
            if kind == "function":
                line = line_of(text, first)
                out.append(Function(found[0], line, line_of(text, at) - line + 1, _count_parameters(found[1])))
            if kind in ("function", "scope"):
                start = at + 1
    return out
