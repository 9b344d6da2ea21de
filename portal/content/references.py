"""The names behind primary keys: what a file says where the database holds a number."""

from dataclasses import dataclass, field

from portal.content.names import Marks
from portal.content.present import Present


class Gone(Exception):
    """What is referred to is no longer there."""


@dataclass
class References:
    """By primary key: the address of a page, the name of an image or a document, a slug, a user name."""

    page: dict[int, str] = field(default_factory=dict)
    image: dict[int, str] = field(default_factory=dict)
    document: dict[int, str] = field(default_factory=dict)
    slugs: dict[type, dict[int, str]] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, present: Present) -> "References":
        return cls(
            page={pk: address for address, (pk, _) in present.pages.items()},
            image={upload.pk: name for name, upload in present.images.items()},
            document={upload.pk: name for name, upload in present.documents.items()},
            slugs={model: {pk: slug for slug, pk in slugs.items()} for model, slugs in present.slugs.items()},
            users={pk: name for name, pk in present.users.items()},
        )

    def name(self, kind: str, pk) -> str:
        """The name of a page, an image or a document. Raises Gone."""
        try:
            return getattr(self, kind)[int(pk)]
        except (KeyError, TypeError, ValueError) as error:
            raise Gone(f"{kind} {pk}") from error

    def marks(self) -> Marks:
        """The other way round."""
        return Marks(
            page={name: pk for pk, name in self.page.items()},
            image={name: pk for pk, name in self.image.items()},
            document={name: pk for pk, name in self.document.items()},
        )
