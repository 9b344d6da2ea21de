"""What is wrong in a folder of content: every mistake with its file, its line and a plain reason."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing an author must mend before anything is loaded."""

    file: str
    line: int
    reason: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.reason}"


class Wrong(ValueError):
    """A value that cannot be used; the reader of the file adds the file's name."""

    def __init__(self, reason: str, line: int):
        super().__init__(reason)
        self.reason, self.line = reason, line


class ContentMistakes(Exception):
    """Nothing was loaded; `mistakes` says why, in the order of files and lines."""

    def __init__(self, mistakes: list[Mistake]):
        self.mistakes = sorted(set(mistakes))
        super().__init__(f"{len(self.mistakes)} mistakes")
