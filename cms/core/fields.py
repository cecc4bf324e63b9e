"""Fields that behave as the project needs them to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from wagtail.fields import StreamField as WagtailStreamField
from wagtail_localize.fields import SynchronizedField

from cms.encryption import decrypt, encrypt

if TYPE_CHECKING:
    from collections.abc import Sequence


class StreamField(WagtailStreamField):
    """A StreamField whose block definitions stay out of migrations.

    The database holds JSON whatever the blocks are, so a change of blocks is no change of schema.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


class VocabularyDescriptor(ForwardManyToOneDescriptor):  # type: ignore[type-arg]  # generic in the stubs only
    def get_object(self, instance: models.Model) -> Any:
        """The row with its labels, out of the memory of the process."""
        row = self.field.related_model.vocabulary().by_pk.get(getattr(instance, self.field.attname))
        return row or super().get_object(instance)


class VocabularyKey(models.ForeignKey):  # type: ignore[type-arg]  # what it leads to is named by a text
    """A reference to a vocabulary row, which takes no query of its own to follow. The rows are not to be altered."""

    forward_related_accessor_class = VocabularyDescriptor

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To the database it is a plain foreign key."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class SecretField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """A text that stands encrypted in the database. Nothing can be searched for by it."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(self, value: Any, *_of_database: Any) -> Any:
        return decrypt(value) if value else value


def synchronised(*names: str) -> list[SynchronizedField]:
    """Mark facts: the same in every language, edited on the source page only."""
    return [SynchronizedField(name, overridable=False) for name in names]
