"""How pages are edited: a draft may lack anything but a title, a publication nothing that its type requires."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from wagtail.admin.forms.pages import WagtailAdminPageForm


def wrong(errors: list[ValidationError]) -> list[ValidationError]:
    """Without those that only say that something is missing."""
    return [error for error in errors if error.code != "required"]


def is_empty(value: Any) -> bool:
    """Nothing that a reader would see: also rich text that holds no word and no picture."""
    if isinstance(value, str):
        return not strip_tags(value).strip() and "<embed" not in value
    return value is None or (hasattr(value, "__len__") and not len(value))


def required_and_empty(form: Any) -> set[str]:
    """Names of the fields that must be filled in and are not, going by what was saved."""
    return {name for name, field in form.fields.items() if field.required and is_empty(form[name].initial)}


class ContentPageForm(WagtailAdminPageForm):
    """Wagtail defers required fields of a draft; this form defers what the page itself asks for as well.

    A page asks in two ways: by `required_to_publish`, and in `clean()` by errors with the code `required`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.instance.required_to_publish:
            if name in self.fields:
                self.fields[name].required = True

    def add_error(self, field: str | None, error: Any) -> None:
        if self.is_deferred_validation and hasattr(error, "error_dict"):
            error = ValidationError(
                {name: found for name, errors in error.error_dict.items() if (found := wrong(errors))}
            )
            if not error.error_dict:
                return
        super().add_error(field, error)

    def clean(self) -> dict[str, Any]:
        """Refuses required texts that consist of empty paragraphs."""
        cleaned: dict[str, Any] = super().clean()
        for name, value in list(cleaned.items()):
            field = self.fields[name]
            if field.required and isinstance(value, str) and is_empty(value):
                self.add_error(name, ValidationError(field.error_messages["required"], code="required"))
        return cleaned

    @property
    def missing(self) -> list[str]:
        """Labels of what the page as saved still lacks for publication, in the order of the form.

        The slug is not counted: it is made from the title.
        """
        names = required_and_empty(self) | self._missing_by_rule()
        fields = [str(field.label) for name, field in self.fields.items() if name in names and name != "slug"]
        relations = [
            str(formset.model._meta.verbose_name_plural).capitalize()
            for formset in self.formsets.values()
            if len(formset.initial_forms) < formset.min_num or any(map(required_and_empty, formset.initial_forms))
        ]
        return [*fields, *relations]

    def _missing_by_rule(self) -> set[str]:
        try:
            self.instance.clean()
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                return {name for name, errors in error.error_dict.items() if not wrong(errors)}
        return set()
