"""The rooms of a new site without the demo's furniture: home, themes, topics, indexes, standard pages and roles."""

import shutil
import tempfile
from pathlib import Path

import yaml

from portal.content.loading import load_content

STRUCTURE_TYPES = {
    *("home", "standard", "theme_index", "theme", "topic", "recent_index"),
    *("knowledge_index", "instrument_index", "experience_index", "news_index", "event_index"),
}
# What points to an article or a file that a new site does not have.
FURNITURE_KEYS = {"featured"}
EMPTIED_TYPES = {"theme", "topic"}


def load_structure(folder: Path):
    """Load only the structure of a content folder; raises ContentMistakes as `load_content` does."""
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        for part in ("site.md", "roles"):
            source = folder / part
            if source.is_dir():
                shutil.copytree(source, target / part)
            elif source.exists():
                shutil.copy(source, target / part)
        for source in sorted((folder / "pages").rglob("*.md")):
            text = _structure_of(source.read_text(encoding="utf-8"))
            if text:
                path = target / source.relative_to(folder)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return load_content(target)


def _structure_of(text: str) -> str:
    """The page as a new site has it, or "" when it belongs to the demo only."""
    _, front, body = text.split("---\n", 2)
    keys = yaml.safe_load(front)
    if keys["type"] not in STRUCTURE_TYPES:
        return ""
    kept = {key: value for key, value in keys.items() if key not in FURNITURE_KEYS}
    body = "" if keys["type"] in EMPTIED_TYPES else body
    return f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)}---\n{body}"
