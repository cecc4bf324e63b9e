"""Windows in which editors choose countries, themes, organisations and concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.db.models import ForeignKey
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.ui.tables import Column

from cms.core.choosers import FilterSelect, NameChooser, NameChooserViewSet, NameFilterForm
from cms.languages import reader_language, sort_key
from taxonomy.choices import MembershipRole, OrganisationKind, Scheme
from taxonomy.cldr import territory_names
from taxonomy.forms import NewOrganisationForm
from taxonomy.models import Concept, Country, Theme

if TYPE_CHECKING:
    from django.db import models

EVERY = ("", _("All"))


def region_choices() -> list[tuple[str, Any]]:
    """Sub-regions that have a country, by name."""
    names = territory_names(reader_language())
    codes = Country.objects.prefetch_related(None).exclude(subregion="").order_by().values_list("subregion", flat=True)
    regions = [(code, names.get(code, code)) for code in codes.distinct()]
    return [EVERY, *sorted(regions, key=lambda region: sort_key(region[1]))]


class CountryFilterForm(NameFilterForm):
    subregion = forms.ChoiceField(label=_("Region"), choices=region_choices, required=False, widget=FilterSelect)
    memberships__role = forms.ChoiceField(
        label=_("Membership"), choices=[EVERY, *MembershipRole.choices], required=False, widget=FilterSelect
    )

    def filter(self, objects: Any) -> Any:
        return super().filter(objects).distinct()


class CountryChooserViewSet(NameChooserViewSet):
    filter_form_class = CountryFilterForm
    facts = [Column("subregion_label", label=_("Region"))]


class ThemeFilterForm(NameFilterForm):
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Theme.objects.none(), required=False, empty_label=EVERY[1], widget=FilterSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Theme.objects.by_label().filter(children__isnull=False).distinct()


class ThemeChooserViewSet(NameChooserViewSet):
    filter_form_class = ThemeFilterForm
    facts = [Column("parent", label=_("Part of")), Column("definition", label=_("Definition"))]

    def get_object_list(self) -> Any:
        return super().get_object_list().prefetch_related("parent__labels")


class OrganisationFilterForm(NameFilterForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[EVERY, *OrganisationKind.choices], required=False, widget=FilterSelect
    )
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.none(), required=False, empty_label=EVERY[1], widget=FilterSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.by_label().filter(organisations__isnull=False).distinct()


class OrganisationChooserViewSet(NameChooserViewSet):
    """Organisations that were merged into another one are not offered."""

    filter_form_class = OrganisationFilterForm
    creation_form_class = NewOrganisationForm
    creation_tab_label = _("New organisation")
    create_action_label = _("Add and choose")
    facts = [
        Column("acronym", label=_("Acronym")),
        Column("kind", label=_("Kind"), accessor="get_kind_display"),
        Column("country", label=_("Country")),
    ]

    def get_object_list(self) -> Any:
        return super().get_object_list().filter(merged_into=None)


class ConceptChooser(NameChooser):
    """Offers the concepts that a foreign key's `limit_choices_to` allows."""

    def __init__(self, schemes: tuple[str, ...] = (), **kwargs: Any) -> None:
        name = Scheme(schemes[0]).label if len(schemes) == 1 else None
        super().__init__(Concept, name=name, **kwargs)
        self.schemes = schemes

    def get_chooser_modal_url(self) -> str:
        url = str(super().get_chooser_modal_url())
        return f"{url}?{urlencode({'within': ','.join(self.schemes)})}" if self.schemes else url

    @classmethod
    def for_field(cls, field: models.ForeignKey[Any, Any]) -> dict[str, Any]:
        limits: Any = field.get_limit_choices_to()
        schemes = limits.get("scheme__in") or [scheme for scheme in [limits.get("scheme")] if scheme]
        return {"widget": cls(schemes=tuple(str(scheme) for scheme in schemes))}


class ConceptFilterForm(NameFilterForm):
    scheme = forms.ChoiceField(label=_("Classification"), required=False, widget=FilterSelect)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Concept.objects.none(), required=False, empty_label=EVERY[1], widget=FilterSelect
    )
    within = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.allowed = [scheme for scheme in (data or {}).get("within", "").split(",") if scheme in Scheme.values]
        offered = [choice for choice in Scheme.choices if choice[0] in (self.allowed or Scheme.values)]
        self.fields["scheme"].choices = [EVERY, *offered]
        if len(offered) == 1:
            del self.fields["scheme"]
        broader = Concept.objects.filter(children__isnull=False, scheme__in=[scheme for scheme, _name in offered])
        self.fields["parent"].queryset = broader.distinct()
        if not broader.exists():
            del self.fields["parent"]

    def filter(self, objects: Any) -> Any:
        del self.cleaned_data["within"]
        objects = super().filter(objects)
        return objects.filter(scheme__in=self.allowed) if self.allowed else objects


class ConceptChooserViewSet(NameChooserViewSet):
    """In the order of the classification, which its readers know."""

    filter_form_class = ConceptFilterForm
    preserve_url_parameters = [*NameChooserViewSet.preserve_url_parameters, "within"]
    facts = [
        Column("parent", label=_("Part of")),
        Column("scheme", label=_("Classification"), accessor="get_scheme_display"),
    ]

    def get_object_list(self) -> Any:
        return Concept.objects.prefetch_related("parent__labels")

    def on_register(self) -> None:
        super().on_register()
        register_form_field_override(ForeignKey, to=Concept, override=ConceptChooser.for_field)
