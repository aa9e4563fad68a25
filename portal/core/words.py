"""A text found by its words: an index of words is a fifth of one of its letters, and is asked once a word."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Model, TextField

from .text import fold


class FoldedText(TextField):
    """What other columns of the row say, folded (`text.fold`), to be searched. Written with the row, in bulk too."""

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(**{"editable": False, "blank": True, "default": "", **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, [*self.sources, *args], kwargs

    def pre_save(self, model_instance: Model, add: bool) -> str:
        folded = fold(" ".join(str(getattr(model_instance, source)) for source in self.sources))
        setattr(model_instance, self.attname, folded)
        return folded


class HasWords(Func):
    """Whether a folded text holds all of these words, each as a whole, in whatever order.

    On PostgreSQL served by an index of `string_to_array(<field>, ' ')`, whose expression this repeats.
    """

    output_field = BooleanField()

    def __init__(self, field: str, words: Sequence[str]) -> None:
        super().__init__(F(field))
        self.words = list(words)

    @property
    def identity(self):
        return (*super().identity, tuple(self.words))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        held = " AND ".join(f"instr(' ' || {column} || ' ', %s) > 0" for _word in self.words)
        return f"({held})", _interleaved(params, (f" {word} " for word in self.words))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        return f"string_to_array({column}, ' ') @> %s::text[]", (*params, self.words)


def _interleaved(column: Sequence[Any], words: Iterable[str]) -> tuple[Any, ...]:
    return tuple(value for word in words for value in (*column, word))
