"""Whether the clock of this machine is kept right."""

import ctypes
import subprocess
from pathlib import Path

SYSTEMD = Path("/run/systemd/system")  # is there on a machine that booted with it, and in no container
MOST_ERROR = 16_000_000  # microseconds: said of a clock that nothing keeps; timedatectl judges by it too
_TIMEDATECTL = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
TIMEOUT = 5


class _Timex(ctypes.Structure):
    """The beginning of what adjtimex(2) fills in, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("frequency", ctypes.c_long),
        ("largest_error", ctypes.c_long),
        ("rest", ctypes.c_char * 400),
    )


def _largest_error() -> int | None:
    """How far the kernel thinks that its clock may be off, in microseconds; None when it does not say."""
    told = _Timex()  # modes is 0: nothing is changed
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(told))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else told.largest_error


def is_kept_right() -> bool | None:
    """None where it cannot be judged. With systemd it is asked, since its units may not make the kernel's call."""
    if not SYSTEMD.is_dir():
        error = _largest_error()
        return None if error is None else error < MOST_ERROR
    try:
        done = subprocess.run(_TIMEDATECTL, capture_output=True, text=True, timeout=TIMEOUT, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(done.stdout.strip())
