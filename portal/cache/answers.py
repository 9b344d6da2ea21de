"""Answers that are not kept, and the body of a request that nobody may read for ever."""

from dataclasses import dataclass


@dataclass
class Plain:
    """An answer that is not kept."""

    status: str
    headers: list
    body: bytes
    #: The template or route it was made by, for whoever counts.
    made_by: str = ""

    @property
    def code(self) -> int:
        return int(self.status[:3])

    def send(self, environ, start_response):
        start_response(self.status, self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


class GuardedInput:
    """The body of a request; once nobody waits for the answer it can be read no more."""

    def __init__(self, stream):
        self._stream = stream
        self.is_closed = False

    def _open(self):
        if self.is_closed:
            raise OSError("The request was given up")
        return self._stream

    def read(self, *size):
        return self._open().read(*size)

    def readline(self, *size):
        return self._open().readline(*size)

    def readlines(self, *hint):
        return self._open().readlines(*hint)

    def __iter__(self):
        return iter(self._open())
