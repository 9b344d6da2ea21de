"""What the proofs have in common: telling what was seen, and mounts that are gone when the process ends."""

import ctypes
import os
import sys


def say(text: str):
    print(text, flush=True)


def check(is_so: bool, text: str):
    """Tell what is so; end with an error when it is not."""
    if not is_so:
        sys.exit(f"FAILED: {text}")
    say(f"ok: {text}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = ""):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()):
        raise OSError(ctypes.get_errno(), f"mount {target}")


def own_mounts():
    """From here on what this process mounts is seen by nobody else."""
    recursive, private = 16384, 1 << 18
    os.unshare(os.CLONE_NEWNS)
    mount("none", "/", "", recursive | private)
