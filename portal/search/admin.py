"""The editors' side of search: synonyms, and the report of what people look for."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.contrib.search_promotions.models import Query
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from portal.search import report
from portal.search.models import Synonym


class SynonymCreateView(CreateView):
    """A new synonym; the report of searches gives the word."""

    def get_initial_form_instance(self):
        synonym = super().get_initial_form_instance() or Synonym()
        synonym.term = self.request.GET.get("term", "")[: Synonym._meta.get_field("term").max_length]
        return synonym


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "search"
    menu_label = "Synoniemen"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["term", "also", "is_mutual"]
    search_fields = ["term", "also"]
    add_view_class = SynonymCreateView


MAY_SEE = ("search.add_synonym", "wagtailsearchpromotions.add_searchpromotion")
LONGEST_WORDS = 255


def may_see(user) -> bool:
    """Whether someone may read the report: who can also do something about it."""
    return any(user.has_perm(permission) for permission in MAY_SEE)


class SearchReportView(WagtailAdminTemplateMixin, TemplateView):
    """What people look for, what they do not find, and what they do not open."""

    template_name = "search/report.html"
    page_title = "Wat mensen zoeken"
    header_icon = "search"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("dagen", "")
        days = int(asked) if asked in {str(period) for period in report.PERIODS} else 30
        bars = report.chart(days)
        return super().get_context_data(
            days=days,
            add_synonym_url=reverse(Synonym.snippet_viewset.get_url_name("add")),
            periods=report.PERIODS,
            bars=bars,
            total=sum(bar.searches for bar in bars),
            chart_width=len(bars) * report.BAR_WIDTH,
            chart_height=report.CHART_HEIGHT,
            bar_width=report.BAR_WIDTH - 2,
            tables=[
                ("Veel gezocht", report.most_asked(days), "Er is in deze periode nog niet gezocht."),
                ("Niets gevonden", report.not_found(days), "Elke zoekopdracht vond iets."),
                (
                    "Wel gevonden, nooit geopend",
                    report.never_opened(days),
                    f"Van alles wat vaker dan {report.OFTEN - 1} keer is gezocht, is een resultaat geopend.",
                ),
            ],
            **kwargs,
        )

    def dispatch(self, request, *args, **kwargs):
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


@method_decorator(require_POST, name="dispatch")
class RecommendView(TemplateView):
    """From words that were looked for to the page where an editor chooses what stands on top for them."""

    def post(self, request):
        if not request.user.has_perm("wagtailsearchpromotions.add_searchpromotion"):
            raise PermissionDenied
        words = request.POST.get("q", "").strip()[:LONGEST_WORDS]
        if not words:
            return redirect("search_report")
        return redirect("wagtailsearchpromotions:edit", Query.get(words).pk)


admin_urls = [
    path("zoekopdrachten/", require_admin_access(SearchReportView.as_view()), name="search_report"),
    path(
        "zoekopdrachten/aanbevelen/", require_admin_access(RecommendView.as_view()), name="search_recommend"
    ),
]
