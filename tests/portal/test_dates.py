"""How an editor writes a date: the Dutch way, in whatever language the admin speaks; ISO is understood too."""

import pytest
from django.forms import DateField, DateTimeField
from django.utils.translation import override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_the_fields_show_and_what_people_type_is_read(language):
    with override(language):
        days = [DateField().clean(typed) for typed in ("12-01-2027", "12-1-2027", "12/01/2027", "2027-01-12")]
        moments = [
            DateTimeField().clean(typed)
            for typed in ("12-01-2027 13:30", "12-1-2027 13:30", "12/01/2027 13:30", "2027-01-12 13:30")
        ]
        shown = AdminDateInput().format_value(days[0]), AdminDateTimeInput().format_value(moments[0])

    assert {f"{day:%Y-%m-%d}" for day in days} == {"2027-01-12"}
    assert {f"{moment:%Y-%m-%d %H:%M}" for moment in moments} == {"2027-01-12 13:30"}
    assert shown == ("12-01-2027", "12-01-2027 13:30")
