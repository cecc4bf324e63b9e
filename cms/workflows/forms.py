"""What is asked for when somebody acts on a page in review. Values are plain, since Wagtail carries them as JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.languages import interface_languages


class RequestForm(forms.Form):
    """A comment that says what is to be done, or on what a decision rests."""

    comment = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write what should change, or on what the decision rests.")},
    )


class AssignmentForm(forms.Form):
    assignee = forms.ChoiceField(label=_("Reviewer"), required=False)
    due = forms.DateField(label=_("Due"), required=False, widget=AdminDateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = policy_registry.get_by_type(Page).users_with_any_permission({"publish", "change"})
        names = sorted((str(person.display_name), str(person.pk)) for person in people)
        field: Any = self.fields["assignee"]
        field.choices = [("", _("Anybody who may review it")), *((pk, name) for name, pk in names)]

    def clean_due(self) -> str | None:
        due = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return due.isoformat() if due else None


class ClearanceRequestForm(forms.Form):
    name = forms.CharField(label=_("Name of the superior"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address of the superior"),
        help_text=_("The link goes there. Whoever has it can read and clear this report, without an account."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=interface_languages)


class DecisionForm(forms.Form):
    """What a superior answers."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Needed where you ask for changes: say what should be different."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "changes" in self.data and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what should be different."))
        return cleaned
