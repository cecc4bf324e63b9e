"""Fields that behave as the project needs them to."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField
from wagtail_localize.fields import SynchronizedField


class StreamField(WagtailStreamField):
    """A StreamField whose block definitions stay out of migrations.

    The database holds JSON whatever the blocks are, so a change of blocks is no change of schema.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


def synchronised(*names: str) -> list[SynchronizedField]:
    """Mark facts: the same in every language, edited on the source page only."""
    return [SynchronizedField(name, overridable=False) for name in names]
