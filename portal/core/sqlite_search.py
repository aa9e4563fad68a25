"""Wagtail's search on SQLite, which asks the full text once.

Wagtail's own query ranks what it finds with a question to the full text for each row, and SQLite, which
knows nothing of how many rows there are, tends to find them the same way: among 5,000 announcements a
common word takes half a minute. Here the full text says which rows hold the words, and nothing is
ranked: the newest come first where the caller asks for no other order. PostgreSQL needs none of this.
"""

from django.db.models import QuerySet
from wagtail.search.backends.database.sqlite import sqlite
from wagtail.search.models import IndexEntry, SQLiteFTSIndexEntry
from wagtail.search.query import PlainText


class _AskedOnce(sqlite.SQLiteSearchQueryCompiler):
    def search(self, config, start: int, stop: int | None, score_field: str | None = None) -> QuerySet:
        if score_field or not isinstance(self.query, PlainText) or not self.query.query_string.split():
            return super().search(config, start, stop, score_field)
        words = self.build_search_query(self.query, config=config)
        texts = SQLiteFTSIndexEntry.objects.filter(sqlite.MatchExpression(self.fields or self.FTS_TABLE_FIELDS, words))
        kinds = sqlite.get_descendants_content_types_pks(self.queryset.model)
        entries = IndexEntry.objects.filter(content_type__in=kinds, pk__in=texts.values("pk"))
        found = self.queryset.filter(pk__in=entries.values("object_id"))
        if self.order_by_relevance or not found.query.order_by:
            found = found.order_by("-pk")
        return found[start:stop]


class _AutocompleteAskedOnce(_AskedOnce, sqlite.SQLiteAutocompleteQueryCompiler):
    """Finds words that begin so."""


class SearchBackend(sqlite.SQLiteSearchBackend):
    query_compiler_class = _AskedOnce
    autocomplete_query_compiler_class = _AutocompleteAskedOnce
