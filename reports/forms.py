"""Form and model fields of the reports' own forms."""

from typing import Any

from django import forms
from django.db import models

from cms.core.forms import ContentPageForm


class AddresseesField(models.JSONField):
    """A list of values out of `choices`, edited as check boxes. Shown, never filtered by, so JSON is enough."""

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        self.list_choices = list(choices)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("form_class", None)
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return forms.MultipleChoiceField(
            choices=self.list_choices,
            required=not self.blank,
            label=str(self.verbose_name).capitalize(),
            widget=forms.CheckboxSelectMultiple,
            help_text=str(self.help_text),
        )


class CountryReportForm(ContentPageForm):
    """A new report is about the country of the profile below which it is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and self.parent_page:
            self.initial.setdefault("country", self.parent_page.specific.country_id)
