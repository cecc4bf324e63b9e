"""What the names and codes of places in published files mean: a country, or something else that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pycountry

from reports.choices import LeftOut
from reports.importers.layouts import COUNTRY_ID, LEFT_OUT
from taxonomy.cldr import territory_names
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The publishers' own codes of Kosovo and the Channel Islands, which have none in ISO 3166-1. Should the vocabulary of
# countries hold XKX, their rows are those of a country like any other.
CODES_OF_KOSOVO = ("XKX", "XKS", "RKS", "OWID_KOS")
KOSOVO = "XKX"
# Country names in files of Our World in Data that neither ISO 3166-1 nor CLDR has.
OTHER_NAMES = {
    "Faeroe Islands": "FRO",
    "Kosovo": KOSOVO,
    "Palestine": "PSE",
    "Reunion": "REU",
    "Micronesia (country)": "FSM",
    "Democratic Republic of Congo": "COD",
    "Congo": "COG",
    "Cape Verde": "CPV",
    "East Timor": "TLS",
    "Czech Republic": "CZE",
    "Macedonia": "MKD",
    "Swaziland": "SWZ",
    "Vatican": "VAT",
    "Wallis and Futuna": "WLF",
    "South Korea": "KOR",
    "North Korea": "PRK",
    "Burma": "MMR",
    "Bonaire Sint Eustatius and Saba": "BES",
    "Sint Maarten (Dutch part)": "SXM",
    "Saint Martin (French part)": "MAF",
}


@dataclass(frozen=True)
class Places:
    """Country ids and reasons to leave a row out, by what a file calls the place. Everything else is unknown."""

    countries: Mapping[str, int]
    left_out: Mapping[str, LeftOut]

    def lookup(self, column: str) -> list[pl.Expr]:
        """Expressions `COUNTRY_ID` and `LEFT_OUT` (a value of `LeftOut`, or null) for a column of texts."""
        text = pl.col(column)
        return [
            text.replace_strict(dict(self.countries), default=None, return_dtype=pl.Int64).alias(COUNTRY_ID),
            text.replace_strict(
                {name: kind.value for name, kind in self.left_out.items()}, default=None, return_dtype=pl.String
            ).alias(LEFT_OUT),
        ]


def ids_by_alpha3() -> dict[str, int]:
    return dict(Country.objects.prefetch_related(None).values_list("alpha3", "pk"))


def places_by_code(left_out: Mapping[str, LeftOut]) -> Places:
    """Places by ISO 3166-1 alpha-3, and what else a publisher has codes for."""
    countries = ids_by_alpha3()
    countries |= {code: countries[KOSOVO] for code in CODES_OF_KOSOVO if KOSOVO in countries}
    other = dict(left_out) | dict.fromkeys(CODES_OF_KOSOVO, LeftOut.NO_CODE)
    return Places(countries, {code: kind for code, kind in other.items() if code not in countries})


def places_by_name(codes: Mapping[str, str], left_out: Mapping[str, LeftOut]) -> Places:
    """Places by the names that a publisher uses, of which `codes` has the alpha-3."""
    by_code = places_by_code({})
    countries = {name: by_code.countries[code] for name, code in codes.items() if code in by_code.countries}
    no_code = {name: kind for name, code in codes.items() if (kind := by_code.left_out.get(code))}
    return Places(countries, no_code | {name: kind for name, kind in left_out.items() if name not in countries})


def english_names() -> dict[str, str]:
    """Alpha-3 by the English names of ISO 3166-1 and CLDR, and by those of Our World in Data."""
    names: dict[str, str] = {}
    shown = territory_names("en")
    for country in pycountry.countries:
        known: Iterable[str | None] = (
            country.name,
            getattr(country, "common_name", None),
            getattr(country, "official_name", None),
            shown.get(country.alpha_2),
        )
        names |= {name: country.alpha_3 for name in known if name}
    return names | OTHER_NAMES
