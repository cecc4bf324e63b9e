"""Windows in which editors choose indicators and measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.core.choosers import FilterSelect, NameChooserViewSet, NameFilterForm
from cms.core.viewsets import DayColumn
from reports.choices import MeasureCategory, ScaleType
from reports.models import Indicator, Measure
from taxonomy.models import Country, Organisation, Theme

EVERY = ("", _("All"))


def one_of(label: Any, model: Any) -> forms.ModelChoiceField[Any]:
    """A choice of one row or all; which rows there are is known when the form is made."""
    return forms.ModelChoiceField(
        label=label, queryset=model.objects.none(), required=False, empty_label=EVERY[1], widget=FilterSelect
    )


class IndicatorFilterForm(NameFilterForm):
    source = one_of(_("Source"), Organisation)
    theme = one_of(_("Theme"), Theme)
    scale_type = forms.ChoiceField(
        label=_("Scale"), choices=[EVERY, *ScaleType.choices], required=False, widget=FilterSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = Indicator.objects.prefetch_related(None).order_by()
        self.fields["source"].queryset = Organisation.objects.by_label().filter(pk__in=used.values("source"))
        self.fields["theme"].queryset = Theme.objects.by_label().filter(pk__in=used.values("theme"))


class IndicatorChooserViewSet(NameChooserViewSet):
    filter_form_class = IndicatorFilterForm
    facts = [
        Column("unit_name", label=_("Unit")),
        Column("source", label=_("Source")),
        Column("code", label=_("Code")),
    ]


class MeasureFilterForm(NameFilterForm):
    country = one_of(_("Country"), Country)
    category = forms.ChoiceField(
        label=_("Category"), choices=[EVERY, *MeasureCategory.choices], required=False, widget=FilterSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.by_label().filter(measures__isnull=False).distinct()


class MeasureChooserViewSet(NameChooserViewSet):
    filter_form_class = MeasureFilterForm
    facts = [
        Column("category", label=_("Category"), accessor="get_category_display"),
        DayColumn("start", label=_("Start")),
        DayColumn("end", label=_("End")),
    ]

    def get_object_list(self) -> Any:
        return Measure.objects.with_names()
