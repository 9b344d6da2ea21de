"""The lists of news and events in the admin."""

from news.models import EventPage, NewsPage
from portal.admin.lists import BooleanColumn, Column, DayColumn, register_list

register_list(
    NewsPage,
    icon="comment",
    columns=[
        Column("kind_label", label="Soort", sort_key="kind", width="10%"),
        DayColumn("published_on", label="Datum", sort_key="published_on", width="12%"),
        BooleanColumn("show_in_recent", label="Bij recent", width="8%"),
    ],
    filters=["kind", "show_in_recent"],
)
register_list(
    EventPage,
    icon="date",
    columns=[
        Column("when", label="Wanneer", sort_key="starts_at", width="25%"),
        Column("get_status_display", label="Gaat door?", sort_key="status", width="10%"),
    ],
    filters=["status", "starts_at"],
)
