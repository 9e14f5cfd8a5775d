"""The portal draws with tokens only, so that themes and contrast hold everywhere."""
import re

from tree import Finding

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b(?![\w-])|\b(?:rgba?|hsla?|oklch|lab)\s*\(")


def raw_colours(tree):
    for path in tree.having(".css", ".vue", ".scss", under="portal/") + tree.having(".css", under="hub/web/"):
        if re.search(r"(^|/)tokens?[\w-]*\.s?css$", path):
            continue
        text = re.sub(r"/\*.*?\*/|<!--.*?-->", lambda m: re.sub(r"[^\n]", " ", m.group(0)), tree.text(path), flags=re.S)
        for match in COLOUR.finditer(text):
            before = text[max(0, match.start() - 12):match.start()]
            if re.search(r"(href|to|id|url\()\s*=?\s*[\"'(]?$", before):
                continue
            line = text.count("\n", 0, match.start()) + 1
            yield Finding(path, line, f"raw colour {match.group(0)}: use a token")
