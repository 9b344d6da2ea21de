"""The lists of the kennisbank, instruments and experiences in the admin."""

from knowledgebase.models import ArticlePage, ExperiencePage, InstrumentPage, PublicationPage
from portal.admin.lists import BooleanColumn, Column, DayColumn, register_list

PUBLISHED = DayColumn("published_on", label="Datum", sort_key="published_on", width="12%")

register_list(ArticlePage, icon="doc-full-inverse", columns=[PUBLISHED], filters=["review_due_on"])
register_list(
    PublicationPage,
    icon="doc-full",
    columns=[Column("get_form_display", label="Vorm", width="12%"), PUBLISHED],
    filters=["form", "year_of_issue"],
)
register_list(
    InstrumentPage,
    icon="cogs",
    columns=[
        Column("get_rung_display", label="Trede", width="12%"),
        Column("get_effort_display", label="Werk"),
    ],
    filters=["rung", "effort", "cost"],
)
register_list(
    ExperiencePage,
    icon="site",
    columns=[Column("years", label="Jaar", width="10%"), BooleanColumn("is_evaluated", label="Geëvalueerd")],
    filters=["is_evaluated", "year_from"],
)
