"""How pages are edited: a draft may lack anything but a title, a publication nothing that its type requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import WagtailAdminPageForm

from cms.workflows.policies import countries_to_write_for

if TYPE_CHECKING:
    from django.forms.utils import ErrorDict


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


def refused_as_empty(errors: ErrorDict) -> set[str]:
    """Names of the fields that must be filled in and are not, going by what was sent."""
    return {name for name, found in errors.as_data().items() if len(wrong(found)) < len(found)}


def lacks_rows(formset: Any) -> bool:
    """Whether there are too few rows, or rows with too little in them."""
    if formset.is_bound:
        too_few = any(error.code == "too_few_forms" for error in formset.non_form_errors().as_data())
        return too_few or any(map(refused_as_empty, filter(None, formset.errors)))
    return len(formset.initial_forms) < formset.min_num or any(map(required_and_empty, formset.initial_forms))


class ContentPageForm(WagtailAdminPageForm):
    """Wagtail defers required fields of a draft; this form defers what the page itself asks for as well.

    A page asks in two ways: by `required_to_publish`, and in `clean()` by errors with the code `required`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.instance.required_to_publish:
            if name in self.fields:
                self.fields[name].required = True
        if "slug" in self.fields and self.instance.pk is None:
            # A script makes it from the title after a while; who saves before that has it made by Wagtail.
            self.fields["slug"].required = False

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
        self._check_country(cleaned)
        return cleaned

    def _check_country(self, cleaned: dict[str, Any]) -> None:
        """A focal point gives no page to another country, and none to no country, where it would be out of reach."""
        if "country" not in self.fields or self.for_user is None or self.parent_page is None:
            return
        allowed = countries_to_write_for(self.for_user, self.parent_page)
        country = cleaned.get("country")
        if allowed is not None and "country" not in self.errors and (country is None or country.pk not in allowed):
            self.add_error("country", _("Choose the country for which you are the focal point."))

    @property
    def missing(self) -> dict[str, str]:
        """Labels of what the page lacks for publication, by the id of an element at the place, in the form's order.

        That is what a refused publication asked for, or else what the page as saved lacks. The slug is not counted: it
        is made from the title.
        """
        names = refused_as_empty(self.errors) if self.is_bound else required_and_empty(self) | self._missing_by_rule()
        fields = {
            self[name].auto_id: str(field.label)
            for name, field in self.fields.items()
            if name in names and name != "slug"
        }
        relations = {
            f"id_{formset.prefix}-FORMS": str(formset.model._meta.verbose_name_plural).capitalize()
            for formset in self.formsets.values()
            if lacks_rows(formset)
        }
        return fields | relations

    def _missing_by_rule(self) -> set[str]:
        try:
            self.instance.clean()
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                return {name for name, errors in error.error_dict.items() if not wrong(errors)}
        return set()
