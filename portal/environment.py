"""Reading settings from the environment, with secrets from files and every missing name told at once."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """The variables of this process; `require()` collects what is missing, `finish()` stops the start and names it."""

    def __init__(self, values=None):
        self.values = os.environ if values is None else values
        self.missing = []

    def text(self, name: str, default: str = "") -> str:
        """The variable, or what is in the file that `<name>_FILE` points to, or the default."""
        if self.values.get(name):
            return self.values[name]
        path = self.values.get(f"{name}_FILE")
        if not path:
            return default
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE={path} cannot be read: {error.strerror}. Point it to a readable file or set {name}."
            ) from error

    def require(self, name: str, purpose: str) -> str:
        """Like `text()`; an empty value is remembered as missing, with what it is for."""
        value = self.text(name)
        if not value:
            self.missing.append(f"{name} ({purpose})")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """1, true, yes, on and their opposites; anything else stops the start."""
        value = self.text(name).lower()
        if value in ("1", "true", "yes", "on"):
            return True
        if value in ("0", "false", "no", "off"):
            return False
        if value:
            raise ImproperlyConfigured(f"{name}={value!r} is not a yes or a no: use 1 or 0.")
        return default

    def number(self, name: str, default: int) -> int:
        """A whole number; anything else stops the start."""
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from error

    def items(self, name: str) -> list[str]:
        """A list separated by commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def finish(self):
        """Stop when required variables are missing, naming all of them at once."""
        if self.missing:
            raise ImproperlyConfigured(
                f"The portal cannot start in production without: {', '.join(self.missing)}. "
                "Set these variables (docs/operate.md lists them all), or use `make run` to try the portal."
            )
