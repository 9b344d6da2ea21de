"""What goes wrong for an operator, said in one sentence that names what to do."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}


class OperatorError(Exception):
    """Something an operator can mend; its text is for them."""


@contextlib.contextmanager
def room_in(folder: Path, or_else: str = "") -> Iterator[None]:
    """For what is written to this folder only: that its disk is full is told as that."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OperatorError(
            f"No space left on device: the disk of {folder} is full. Make room there{or_else}."
        ) from error
