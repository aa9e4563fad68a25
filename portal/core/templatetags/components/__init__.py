"""The interface components, one tag each; the tag `x` renders `templates/components/x.html`.

A tag is the only way to place a component: its signature says what the component needs, and a
misspelt argument fails at once instead of rendering a hole. Components that hold other markup are
block tags, closed by `{% end<name> %}`. The library is a template builtin, so nothing is loaded.
`/_thanh-phan/` shows every one of them with the line that makes it.
"""

from . import forms, lists, navigation, page, telling, values
from .library import register
from .telling import tag
from .values import dong, moment

__all__ = ["dong", "forms", "lists", "moment", "navigation", "page", "register", "tag", "telling", "values"]
