"""Rows of vocabularies as public JSON: labels in the language that was asked for, or in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import translation

from cms.core import memory
from cms.core.addresses import absolute
from cms.core.registries import profile_paths
from cms.core.serialisers import image_json
from cms.core.shapes import Label
from cms.languages import interface_languages
from taxonomy.api.shapes import (
    ConceptJSON,
    CountryJSON,
    MembershipJSON,
    OrganisationJSON,
    ThemeJSON,
    VocabularyJSON,
)
from taxonomy.cldr import territory_names
from taxonomy.models import Concept, Country, Organisation, Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cms.api.endpoints import Asked
    from cms.core.labels import Labelled
    from taxonomy.choices import Scheme

LOGO = "logo"


def texts_of(row: Labelled, name: str = "label") -> dict[str, str]:
    """What somebody wrote in each language."""
    return {one.language: getattr(one, name) for one in row.labels.all() if getattr(one, name)}


def names_of(country: Country) -> dict[str, str]:
    """A name in every language: written by an editor, or from CLDR."""
    known = {code: territory_names(code).get(country.code, country.alpha3) for code, _name in interface_languages()}
    return known | texts_of(country)


def labels_of(value: Any) -> dict[str, str]:
    """The words for a value of a fixed list, in every language of the interface."""
    words = {}
    for code, _name in interface_languages():
        with translation.override(code):
            words[code] = str(value.label)
    return words


def label_of(row: Labelled | None) -> Label | None:
    return {"code": str(row.code), "label": row.label} if row else None


def code_in(rows: Mapping[Any, Any], pk: Any) -> str | None:
    row = rows.get(pk)
    return str(row.code) if row else None


def country_json(country: Country, asked: Asked) -> CountryJSON:
    path = profile_paths().get(country.pk)
    names = {country.region: country.region_label, country.subregion: country.subregion_label}
    region, subregion = (
        Label(code=code, label=names[code]) if code else None for code in (country.region, country.subregion)
    )
    memberships = [
        MembershipJSON(role={"code": one.role, "label": str(one.get_role_display())}, since=one.since, until=one.until)
        for one in country.memberships.all()
    ]
    item: CountryJSON = {
        "code": country.code,
        "alpha3": country.alpha3,
        "m49": country.m49,
        "label": country.label,
        "region": region,
        "subregion": subregion,
        "memberships": memberships,
        "profile_url": absolute(path) if path else None,
    }
    if not asked["locale"]:
        item["labels"] = names_of(country)
    return item


def theme_json(theme: Theme, asked: Asked) -> ThemeJSON:
    row = theme.label_row
    item: ThemeJSON = {
        "code": theme.code,
        "label": theme.label,
        "definition": theme.definition,
        "synonyms": row.synonyms.splitlines() if row else [],
        "parent": code_in(Theme.vocabulary().by_pk, theme.parent_id),
        "sort_order": theme.sort_order,
    }
    if not asked["locale"]:
        item["labels"], item["definitions"] = texts_of(theme), texts_of(theme, "definition")
    return item


def organisation_json(one: Organisation, asked: Asked) -> OrganisationJSON:
    rows = Organisation.vocabulary().by_pk
    item: OrganisationJSON = {
        "code": one.code,
        "label": one.label,
        "acronym": one.acronym,
        "native_name": one.native_name,
        "kind": {"code": one.kind, "label": str(one.get_kind_display())},
        "country": label_of(one.country),
        "parent": code_in(rows, one.parent_id),
        "merged_into": code_in(rows, one.merged_into_id),
        "url": one.url,
        "logo": image_json(memory.objects().get((LOGO, one.logo_id))),
        "identifiers": [{"scheme": row.scheme, "value": row.value} for row in one.identifiers.all()],
    }
    if not asked["locale"]:
        item["labels"] = texts_of(one)
    return item


def concept_json(concept: Concept, asked: Asked) -> ConceptJSON:
    item: ConceptJSON = {
        "code": concept.code,
        "vocabulary": concept.scheme,
        "label": concept.label,
        "parent": code_in(Concept.vocabulary().by_pk, concept.parent_id),
        "sort_order": concept.sort_order,
    }
    if not asked["locale"]:
        item["labels"] = texts_of(concept)
    return item


def vocabulary_json(scheme: Scheme, asked: Asked) -> VocabularyJSON:
    item: VocabularyJSON = {
        "code": scheme.value,
        "label": str(scheme.label),
        "concepts": len(concepts_of(scheme)),
        "url": absolute(reverse("api_vocabularies_code", args=(scheme.value,))),
    }
    if not asked["locale"]:
        item["labels"] = labels_of(scheme)
    return item


def concepts_of(scheme: str) -> dict[str, Concept]:
    """The concepts of a classification by code, in their order."""
    return {row.code: row for row in Concept.vocabulary().rows if row.scheme == scheme}
