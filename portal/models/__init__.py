"""The models of the portal itself; the sections (themes, knowledgebase, news) build on ContentPage and IndexPage."""

from portal.models.classification import Municipality, Organisation, Person, Role
from portal.models.content import ContentPage
from portal.models.heartbeat import Heartbeat
from portal.models.kinds import Kind
from portal.models.links import (
    ContentAuthor,
    ContentDownload,
    ContentMunicipality,
    ContentSender,
    RelatedItem,
)
from portal.models.mail import QueuedMail
from portal.models.media import PortalDocument, PortalImage, PortalRendition
from portal.models.pages import HomePage, IndexPage, RecentIndexPage, StandardPage
from portal.models.site import PortalSettings

__all__ = [
    "ContentAuthor",
    "ContentDownload",
    "ContentMunicipality",
    "ContentPage",
    "ContentSender",
    "Heartbeat",
    "HomePage",
    "IndexPage",
    "Kind",
    "Municipality",
    "Organisation",
    "Person",
    "PortalDocument",
    "PortalImage",
    "PortalRendition",
    "PortalSettings",
    "QueuedMail",
    "RecentIndexPage",
    "RelatedItem",
    "Role",
    "StandardPage",
]
