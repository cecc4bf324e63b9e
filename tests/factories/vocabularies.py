"""Language-neutral rows. Asking twice for the same code gives the same row."""

from __future__ import annotations

from typing import Any

import pycountry

from taxonomy.choices import OrganisationKind, Scheme
from taxonomy.models import Concept, Country, Organisation, Theme


def make_country(code: str = "KZ", *, labels: dict[str, str] | None = None, **facts: Any) -> Country:
    """A country of ISO 3166-1; `labels` are editorial names by language."""
    entry = pycountry.countries.lookup(code)
    country, _created = Country.objects.get_or_create(
        code=code, defaults={"alpha3": entry.alpha_3, "m49": entry.numeric} | facts
    )
    return add_labels(country, labels or {})


def make_theme(
    code: str = "digital", parent: Theme | None = None, *, labels: dict[str, str] | None = None, **facts: Any
) -> Theme:
    theme, _created = Theme.objects.get_or_create(code=code, defaults={"parent": parent} | facts)
    return add_labels(theme, labels if labels is not None else {"en": code.replace("-", " ").capitalize()})


def make_concept(
    scheme: Scheme = Scheme.LEVEL, code: str = "national", *, labels: dict[str, str] | None = None, **facts: Any
) -> Concept:
    concept, _created = Concept.objects.get_or_create(scheme=scheme, code=code, defaults=facts)
    return add_labels(concept, labels if labels is not None else {"en": code.capitalize()})


def make_organisation(
    code: str = "ministry-of-order", *, labels: dict[str, str] | None = None, **facts: Any
) -> Organisation:
    organisation, _created = Organisation.objects.get_or_create(
        code=code, defaults={"kind": OrganisationKind.MINISTRY} | facts
    )
    return add_labels(organisation, labels if labels is not None else {"en": code.replace("-", " ").capitalize()})


def add_labels(row: Any, labels: dict[str, str], **texts: Any) -> Any:
    """Label rows by language; the row as the database has it afterwards."""
    for language, label in labels.items():
        row.labels.model.objects.update_or_create(owner=row, language=language, defaults={"label": label} | texts)
    return type(row).objects.get(pk=row.pk)
