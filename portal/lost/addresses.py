"""Old addresses in one form, so that one that is written in another way is still the same address."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from wagtail.contrib.redirects.models import Redirect

from portal.search.lexicon import COMMON_WORDS
from portal.text import fold

ENDINGS = (".html", ".htm", ".aspx", "/index")
#: Parameters that say where a reader came from, not where she wants to be.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|_ga")
LONGEST = 255

#: What only machines ask for, in search of a weakness or of a file that a page would bring.
PROBE = re.compile(
    r"(^|/)(\.|wp-|wordpress|cgi-bin|phpmyadmin|pma|xmlrpc|autodiscover|vendor/|node_modules|actuator|boaform|owa/|ecp/"
    r"|_next|_profiler|telescope|solr|hnap1|server-status|graphql|api/|admin(/|$)|administrator)"
    r"|\.(php\d?|phtml|jspx?|asp|cgi|env|git\w*|svn|sql|bak|old|orig|save|swp|zip|gz|tgz|tar|rar|7z|ini|ya?ml|toml|conf|cfg"
    r"|log|sh|py|rb|exe|dll|xml|json|map|js|css|png|jpe?g|gif|ico|svg|webp|txt|pem|key|db|sqlite3?)(/|$|[?~])"
)
WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{3,30}(?![^\W\d_])")
#: The furniture of addresses, and what it is like to be lost.
FURNITURE = (
    "slag thema themas onderwerp onderwerpen pagina bestaat bestaan"
    " and the html htm aspx index node files sites default pdf docx www http https page"
)
#: Words that say nothing of a subject.
NO_WORDS = frozenset(FURNITURE.split()) | COMMON_WORDS
MOST_WORDS = 6


def normal(address: str) -> str:
    """An old address as it is kept and looked up: lower case, decoded, no slash at the end; "" for none.

    Only the part on the site counts; the query stays, in alphabetical order, without what campaigns add.
    """
    try:
        parts = urlsplit(address.strip())
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return ""
    pairs = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(name.lower())
    )
    query = f"?{urlencode(pairs)}" if pairs else ""
    try:
        return Redirect.normalise_path(re.sub(r"/{2,}", "/", f"/{path}").rstrip("/") + query).lower()
    except ValueError:
        return ""


def bare(path: str) -> str:
    """A normal path without an ending such as .html."""
    ending = next((end for end in ENDINGS if path.endswith(end)), "")
    return path.removesuffix(ending) or "/"


def ways_to_write(address: str) -> list[str]:
    """Every form in which this old address may have been kept, the most exact first."""
    whole = normal(address)
    if not whole:
        return []
    found = []
    for way in (whole, whole.partition("?")[0]):
        path, mark, query = way.partition("?")
        stem = bare(path)
        found += [way, f"{stem}{mark}{query}", f"{stem}.html{mark}{query}" if stem != "/" else way]
    return [way for way in dict.fromkeys(found) if len(way) <= LONGEST]


def is_probe(path: str) -> bool:
    """Whether only a machine asks for this path: it gets no search, no query and no line in the report."""
    return len(path) > LONGEST or bool(PROBE.search(path.lower()))


def words_in(path: str) -> list[str]:
    """The words of an address that say what it is about, the last part of it first; at most six."""
    found: dict[str, None] = {}
    for part in reversed(path.split("/")):
        for word in WORD.findall(part):
            if fold(word) not in NO_WORDS:
                found.setdefault(word.lower())
    return list(found)[:MOST_WORDS]
