"""Log lines that a machine can read: one JSON object per line, in UTC, without anything that says who it was about.

No address of a visitor, no mail address, no query string and no value of a row gets into a line; accounts are numbers.
"""

import contextvars
import ipaddress
import json
import logging
import re
import time
import traceback
from functools import lru_cache

#: The request that this thread is working on.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

#: What a record may carry beside its message: `logger.info("…", extra={"fields": {…}})`.
FIELDS = "fields"
LONGEST_TRACE = 8000

#: What may be an address of IPv6: alone, or after a word and a colon.
_WITH_COLONS = re.compile(
    r"(?:(?<![\w:.])|(?<=\w:))(?:[0-9a-fA-F]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4})(?:%\w+)?(?!\w)"
)
_HIDDEN = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[mail]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[ip]"),
    (re.compile(r"(?<=\S)\?[^\s'\"]+"), "?…"),
)


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def _if_address(match: re.Match) -> str:
    """[ip] in place of an address; a time, and whatever else has colons, as it is."""
    text = match[0]
    for end in ("", ":"):  # "2a02::1: refused"
        try:
            if text.endswith(end) and ipaddress.IPv6Address(text.removesuffix(end)).packed.strip(b"\0"):
                return f"[ip]{end}"
        except ValueError:
            continue
    return text


def without_people(text: str) -> str:
    """A message as it may be kept: no mail address, no address of a machine, no query string."""
    if text.isalpha():
        return text
    text = _WITH_COLONS.sub(_if_address, text)
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def moment(seconds: float) -> str:
    """A moment in UTC, as 2026-11-25T21:00:00.123Z."""
    return f"{_second(int(seconds))}.{int(seconds % 1 * 1000):03}Z"


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; one that has its lines already, in `as_json`, as they are."""

    def format(self, record: logging.LogRecord) -> str:
        if as_json := getattr(record, "as_json", ""):
            return as_json
        line = {
            "at": moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_people(self.message_of(record)),
        }
        if known := request_id.get():
            line["id"] = known
        line |= getattr(record, FIELDS, {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return encode(line)

    def message_of(self, record: logging.LogRecord) -> str:
        """The message; where Django names the address of a request, its route: an address may hold a token."""
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match is not None and len(record.args or ()) == 2:
            return record.msg % (record.args[0], match.route)
        return record.getMessage()

    def formatException(self, exc_info) -> str:
        """Where it went wrong and the first line of why: what follows in a database's message are values of a row."""
        kind, error, trace = exc_info
        frames = "".join(traceback.format_tb(trace))
        reason = (str(error).splitlines() or [""])[0]
        return f"{frames[-LONGEST_TRACE:]}{getattr(kind, '__name__', kind)}: {without_people(reason)}"
