from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import ObservationStatus
from reports.importers.entries import FIRST_LINE
from reports.importers.profiles.registry import PROFILES
from reports.importers.profiles.template import Template
from reports.models import Indicator
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.importers.reporting import Reject

ENDINGS = (".csv", ".csv.gz", ".json", ".json.gz", ".xlsx")
MAX_FILES = 40
# How many figures are typed in at once: a year of months.
ROWS = 12


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, of which each has an ending of `ENDINGS` and all together the size of one document at most."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(FilesField, self).clean(one, initial) for one in data or [None]]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Send at most %(count)d files at once.") % {"count": MAX_FILES})
        for file in files:
            if not file.name.lower().endswith(ENDINGS):
                reason = _("“%(name)s” is not taken in. Send files with one of these endings: %(endings)s.")
                raise forms.ValidationError(reason % {"name": file.name, "endings": ", ".join(ENDINGS)})
        limit = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
        if sum(file.size for file in files) > limit:
            reason = _("The files are larger than %(limit)s. Pack them with gzip, or send fewer at once.")
            raise forms.ValidationError(reason % {"limit": filesizeformat(limit)})
        return files


def choosable(countries: frozenset[int] | None) -> Any:
    """The countries with these ids by name; all where None is given."""
    every = Country.objects.by_label()
    return every if countries is None else every.filter(pk__in=countries)


class UploadForm(forms.Form):
    """Files of a published form. Who is in charge of countries sends national figures of these, and nothing else."""

    profile = forms.ChoiceField(label=gettext_lazy("Form of the files"))
    sent = FilesField(
        label=gettext_lazy("Files"),
        widget=FilesInput({"accept": ",".join((*ENDINGS, ".gz"))}),
        help_text=gettext_lazy("As they were published, packed with gzip or not. Several with Ctrl."),
    )
    country = forms.ModelChoiceField(
        label=gettext_lazy("Only this country"),
        queryset=Country.objects.none(),
        required=False,
        help_text=gettext_lazy("Rows of other countries are rejected."),
    )
    indicator = forms.CharField(
        label=gettext_lazy("Code of the indicator"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Where the file does not say it, as those of the World Bank."),
    )

    def __init__(self, *args: Any, countries: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        allowed = [Template.code] if countries is not None else list(PROFILES)
        fields["profile"].choices = [(code, PROFILES[code].name) for code in allowed]
        fields["country"].queryset = choosable(countries)
        if countries is not None:
            fields["country"].required = True
            fields["country"].initial = next(iter(countries), None)
            del self.fields["indicator"]


class EntryForm(forms.Form):
    """Of what figures are typed in."""

    country = forms.ModelChoiceField(label=gettext_lazy("Country"), queryset=Country.objects.none())
    indicator = forms.ModelChoiceField(label=gettext_lazy("Indicator"), queryset=Indicator.objects.none())

    def __init__(self, *args: Any, countries: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["country"].queryset = choosable(countries)
        fields["indicator"].queryset = Indicator.objects.by_label()
        if countries:
            fields["country"].initial = next(iter(countries))


class FigureForm(forms.Form):
    """One figure, as it stands in a row of the platform's own form. What it means is judged by the import."""

    period = forms.CharField(label=gettext_lazy("Period"), max_length=40, required=False)
    value = forms.CharField(label=gettext_lazy("Value"), max_length=60, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=[("", "–"), *ObservationStatus.choices], required=False
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=1000, required=False)

    def clean(self) -> dict[str, str]:
        """All in one line, as in a table."""
        return {name: " ".join(text.split()) for name, text in self.cleaned_data.items()}


class FigureFormSet(forms.BaseFormSet[FigureForm]):
    """The figures of one indicator and one country; rows that are left empty do not count."""

    @property
    def filled(self) -> list[FigureForm]:
        return [form for form in self.forms if any(form.cleaned_data.values())]

    def refuse(self, rejects: Iterable[Reject]) -> None:
        """Say at each figure what an import has rejected of it."""
        filled = self.filled
        for one in rejects:
            row = filled[one.line - FIRST_LINE]
            row.add_error(one.column if one.column in row.fields else "period", str(one.reason.label))


Figures = forms.formset_factory(FigureForm, FigureFormSet, extra=ROWS, max_num=ROWS, absolute_max=ROWS)
