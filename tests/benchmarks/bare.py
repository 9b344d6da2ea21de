"""The limit: a WSGI app that answers every request with one body and its headers, from memory."""

import os
from pathlib import Path

_answer = Path(os.environ.get("BARE", "bare"))
BODY = _answer.with_suffix(".body").read_bytes()
HEADERS = [tuple(line.split(": ", 1)) for line in _answer.with_suffix(".headers").read_text().splitlines()]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
