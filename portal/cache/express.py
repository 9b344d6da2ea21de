"""The way of nearly every answer: a copy from memory, in as few steps as there can be.

Between two requests a processor forgets this code, so each step costs several times what it does in a loop (decision
0070). Only a plain question for a copy of this
generation is answered here; `PageCache` judges all others, and tells which copy is meant.
"""

from time import perf_counter

from portal import generation
from portal.cache import shared
from portal.cache.copies import choose_encoding
from portal.cache.layer import PageCache
from portal.watching.requests import CACHE, HIT, MISS, notes

MOST = 4096  # questions that are remembered
LONGEST = 600  # characters of one


class Express:
    """`application = Express(layer, Watched(layer))`"""

    def __init__(self, layer: PageCache, app):
        self.layer, self.app = layer, app
        self._scheme_header = (layer.door.scheme_header or ("",))[0]
        #: What a plain question asks for: the key of a copy and the encoding of the answer.
        self._meant: dict[tuple, tuple[str, str]] = {}

    def __call__(self, environ, start_response):
        began = perf_counter()
        get = environ.get
        if (
            "HTTP_COOKIE" in environ
            or "HTTP_IF_NONE_MATCH" in environ
            or "HTTP_IF_MODIFIED_SINCE" in environ
            or "HTTP_AUTHORIZATION" in environ
            or "CONTENT_LENGTH" in environ
            or "HTTP_TRANSFER_ENCODING" in environ
            or get("SCRIPT_NAME")
            or environ["REQUEST_METHOD"] != "GET"
        ):
            return self.app(environ, start_response)
        path = get("PATH_INFO", "")
        question = (
            path,
            get("QUERY_STRING", ""),
            get("HTTP_ACCEPT_ENCODING", ""),
            get("HTTP_HOST", ""),
            environ["wsgi.url_scheme"],
            get(self._scheme_header, ""),
        )
        meant = self._meant.get(question)
        if meant is None:
            answer = self.app(environ, start_response)
            if get(CACHE) in (HIT, MISS):
                self._learn(question, environ)
            return answer
        layer = self.layer
        if layer.has_others:
            shared.follow()
        number = generation.current()
        key, encoding = meant
        copy = layer.memory.get(key)
        if copy is None or copy.generation != number or layer.pulse.is_down:
            return self.app(environ, start_response)
        headers, _, body, _ = copy.answer(encoding)
        start_response("200 OK", [*headers])
        notes.add(environ, "200", HIT, copy.made_by, path, perf_counter() - began)
        return [body]

    def _learn(self, question: tuple, environ):
        """Remember a question that is asked as the site itself asks it; invented parameters fill nothing."""
        key = self.layer.door.key_of(environ)
        path, query, accepted, *_ = question
        if key != (f"{path}?{query}" if query else path) or sum(map(len, question)) > LONGEST:
            return
        copy = self.layer.memory.get(key)
        if copy is None or copy.file:  # not kept under this name, or no page
            return
        if len(self._meant) >= MOST:
            self._meant.clear()
        self._meant[question] = key, choose_encoding(accepted)
