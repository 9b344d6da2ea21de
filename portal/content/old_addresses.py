"""Which old addresses may lead to the item that was found there: the rule of DESIGN, for every import."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

from portal.lost.addresses import LONGEST, normal
from portal.lost.redirects import is_view
from portal.lost.rules import place_of

SEARCHES = ("/zoeken", "/search")


def host_of(url: str) -> str:
    """The host of an address without www., in small letters; "" for a path."""
    try:
        host = (urlsplit(with_scheme(url)).hostname or "").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def with_scheme(url: str) -> str:
    """An address as a person writes it, `www.voorbeeld.nl/over`, as a whole address."""
    first = url.partition("/")[0]
    return f"https://{url}" if "://" not in url and "." in first and ":" not in first else url


def own_hosts(urls: list[str], given: list[str]) -> set[str]:
    """The hosts of the old site: those that are given, else the one that most addresses have."""
    if given:
        return {host_of(f"https://{host_of(host) or host}") for host in given}
    counted = Counter(filter(None, map(host_of, urls))).most_common(1)
    return {counted[0][0]} if counted else set()


class OldAddresses:
    """Says of each old address whether it may redirect. `pages` maps addresses of this site to models."""

    def __init__(self, urls: list[str], hosts: set[str], pages: dict[str, type], redirects: dict[str, str]):
        self.hosts, self.pages, self.redirects = hosts, pages, redirects
        self.times = Counter(self.path_of(url) for url in urls if url)

    def path_of(self, url: str) -> str:
        """The old address as it is kept, without its host; "" for none."""
        return normal(with_scheme(url)) if url else ""

    def refusal(self, url: str) -> str:
        """Why this address cannot redirect; "" when it can."""
        if urlsplit_or_none(url) is None:
            return "it is not an address"
        host = host_of(url)
        if host and host not in self.hosts:
            return f"it lies on another host, {host}"
        path = self.path_of(url)
        if self.is_list(path):
            return "it is a list"
        if self.times[path] > 1:
            return f"{self.times[path]} rows share it"
        bare = path.partition("?")[0]
        if f"{bare}/" in self.pages or is_view(f"{bare}/"):
            return "it is the address of a page of this site"
        return "it is too long to keep" if len(path) > LONGEST else ""

    def is_list(self, path: str) -> bool:
        """Whether an old address is a list: by its page number, by what stands there now, or by where it leads."""
        bare, _, query = path.partition("?")
        if bare in ("", "/", *SEARCHES) or "page" in parse_qs(query, keep_blank_values=True):
            return True
        place = place_of(bare)
        target = self.redirects.get(bare, f"{bare}/")
        return bool(place and not place.slug) or hasattr(self.pages.get(target), "selection_for")


def urlsplit_or_none(url: str):
    """The parts of a web address or a path, or None for anything else."""
    try:
        parts = urlsplit(with_scheme(url))
        parts.port  # noqa: B018 – raises for a port that is no number
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and parts.hostname
    is_path = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return parts if is_web or is_path else None
