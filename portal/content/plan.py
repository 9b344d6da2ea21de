"""What a folder asks for, read and checked: the plan that writing carries out without looking at a file again."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class PagePlan:
    """A page as the folder wants it. `values` are by attribute of the model, with marks and names for rows."""

    address: str
    file: str
    model: type
    values: dict[str, object]
    lines: dict[str, int]
    is_live: bool = True
    order: int | None = None
    is_private: bool = False
    #: Readers could read it before, here or on the site before this one: publishing it keeps its `added_at`.
    was_published: bool = False

    @property
    def parent(self) -> str:
        return self.address.rstrip("/").rpartition("/")[0] + "/"

    @property
    def slug(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]


@dataclass
class SnippetPlan:
    """A role, an organisation, a person or another snippet; the settings of the site have no slug."""

    slug: str
    file: str
    model: type
    values: dict[str, object]
    lines: dict[str, int]


@dataclass
class UploadPlan:
    """An image or a document and what is said of it."""

    name: str
    file: str
    path: Path
    values: dict[str, object]


@dataclass
class RedirectPlan:
    """An old address and where it leads: the address of a page, or an address outside the page tree."""

    old: str
    target: str
    file: str
    line: int
    is_page: bool = True
    is_permanent: bool = True


@dataclass
class Plan:
    """Everything a folder asks for."""

    pages: dict[str, PagePlan] = field(default_factory=dict)
    snippets: list[SnippetPlan] = field(default_factory=list)
    images: list[UploadPlan] = field(default_factory=list)
    documents: list[UploadPlan] = field(default_factory=list)
    redirects: list[RedirectPlan] = field(default_factory=list)
    settings: SnippetPlan | None = None
    #: New pages refer to no page of this plan, so that they can be written by the hundreds.
    is_bulk: bool = False
