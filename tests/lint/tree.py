"""The files of a checkout, read once, and what a rule gives back."""
import os
from dataclasses import dataclass
from functools import lru_cache

from source import without_comments_and_strings

SKIP = {"build", "node_modules", "dist", ".git", ".cache", "data", "__pycache__", "test-results", "corpus"}


@dataclass
class Finding:
    path: str
    line: int
    message: str
    key: str = ""  # what the allow list calls it; the path when empty

    def allow_key(self):
        return self.key or self.path


class Tree:
    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.paths = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(f for f in folders if f not in SKIP)
            for name in sorted(files):
                self.paths.append(os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/"))

    def having(self, *endings, under=""):
        return [p for p in self.paths if p.endswith(endings) and p.startswith(under)]

    def exists(self, path):
        return path in set(self.paths) or os.path.isdir(os.path.join(self.root, path))

    @lru_cache(maxsize=None)
    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    @lru_cache(maxsize=None)
    def code(self, path):
        return without_comments_and_strings(self.text(path))

    @lru_cache(maxsize=None)
    def code_with_strings(self, path):
        return without_comments_and_strings(self.text(path), keep_strings=True)

    def cpp(self, under="hub/"):
        return self.having(".h", ".cpp", under=under)

    def folders(self, under):
        """Names of the folders directly below `under` that hold any file."""
        depth = under.count("/")
        return sorted({p.split("/")[depth] for p in self.paths if p.startswith(under) and p.count("/") > depth})
