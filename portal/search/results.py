"""Wagtail's own search API over our matching: `Model.objects.filter(…).search("…")`."""

from collections import OrderedDict

from django.db.models import Count
from django.utils.functional import cached_property
from modelsearch.backends.base import FilterFieldError
from wagtail.search.query import Phrase, PlainText

from portal.search.match import Match


class DutchResults:
    """Results of a plain search by relevance; every other kind of query falls through to the stock ones."""

    @property
    def _is_ours(self) -> bool:
        compiler = self.query_compiler
        return (
            isinstance(compiler.query, PlainText | Phrase)
            and not compiler.LAST_TERM_IS_PREFIX
            and compiler.fields is None
            and self._score_field is None
        )

    @cached_property
    def _match(self) -> Match:
        query = self.query_compiler.query
        words = query.query_string
        if isinstance(query, Phrase):
            words = '"' + words.replace('"', " ") + '"'
        return Match(
            self.query_compiler.queryset, words, is_loose=getattr(query, "operator", "").lower() == "or"
        )

    def get_queryset(self):
        if not self._is_ours:
            return super().get_queryset()
        found = self._match.restrict(self.query_compiler.queryset)
        return (found if found.query.order_by else found.order_by("-pk"))[self.start : self.stop]

    def _do_search(self):
        if not self._is_ours or not self.query_compiler.order_by_relevance:
            return super()._do_search()
        queryset = self.query_compiler.queryset
        stop = len(self._match.ids) if self.stop is None else self.stop
        order = self._match.ranked(queryset, self.start, stop)
        found = queryset.in_bulk(order)
        return [found[pk] for pk in order if pk in found]

    def _do_count(self):
        if not self._is_ours:
            return super()._do_count()
        return self.get_queryset().count()

    def facet(self, field_name):
        if not self._is_ours:
            return super().facet(field_name)
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(f"{field_name} is geen FilterField.", field_name=field_name)
        rows = (
            self._match.restrict(self.query_compiler.queryset)
            .order_by()
            .values_list(field_name)
            .annotate(count=Count("pk"))
            .order_by("-count")
        )
        return OrderedDict(rows)
