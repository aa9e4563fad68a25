"""The StreamField of the catalogue: what authors may place in it is code, not schema."""

from typing import Any

from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField


class AuthoredField(StreamField):
    """A StreamField whose blocks stay out of migrations, so that a new kind of question needs none.

    The column is JSON whatever the blocks are. A data migration that must read it does so as JSON.
    """

    def __init__(self, block_types: type[StreamBlock] | tuple = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs

    def clone(self) -> "AuthoredField":
        _name, _path, _args, kwargs = self.deconstruct()
        return type(self)(self.block_types_arg, **kwargs)
