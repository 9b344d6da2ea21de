"""Videos and other things of elsewhere: here a link, so that nothing is fetched before a reader chooses to go there."""

import re
from urllib.parse import parse_qs, urlsplit

VIDEOS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "kaltura.com", "companywebcast.com")
YOUTUBE_ID = re.compile(r"[\w-]{6,20}")


def embed_link(source: str, title: str) -> tuple[str, str] | None:
    """(address, text) of the link, or None for what cannot be linked to."""
    source = f"https:{source}" if source.startswith("//") else source.strip()
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = parts.hostname.lower().removeprefix("www.")
    is_video = any(host == name or host.endswith(f".{name}") for name in VIDEOS)
    return _watch_page(source, parts, host), title or f"Bekijk {'de video' if is_video else 'dit'} op {host}"


def _watch_page(source: str, parts, host: str) -> str:
    """The page on which a person watches a YouTube or Vimeo video, from the address that a frame uses."""
    first, _, rest = parts.path.strip("/").partition("/")
    if host in ("youtube.com", "youtube-nocookie.com") and first == "embed" and YOUTUBE_ID.fullmatch(rest):
        return f"https://www.youtube.com/watch?v={rest}"
    if host == "player.vimeo.com" and first == "video" and rest.isdigit():
        return f"https://vimeo.com/{rest}"
    if host == "youtube.com" and (found := parse_qs(parts.query).get("v")):
        return f"https://www.youtube.com/watch?v={found[0]}" if YOUTUBE_ID.fullmatch(found[0]) else source
    return source
