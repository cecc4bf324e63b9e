from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ContactForm(forms.Form):
    """A message of a reader to the contact of a practice."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The answer goes there. The address is passed on with the message."),
        max_length=None,  # the rules of addresses are the limit
        error_messages={
            "required": _("Write the e-mail address to which the answer should go."),
            "invalid": _("Write an e-mail address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = forms.CharField(
        label=_("Your message"),
        help_text=_("Say who you are and what you would like to know."),
        min_length=20,
        max_length=4000,
        error_messages={
            "required": _("Write your message."),
            "min_length": _("Write at least %(limit_value)d characters."),
            "max_length": _("Shorten the message to %(limit_value)d characters; it has %(show_value)d."),
        },
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """The name on one line: it stands in the head of a mail."""
        return " ".join(self.cleaned_data["name"].split())

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "website"]

    @property
    def is_from_machine(self) -> bool:
        """Whether the field was filled in that no person sees."""
        return bool(self.cleaned_data["website"])
