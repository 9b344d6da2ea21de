"""Which pages each generation changed, in a file beside its number: what is kept of all items is brought up to date.

One line for a generation, written before its number is: the number before, its own, and the primary keys of pages. A
generation that may have changed anything has no line, and what cannot be followed back without a gap counts as
anything: a line that was cut off, a file that is gone, a process of an earlier release. Lines of a release that meant
something else by them end otherwise.
"""

import os
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

#: A change of more pages than this may be of any.
MOST = 100
#: Bytes after which it begins anew; some thousand generations.
LONGEST = 64 * 1024
_LINE = re.compile(r"([0-9]+) ([0-9]+) ([0-9,]*);")


def file_of(number: Path) -> Path:
    """Where the lines are, beside the file of the number."""
    return number.with_name(f"{number.name}.changes")


def note(number: Path, before: int, after: int, pages: Collection[int]):
    """Write down what a generation changed; the caller holds the file of the number. Raises OSError."""
    if len(pages) > MOST:
        return
    line = f"{before} {after} {','.join(map(str, sorted(pages)))};\n"
    file = os.open(file_of(number), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if os.fstat(file).st_size > LONGEST:
            os.ftruncate(file, 0)
        os.write(file, f"\n{line}".encode())  # on a line of its own, whatever became of the one before
    finally:
        os.close(file)


@lru_cache(maxsize=8)
def between(number: Path, earlier: int, later: int) -> frozenset[int] | None:
    """The pages that may have changed from one generation to a later one, which began; None when it may be anything.

    Read once for all that is kept in a process: what is written of a generation that began is not written again.
    """
    if not earlier:
        return None  # before there was a number, or while its file was away
    try:
        lines = file_of(number).read_text("ascii", "replace").split("\n")
    except OSError:
        return None
    changed: set[int] = set()
    for line in reversed(lines):
        if later == earlier:
            break
        if not (found := _LINE.fullmatch(line)):
            continue
        before, own, pages = found.groups()
        if int(own) == later:
            changed.update(map(int, filter(None, pages.split(","))))
            later = int(before)
        elif int(own) < later:
            return None
    return frozenset(changed) if later == earlier else None
