"""The rooms of the house: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = {
    "portal": set(),
    "themes": {"portal"},
    "knowledgebase": {"portal", "themes"},
    "news": {"portal", "themes"},
}
ORDER = [
    "models",
    "selection",
    "search",
    "cache",
    "mail",
    "accounts",
    "lost",
    "alerts",
    "editorial",
    "archive",
    "content",
    "operate",
]


def imports(path: Path) -> set[str]:
    """Every module that a file imports when it is loaded, as dotted names; imports inside functions do not count."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files(folder: str) -> list[Path]:
    return [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_the_apps_below_it(app):
    forbidden = set(APPS) - APPS[app] - {app}
    wrong = [
        (str(path.relative_to(ROOT)), name)
        for path in files(app)
        for name in imports(path)
        if name.split(".")[0] in forbidden
    ]

    assert wrong == []


def test_inside_the_portal_imports_go_to_the_left():
    wrong = []
    for place, room in enumerate(ORDER):
        later = tuple(f"portal.{name}" for name in ORDER[place + 1 :])
        for path in [*files(f"portal/{room}"), *[p for p in [ROOT / f"portal/{room}.py"] if p.exists()]]:
            wrong += [
                (str(path.relative_to(ROOT)), name)
                for name in imports(path)
                if any(name == module or name.startswith(f"{module}.") for module in later)
            ]

    assert wrong == []
