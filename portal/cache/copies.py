"""One kept answer, compressed, and how it is sent: encodings, strong ETags, 304 and HEAD."""

import gzip
import hashlib
import time
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import brotli
from django.utils.http import http_date

CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
OLDEST = 24 * 60 * 60  # seconds that a copy may serve when no newer one can be made
ENCODINGS = ("br", "gzip")
#: Bodies above this size are decompressed for each reader that asks for them so.
KEPT_PLAIN = 256 * 1024
#: Instead of a body the file that is sent: hash, state and name below MEDIA_ROOT. No reader gets to see it.
FILE = "X-Portal-File"
#: Headers that this layer sets itself.
OWN_HEADERS = {
    *("cache-control", "content-encoding", "content-length", "etag", "last-modified", "vary", "date"),
    "connection",
}


def digest_of(body: bytes, headers) -> str:
    """What changes whenever the answer does."""
    text = "\n".join(f"{name}: {value}" for name, value in headers)
    return hashlib.blake2b(body + text.encode(), digest_size=12).hexdigest()


def compress(body: bytes) -> dict[str, bytes]:
    """The two encodings that are kept; gzip without a moment in it, so that the same page gives the same bytes."""
    return {"br": brotli.compress(body, quality=5), "gzip": gzip.compress(body, 6, mtime=0)}


@lru_cache(maxsize=1024)
def _choose(accepted: str) -> str:
    weights = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.strip().partition(";")
        try:
            weights[name.strip()] = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return next((encoding for encoding in ENCODINGS if weights.get(encoding, 0) > 0), "")


def choose_encoding(accepted: str) -> str:
    """br, gzip or "" for a reader's Accept-Encoding."""
    return _choose(accepted) if len(accepted) <= 200 else ""


def is_known(environ, etag: str, modified: str | None) -> bool:
    """Whether the reader has exactly this already; `modified` where the moment tells two contents apart."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags.split(","))
    return modified is not None and environ.get("HTTP_IF_MODIFIED_SINCE") == modified


@dataclass(eq=False)
class Copy:
    """A public answer as it was rendered in one generation."""

    generation: int
    headers: list[tuple[str, str]]
    bodies: dict[str, bytes]
    digest: str
    #: Size of the body as it is without encoding.
    size: int
    #: When it was rendered.
    stored_at: float
    #: When this content appeared here, in whole seconds: on disk each other content has a later one.
    modified: int
    #: It lies on disk too, where nginx serves it: then its ETag is the one that nginx makes of time and size.
    on_disk: bool = False
    #: The template or route it was made by, for whoever counts.
    made_by: str = ""
    #: With a query the answer of this path may be another one.
    reads_query: bool = True
    _answers: dict = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, generation: int, headers, body: bytes, **known) -> "Copy":
        kept = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
        now = time.time()
        return cls(generation, kept, compress(body), digest_of(body, kept), len(body), now, int(now), **known)

    @property
    def weight(self) -> int:
        """Bytes in memory, about."""
        return sum(map(len, self.bodies.values())) + 2048

    @cached_property
    def file(self) -> str:
        """What is sent is a file, and which one (see FILE); "" for a page."""
        return next((value for name, value in self.headers if name == FILE), "")

    def age(self, is_wanted: bool) -> list[tuple[str, str]]:
        """The header that says how old this is, when nothing newer can be made."""
        return [("Age", str(max(1, int(time.time() - self.stored_at))))] if is_wanted else []

    def is_younger_than(self, seconds: float) -> bool:
        return time.time() - self.stored_at <= seconds

    def body(self, encoding: str) -> bytes:
        if encoding:
            return self.bodies[encoding]
        return _plain(self) if self.size <= KEPT_PLAIN else gzip.decompress(self.bodies["gzip"])

    def etag(self, encoding: str) -> str:
        if self.on_disk:
            size = len(self.bodies[encoding]) if encoding else self.size
            return f'"{self.modified:x}-{size:x}"'
        return f'"{self.digest}{encoding and "-" + encoding}"'

    def answer(self, encoding: str) -> tuple[list, list, bytes, str]:
        """Headers of a 200 and of a 304, the body and the ETag; made once."""
        known = self._answers.get(encoding)
        if known is None:
            etag = self.etag(encoding)
            shared = [
                *[(name, value) for name, value in self.headers if name.lower() != "content-type"],
                ("Cache-Control", CACHE_CONTROL),
                ("ETag", etag),
                ("Last-Modified", http_date(self.modified)),
                ("Vary", "Accept-Encoding"),
            ]
            full = [pair for pair in self.headers if pair[0].lower() == "content-type"] + shared
            full.append(("Content-Length", str(len(self.bodies[encoding]) if encoding else self.size)))
            if encoding:
                full.append(("Content-Encoding", encoding))
            known = self._answers[encoding] = (full, shared, etag)
        full, shared, etag = known
        return full, shared, self.body(encoding), etag

    def send(self, environ, start_response, *, with_age: bool = False) -> list[bytes]:
        """Answer a GET or HEAD; `with_age` says how old the copy is, when nothing newer can be made."""
        full, short, body, etag = self.answer(choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        age = self.age(with_age)
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and is_known(
            environ, etag, http_date(self.modified) if self.on_disk else None
        ):
            start_response("304 Not Modified", short + age)
            return []
        start_response("200 OK", full + age)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=64)
def _plain(copy: Copy) -> bytes:
    return gzip.decompress(copy.bodies["gzip"])
