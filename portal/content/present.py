"""What the site holds before a load: its pages, images, documents and snippets, by their names in a file."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils.text import slugify
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from portal.content.folder import LONGEST_UPLOAD
from portal.content.names import Names
from portal.content.schema import keys_of, name_field, page_types, snippet_models
from portal.models import HomePage, Municipality

LONGEST_STEM = LONGEST_UPLOAD - 8  # room for a number behind it


@dataclass
class Present:
    """The site as it is. `pages` maps an address to (primary key, model); `uploads` a name to an image or document."""

    site: Site | None = None
    home: HomePage | None = None
    pages: dict[str, tuple[int, type]] = field(default_factory=dict)
    images: dict[str, object] = field(default_factory=dict)
    documents: dict[str, object] = field(default_factory=dict)
    slugs: dict[type, dict[str, int]] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)

    def names(self) -> Names:
        """What a file may refer to as long as the folder adds nothing."""
        return Names(
            pages={address: model for address, (_, model) in self.pages.items()},
            images=set(self.images),
            documents=set(self.documents),
            slugs={model: set(slugs) for model, slugs in self.slugs.items()},
            users=set(self.users),
        )


def read_present() -> Present:
    """Read it all, in a constant number of queries."""
    present = Present(site=Site.objects.filter(is_default_site=True).first())
    present.home = HomePage.objects.first()
    if present.home:
        present.pages = read_addresses(present.home)
    present.images = by_name(get_image_model().objects.order_by("pk"))
    present.documents = by_name(get_document_model().objects.order_by("pk"))
    for model in (*snippet_models().values(), Municipality):
        if name_field(model) == "slug":
            present.slugs[model] = dict(model.objects.values_list("slug", "pk"))
    for pk, model, slug in _subjects(present):
        present.slugs.setdefault(model, {})[slug] = pk
    present.users = dict(get_user_model().objects.values_list("username", "pk"))
    return present


def read_addresses(home: HomePage) -> dict[str, tuple[int, type]]:
    """Every page below the home page by its address on the site, with its primary key and model."""
    start = len(home.url_path) - 1
    models = {pk: kind.model_class() for pk, kind in ContentType.objects.in_bulk().items()}
    rows = Page.objects.filter(path__startswith=home.path).values_list("url_path", "pk", "content_type_id")
    return {url_path[start:]: (pk, models[kind] or Page) for url_path, pk, kind in rows}


def subject_models() -> set[type]:
    """The page types that items are filed under by their slug: themes and topics."""
    return {
        key.target
        for model in page_types().values()
        for key in keys_of(model).values()
        if key.form == "slugs" and issubclass(key.target, Page)
    }


def _subjects(present: Present):
    subjects = subject_models()
    for address, (pk, model) in present.pages.items():
        if model in subjects:
            yield pk, model, address.rstrip("/").rpartition("/")[2]


def by_name(uploads) -> dict[str, object]:
    """Images or documents by the name they have in a folder: their own key, else one from the file's name."""
    uploads = list(uploads)
    named = {upload.content_key: upload for upload in uploads if upload.content_key}
    for upload in uploads:
        if not upload.content_key:
            stem = slugify(upload.file.name.rpartition("/")[2].rpartition(".")[0])[:LONGEST_STEM] or "bestand"
            name, number = stem, 1
            while name in named:
                number += 1
                name = f"{stem}-{number}"
            named[name] = upload
    return named
