"""The indicators of published files: found on the site, or made from their source's description of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cms.core import memory
from reports.choices import ScaleType
from reports.models import Indicator, IndicatorLabel, IndicatorValueLabel
from taxonomy.models import Country, Organisation, OrganisationLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LANGUAGE = "en"
NAME_LENGTH, UNIT_LENGTH, ATTRIBUTION_LENGTH = 255, 60, 500


@dataclass(frozen=True)
class Definition:
    """What has to be known of an indicator to make it. Texts are in English; `values` are the labels from 0 on."""

    code: str
    name: str
    definition: str
    unit: str
    scale_type: str
    frequency: str
    source: str
    unit_label: str = ""
    decimals: int = 0
    caveats: str = ""
    attribution: str = ""
    comparable: bool = True
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What judging values needs to know of an indicator. `scale` holds the values of an ordinal one."""

    pk: int
    code: str
    frequency: str
    aggregation: str
    scale: frozenset[int] | None = None


@cache
def catalogue() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text())


def definition_of(code: str) -> Definition | None:
    facts = catalogue()["indicators"].get(code)
    return Definition(code=code, **(facts | {"values": tuple(facts.get("values", ()))})) if facts else None


def known_indicators(codes: Iterable[str] | None = None) -> dict[str, Known]:
    """The indicators of the site with these codes, or all of them, by code."""
    wanted = Indicator.objects.prefetch_related(None).prefetch_related("value_labels")
    rows = wanted.filter(code__in=list(codes)) if codes is not None else wanted
    return {row.code: known(row) for row in rows}


def known(indicator: Indicator) -> Known:
    scale = frozenset(row.value for row in indicator.value_labels.all()) if indicator.is_ordinal else None
    return Known(indicator.pk, indicator.code, indicator.frequency, indicator.aggregation, scale)


def ensure(definitions: Mapping[str, Definition]) -> dict[str, Known]:
    """The indicators with these codes; those that are missing are made. What is there keeps its facts and its texts."""
    found = known_indicators(definitions)
    missing = {code: definition for code, definition in definitions.items() if code not in found}
    if missing:
        for definition in missing.values():
            create(definition)
        memory.changed(Indicator._meta.label)
        found |= known_indicators(missing)
    return found


def create(definition: Definition) -> None:
    published = catalogue()["sources"][definition.source]
    indicator = Indicator.objects.create(
        code=definition.code,
        unit=definition.unit[:UNIT_LENGTH],
        scale_type=definition.scale_type,
        decimals=definition.decimals,
        frequency=definition.frequency,
        source=source(definition.source),
        source_url=published["data_url"],
        licence=published["licence"],
        is_comparable=definition.comparable,
    )
    IndicatorLabel.objects.create(
        owner=indicator,
        language=LANGUAGE,
        label=definition.name[:NAME_LENGTH],
        definition=definition.definition,
        unit_label=definition.unit_label,
        caveats=definition.caveats,
        attribution=(definition.attribution or published["attribution"])[:ATTRIBUTION_LENGTH],
    )
    if definition.scale_type == ScaleType.ORDINAL:
        IndicatorValueLabel.objects.bulk_create(
            IndicatorValueLabel(indicator=indicator, value=value, language=LANGUAGE, label=label)
            for value, label in enumerate(definition.values)
        )


def source(code: str) -> Organisation:
    facts = catalogue()["sources"][code]
    country = Country.objects.filter(code=facts["country"]).first()
    organisation, created = Organisation.objects.get_or_create(
        code=code, defaults={"kind": facts["kind"], "url": facts["url"], "country": country}
    )
    if created:
        OrganisationLabel.objects.create(owner=organisation, language=LANGUAGE, label=facts["name"])
    return organisation
