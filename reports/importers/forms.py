from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.importers.profiles.registry import PROFILES
from reports.importers.profiles.template import Template
from taxonomy.models import Country

ENDINGS = (".csv", ".csv.gz", ".json", ".json.gz", ".xlsx")
MAX_FILES = 40


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
        every = Country.objects.by_label()
        fields["country"].queryset = every if countries is None else every.filter(pk__in=countries)
        if countries is not None:
            fields["country"].required = True
            fields["country"].initial = next(iter(countries), None)
            del self.fields["indicator"]
