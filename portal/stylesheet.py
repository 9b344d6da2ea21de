"""One stylesheet for readers, joined from one file per component: no build step, one request.

A static files finder gives `css/site.css` wherever Django looks for static files: `collectstatic` in production, the
finders of WhiteNoise in development and tests.
"""

import os
import re
import threading
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/site.css"
SOURCES = settings.BASE_DIR / "static" / "css"
FIRST = "layers.css"
#: Comments are for who writes a component; a tenth of what a phone fetches before it can show anything.
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)

_lock = threading.Lock()


def sources() -> list[Path]:
    """The files of the stylesheet: the order of the layers first, then by name (layers decide, not the order)."""
    return sorted(SOURCES.glob("*.css"), key=lambda path: (path.name != FIRST, path.name))


def join() -> str:
    """The whole stylesheet as text, without comments."""
    return "\n".join(COMMENT.sub("", path.read_text(encoding="utf-8")).strip() for path in sources()) + "\n"


class StylesheetFinder(BaseFinder):
    """Finds the joined stylesheet; it is written anew when a source is newer."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "stylesheet")

    def check(self, **kwargs):
        return []

    def _written(self) -> str:
        """The path of the file as it should be now; replaced in one go, so that no reader sees half of it."""
        path = Path(self.storage.location) / NAME
        newest = max(source.stat().st_mtime_ns for source in sources())
        with _lock:
            if not path.exists() or path.stat().st_mtime_ns <= newest:
                path.parent.mkdir(parents=True, exist_ok=True)
                draft = path.with_suffix(f".{os.getpid()}")
                draft.write_text(join(), encoding="utf-8")
                draft.replace(path)
        return str(path)

    def find(self, path, find_all=False, **kwargs):
        if path != NAME:
            return []
        return [self._written()] if find_all else self._written()

    def list(self, ignore_patterns):
        self._written()
        yield NAME, self.storage
