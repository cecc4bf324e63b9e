"""Form and model fields of the reports' own forms."""

from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.permissions import policy_registry

from cms.core.forms import ContentPageForm


class MeasureForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """A focal point keeps the measures of the own countries, and gives none to another one."""
        cleaned: dict[str, Any] = super().clean()
        action = "change" if self.instance.pk else "add"
        policy = policy_registry.get(self.instance)
        allowed = policy.countries(self.for_user, action) if self.for_user else None
        country = cleaned.get("country")
        if allowed is not None and country is not None and country.pk not in allowed:
            self.add_error("country", _("Choose the country for which you are the focal point."))
        return cleaned


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
            label=capfirst(self.verbose_name),
            widget=forms.CheckboxSelectMultiple,
            help_text=self.help_text,
        )


class CountryReportForm(ContentPageForm):
    """A new report is about the country of the profile below which it is written.

    Of a published one whose figures have been revised, it offers to take over the newest.
    """

    renew_figures = forms.BooleanField(
        label=gettext_lazy("Take over the newest figures when publishing"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and self.parent_page and not self.initial.get("country"):
            self.initial["country"] = self.parent_page.specific.country_id
        if "renew_figures" in self.fields:
            self._offer_newest()

    def _offer_newest(self) -> None:
        report = self.instance
        newer = report.newer_figures if report.pk and report.country_id else {}
        if not newer:
            del self.fields["renew_figures"]
            return
        named = ", ".join(f"{indicator} ({number})" for indicator, number in newer.items())
        text = _("Newer values of the reporting period than those that readers see: %(indicators)s")
        self.fields["renew_figures"].help_text = text % {"indicators": named}
        self.initial["renew_figures"] = report.will_renew_figures

    def save(self, commit: bool = True) -> Any:
        if "renew_figures" in self.fields and self.cleaned_data["renew_figures"] != self.initial["renew_figures"]:
            self.instance.figures_asked_at = timezone.now() if self.cleaned_data["renew_figures"] else None
        return super().save(commit)
