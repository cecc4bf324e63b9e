from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.widgets import AdminDateInput

from cms.translation.choices import Answer, Operation, Priority
from cms.users.choices import BY_LANGUAGE
from cms.users.models import User

if TYPE_CHECKING:
    from cms.translation.lifecycle import Cascade


# The first answer is the one that is given already.
ANSWERS: dict[str, dict[Answer, Any]] = {
    Operation.MOVE: {Answer.FOLLOW: _("They move along"), Answer.STAY: _("They stay where they are")},
    Operation.UNPUBLISH: {
        Answer.FOLLOW: _("They are unpublished as well"),
        Answer.STAY: _("They stay public, and their original is not"),
    },
    Operation.DELETE: {
        Answer.STAY: _("They stay as they are, without their original"),
        Answer.FOLLOW: _("They are deleted as well"),
    },
}


class TranslationsForm(forms.Form):
    """What becomes of the translations of pages. Where none can follow, they can only stay."""

    translations = forms.ChoiceField(
        label=_("What becomes of the translations?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say what becomes of the translations."),
            "invalid_choice": _("The translations cannot follow: you may not do this with any of them."),
        },
    )

    def __init__(self, *args: Any, cascade: Cascade, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cascade = cascade
        answers = ANSWERS[cascade.operation].items()
        field: Any = self.fields["translations"]
        field.choices = [(key, label) for key, label in answers if cascade.following or key == Answer.STAY]
        field.initial = field.choices[0][0]

    @property
    def follow(self) -> bool:
        return bool(self.cleaned_data["translations"] == Answer.FOLLOW)


class RequestForm(forms.Form):
    """What a translator needs to know; `languages` are those into which the page may be translated.

    `machine` says what a service of machine translation would do; empty where there is none.
    """

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    with_pages_below = forms.BooleanField(required=False)
    by_machine = forms.BooleanField(label=_("Draft with machine translation"), required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=AdminDateInput)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL, required=False
    )
    assignee = forms.ModelChoiceField(
        label=_("Translator"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anybody who translates into the language"),
    )
    note = forms.CharField(
        label=_("Note to the translator"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self, *args: Any, languages: list[tuple[str, Any]], below: int, machine: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["languages"].choices = languages
        people = User.objects.filter(is_active=True, assignments__role__in=BY_LANGUAGE)
        fields["assignee"].queryset = people.distinct().order_by("first_name", "last_name", "pk")
        fields["assignee"].label_from_instance = lambda person: person.display_name
        fields["by_machine"].help_text = machine
        if not machine:
            del self.fields["by_machine"]
        if below:
            fields["with_pages_below"].label = ngettext(
                "With the page below it", "With the %(count)d pages below it", below
            ) % {"count": below}
        else:
            del self.fields["with_pages_below"]

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return due

    def clean_priority(self) -> int:
        return int(self.cleaned_data["priority"] or Priority.NORMAL)
