"""Every address under /beheer/, from the resolver, with ids that exist: of one section or the other."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Collection, Page, Site, TaskState, UploadedFile, Workflow, WorkflowState

from portal.lost.models import LostAddress
from portal.models import (
    PortalDocument,
    PortalImage,
    PortalSettings,
)
from portal.search.models import Synonym
from tests.factories import make_municipality, make_organisation, make_person, make_role

PREFIX = "beheer/"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
#: `<int:pk>` of a path, `(?P<pk>…)` of a regular expression.
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>((?:\\.|[^()]|\([^()]*\))*)\)")


@dataclass(frozen=True)
class Route:
    """One pattern under /beheer/: its address with parameters, and its name with namespaces."""

    pattern: str
    name: str

    def address(self, values: dict[str, object]) -> str:
        """The address with these values; a parameter without a value fails, so that a new one is thought of."""
        text = PARAMETER.sub(lambda match: str(values[match[1] or match[2]]), self.pattern)
        return "/" + re.sub(r"[\^$]|\\(?=.)", "", text)


def routes() -> list[Route]:
    return [route for route in _walk(get_resolver().url_patterns) if route.pattern.startswith(PREFIX)]


def _walk(patterns, prefix="", spaces=()) -> Iterator[Route]:
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(place, ":".join([*spaces, pattern.name or "-"]))
        else:
            yield from _walk(pattern.url_patterns, place, (*spaces, *filter(None, [pattern.namespace])))


def things(owner: User) -> dict[str, object]:
    """One of everything that an address may name beside pages, by the namespace of its route."""
    site = Site.objects.get(is_default_site=True)
    image = PortalImage.objects.create(
        title="Beeld", file=ContentFile(PIXEL, name="x.png"), width=1, height=1, uploaded_by_user=owner
    )
    document = PortalDocument.objects.create(
        title="Stuk", file=ContentFile(b"x", name="x.txt"), uploaded_by_user=owner
    )
    uploads = {
        model: UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=ContentFile(content, name=name),
            uploaded_by_user=owner,
        )
        for model, content, name in ((PortalImage, PIXEL, "x.png"), (PortalDocument, b"x", "x.txt"))
    }
    seen = {"first_seen_at": timezone.now(), "last_seen_at": timezone.now()}
    return {
        "image": image,
        "document": document,
        "uploaded_image": uploads[PortalImage],
        "uploaded_document": uploads[PortalDocument],
        "user": User.objects.create(username="derde"),
        "group": Group.objects.create(name="Groep"),
        "collection": Collection.get_first_root_node().add_child(name="Map"),
        "site": Site.objects.create(hostname="tweede.example", root_page=site.root_page),
        "settings": PortalSettings.for_site(site),
        "person": make_person(),
        "organisation": make_organisation(),
        "role": make_role(),
        "municipality": make_municipality(),
        "synonym": Synonym.objects.create(term="matrix", also="rooster"),
        "redirect": Redirect.objects.create(old_path="/oud", redirect_link="/"),
        "query": Query.get("raad"),
        "lost": LostAddress.objects.create(path="/weg", **seen),
        "workflow": Workflow.objects.get(),
    }


#: Which thing `<int:pk>` names, by the beginning of the route's name.
NAMED_BY = {
    "wagtailadmin_api:images": "image",
    "wagtailadmin_api:documents": "document",
    "wagtailimages": "image",
    "wagtaildocs": "document",
    "wagtailadmin_collections": "collection",
    "wagtailadmin_workflows:edit_task": "task",
    "wagtailadmin_workflows:disable_task": "task",
    "wagtailadmin_workflows:enable_task": "task",
    "wagtailadmin_workflows": "workflow",
    "wagtailusers_users": "user",
    "second_step": "user",
    "wagtailusers_groups": "group",
    "wagtailsites": "site",
    "wagtailsettings": "settings_site",
    "lost": "lost",
    **{f"wagtailsnippets_portal_{name}": name for name in ("person", "organisation", "role", "municipality")},
    **{
        f"wagtailsnippetchoosers_portal_{name}": name
        for name in ("person", "organisation", "role", "municipality")
    },
    "wagtailsnippets_search_synonym": "synonym",
    "wagtailsnippetchoosers_search_synonym": "synonym",
    "wagtailadmin": "page",
}


def in_workflow(page: Page, owner: User) -> Page:
    """The page with a draft that waits for the eindredactie."""
    page.title += " (nieuw)"
    page.save_revision(user=owner)
    Workflow.objects.get().start(page, owner)
    return page


def values(route: Route, page: Page, parent: Page, found: dict[str, object]) -> dict[str, object]:
    """What fills the parameters of a route: this page, its section, and the things."""
    task_state = TaskState.objects.filter(workflow_state__object_id=page.pk).get()
    state = WorkflowState.objects.filter(object_id=page.pk).get()
    task = task_state.task
    keys = {name: thing.pk for name, thing in found.items()}
    keys |= {"task": task.pk, "page": page.pk, "settings_site": Site.objects.get(is_default_site=True).pk}
    pk = next((keys[name] for start, name in NAMED_BY.items() if route.name.startswith(start)), None)
    session = EditingSession.objects.filter(object_id=page.pk).get()
    is_setting = route.name.startswith("wagtailsettings")
    is_chooser = route.name.startswith("wagtailadmin_workflows:add_task")
    label, model = page._meta.app_label, page._meta.model_name
    if is_setting:
        label, model = "portal", "portalsettings"
    if is_chooser:
        label, model = "wagtailcore", "groupapprovaltask"
    if route.name == "wagtailadmin_tag_model_autocomplete":
        label, model = "taggit", "tag"
    if route.name == "wagtail_bulk_action":
        label, model = "wagtailcore", "page"
    return {
        "pk": pk,
        "page_id": page.pk,
        "page_pk": page.pk,
        "page_to_move_id": page.pk,
        "parent_page_id": parent.pk,
        "destination_id": parent.pk,
        "app_label": label,
        "app_name": label,
        "content_type_app_name": label,
        "model_name": model,
        "content_type_model_name": model,
        "object_id": page.pk,
        "session_id": session.pk,
        "revision_id": page.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "action": "delete",
        "action_name": "unpublish" if route.name.startswith("wagtailadmin_api") else "approve",
        "task_state_id": task_state.pk,
        "task_id": task.pk,
        "workflow_state_id": state.pk,
        "workflow_pk": keys["workflow"],
        "collection_id": keys["collection"],
        "document_id": keys["document"],
        "doc_id": keys["document"],
        "image_id": keys["image"],
        "uploaded_file_id": keys[
            "uploaded_image" if route.name.startswith("wagtailimages") else "uploaded_document"
        ],
        "redirect_id": keys["redirect"],
        "query_id": keys["query"],
        "filter_spec": "original",
        "code": 404,
        "form": "html",
        "uidb64": "MQ",
        "token": "set-password",
    }
