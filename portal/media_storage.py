"""Where uploads are kept: a file is there whole or not at all, also when the disk is full, under a plain name."""

import contextlib
import errno
import os

from django.core.files.storage import FileSystemStorage
from wagtail.coreutils import string_to_ascii

#: What the system says when there is no room: on the disk, for this user, for this process.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(error: BaseException | None) -> bool:
    """Whether this went wrong for want of room."""
    return isinstance(error, OSError) and error.errno in FULL


class MediaStorage(FileSystemStorage):
    def get_valid_name(self, name):
        """A name that is an address as it stands: "coördinatie" is "coordinatie", so a copy can be kept of it."""
        return super().get_valid_name(string_to_ascii(name))

    def _save(self, name, content):
        was_there = os.path.lexists(self.path(name))
        try:
            return super()._save(name, content)
        except OSError:
            if not was_there:
                with contextlib.suppress(OSError):
                    os.unlink(self.path(name))
            raise
