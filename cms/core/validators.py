"""Rules that forms and models share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_no_circle(row: Any, name: str) -> None:
    """That the way up by a reference to rows of the same kind ends, and does not lead back to the row.

    Raises `ValidationError` at the field.
    """
    if row.pk is None:
        return
    passed: set[int] = set()
    above = getattr(row, name)
    while above is not None and above.pk not in passed:
        if above.pk == row.pk:
            raise ValidationError({name: _("Choose another one: from this one the way leads back to the row itself.")})
        passed.add(above.pk)
        above = getattr(above, name)
