"""Adding an organisation without leaving the page that needs it."""

from __future__ import annotations

from typing import Any, cast

from anyascii import anyascii
from django import forms
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.languages import interface_languages, reader_language
from taxonomy.models import Country, Organisation, OrganisationLabel

CODE_LENGTH = 80


def code_for(name: str) -> str:
    """A free code made of the letters of a name, whatever its script."""
    stem = slugify(anyascii(name))[: CODE_LENGTH - 4].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(code__startswith=stem).values_list("code", flat=True))
    candidates = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in candidates if code not in taken)


class NewOrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no parameter at run time
    """The least that an organisation needs; the rest is edited in the list of organisations."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=255)
    language = forms.ChoiceField(label=_("Language of the name"), choices=interface_languages)
    field_order = ["name", "language"]

    class Meta:
        model = Organisation
        fields = ["kind", "acronym", "country", "url"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "new-organisation"})
        self.fields["language"].initial = reader_language()
        country = cast("forms.ModelChoiceField[Country]", self.fields["country"])
        country.queryset = Country.objects.by_label()

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if OrganisationLabel.objects.filter(label__iexact=name).exists():
            raise forms.ValidationError(_("An organisation of this name exists already. Find it with the search."))
        return name

    @transaction.atomic
    def save(self, commit: bool = True) -> Organisation:
        organisation: Organisation = super().save(commit=False)
        organisation.code = code_for(self.cleaned_data["name"])
        organisation.labels.add(
            OrganisationLabel(language=self.cleaned_data["language"], label=self.cleaned_data["name"])
        )
        if commit:
            organisation.save()
        return organisation
