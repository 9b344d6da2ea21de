"""The report of lost addresses, for whoever may make redirects."""

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.views import CreateView
from wagtail.permission_policies import ModelPermissionPolicy

from portal.lost.models import LostAddress
from portal.lost.suggestions import suggest


def redirect_url(row: LostAddress) -> str:
    return reverse("lost:redirect", args=[row.pk])


class LostAddressesView(ReportView):
    """What readers ask for in vain, the most asked for on top; a click on an address makes a redirect."""

    model = LostAddress
    permission_policy = ModelPermissionPolicy(Redirect)
    permission_required = "add"
    page_title = "Adressen die niet bestaan"
    header_icon = "link"
    index_url_name = "lost:report"
    index_results_url_name = "lost:report_results"
    results_template_name = "lost/report_results.html"
    default_ordering = "-count"
    columns = [
        TitleColumn(
            "path",
            label="Adres",
            get_url=lambda row: reverse("lost:redirect", args=[row.pk]),
            sort_key="path",
        ),
        Column("count", label="Hoe vaak", sort_key="count", width="12%"),
        DateColumn("last_seen_at", label="Voor het laatst", sort_key="last_seen_at", width="16%"),
        Column("referrer", label="Link op onze pagina", width="30%"),
    ]
    list_export = ["path", "count", "last_seen_at", "referrer"]
    export_headings = {
        "path": "Adres", "count": "Hoe vaak", "last_seen_at": "Voor het laatst", "referrer": "Link op onze pagina",
    }  # fmt: skip


class RedirectFromLostView(CreateView):
    """Wagtail's form for a redirect, filled in: the lost address, and the page that fits its words best."""

    def get_initial(self):
        row = LostAddress.objects.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            return super().get_initial()
        page = next(iter(suggest(row.path).items), None)
        return {**super().get_initial(), "old_path": row.path, "redirect_page": page.pk if page else None}


@hooks.register("register_admin_urls")
def report_urls():
    routes = [
        path("", LostAddressesView.as_view(), name="report"),
        path("resultaten/", LostAddressesView.as_view(results_only=True), name="report_results"),
        path("<int:pk>/doorverwijzen/", RedirectFromLostView.as_view(), name="redirect"),
    ]
    return [path("rapporten/adressen/", include((routes, "lost")))]


class LostMenuItem(MenuItem):
    def is_shown(self, request):
        return LostAddressesView.permission_policy.user_has_permission(request.user, "add")


@hooks.register("register_reports_menu_item")
def report_menu_item():
    return LostMenuItem(
        "Adressen die niet bestaan", reverse("lost:report"), name="lost", icon_name="link", order=900
    )
