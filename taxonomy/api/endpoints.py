"""Countries, themes, organisations and classifications in the public API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from wagtail.models import CollectionViewRestriction

from cms.api.endpoints import Asked, DetailEndpoint, ListEndpoint, found
from cms.api.parameters import Parameter, codes, flag, some_of, text
from cms.core import memory
from cms.media.models import Image
from taxonomy.api import serialisers, shapes
from taxonomy.api.serialisers import LOGO
from taxonomy.choices import OrganisationKind, Scheme
from taxonomy.models import Concept, Country, Organisation, Theme

TAG = "Vocabularies"


def by_code(description: str, example: str) -> tuple[Parameter, ...]:
    return (Parameter("code", description, {"type": "string"}, str, example=example),)


def regions() -> dict[str, str]:
    rows = Country.vocabulary().rows
    return {code: code for row in rows for code in (row.region, row.subregion) if code}


class Countries(ListEndpoint):
    """Countries and territories, by their codes."""

    is_kept, passing = True, ("member",)
    tag, summary, item = TAG, "Countries", shapes.CountryJSON
    filters = (
        codes("code", "Only these (ISO 3166-1 alpha-2).", lambda: Country.vocabulary().by_code, example=["KZ", "GE"]),
        codes("region", "Only those of some M49 regions or sub-regions.", regions, example=["143"]),
        flag("member", "Only those that belong to the network today, or only those that do not.", example=True),
    )
    examples = ("", "locale=kk", "code=KZ&locale=ru")

    def rows(self, asked: Asked, code: str = "") -> list[Country]:
        rows = Country.vocabulary().rows
        if asked["code"] is not None:
            rows = [row for row in rows if row in asked["code"]]
        if asked["region"] is not None:
            rows = [row for row in rows if {row.region, row.subregion} & {*asked["region"]}]
        return [row for row in rows if asked["member"] in {None, is_member(row)}]

    shape = staticmethod(serialisers.country_json)


def is_member(country: Country) -> bool:
    today = timezone.localdate()
    return any(one.since <= today and (one.until is None or one.until >= today) for one in country.memberships.all())


class CountryDetail(DetailEndpoint):
    is_kept = True
    tag, summary, item = TAG, "One country", shapes.CountryJSON
    in_path = by_code("ISO 3166-1 alpha-2.", "KZ")

    def find(self, code: str) -> Any:
        return found(Country.vocabulary().by_code, code, "country")

    shape = staticmethod(serialisers.country_json)


class Themes(ListEndpoint):
    """Themes in their order, at most three levels deep."""

    is_kept = True
    tag, summary, item = TAG, "Themes", shapes.ThemeJSON
    filters = (codes("parent", "Only those right below these.", lambda: Theme.vocabulary().by_code),)
    examples = ("", "locale=ru")

    def rows(self, asked: Asked, code: str = "") -> list[Theme]:
        rows = Theme.vocabulary().rows
        above = None if asked["parent"] is None else {row.pk for row in asked["parent"]}
        return [row for row in rows if above is None or row.parent_id in above]

    shape = staticmethod(serialisers.theme_json)


class ThemeDetail(DetailEndpoint):
    is_kept = True
    tag, summary, item = TAG, "One theme", shapes.ThemeJSON
    in_path = by_code("Of the theme.", "digital")

    def find(self, code: str) -> Any:
        return found(Theme.vocabulary().by_code, code, "theme")

    shape = staticmethod(serialisers.theme_json)


def load_logos(rows: list[Organisation]) -> list[Organisation]:
    """Load the logos that anybody may see, which the shape looks for in the memory of the request."""
    private = CollectionViewRestriction.objects.values("collection__path")
    logos = Image.objects.select_related("collection").in_bulk({row.logo_id for row in rows} - {None})
    closed = tuple(one["collection__path"] for one in private) if logos else ()
    shown = {(LOGO, pk): logo for pk, logo in logos.items() if not logo.collection.path.startswith(closed)}
    memory.objects().update(shown)
    return rows


class Organisations(ListEndpoint):
    """Organisations, by their codes."""

    is_kept = True
    tag, summary, item = TAG, "Organisations", shapes.OrganisationJSON
    filters = (
        codes("code", "Only these.", lambda: Organisation.vocabulary().by_code),
        codes("country", "Only those of some countries.", lambda: Country.vocabulary().by_code, example=["KZ"]),
        some_of("kind", "Only those of some kinds.", OrganisationKind.values, example=["ministry"]),
        text("q", "Only those of which a name or the code contains these letters.", example="ministry"),
    )
    examples = ("", "locale=kk", "q=ministry")

    def rows(self, asked: Asked, code: str = "") -> list[Organisation]:
        rows = Organisation.vocabulary().rows
        if asked["code"] is not None:
            rows = [row for row in rows if row in asked["code"]]
        if asked["country"] is not None:
            rows = [row for row in rows if row.country in asked["country"]]
        if asked["kind"] is not None:
            rows = [row for row in rows if row.kind in asked["kind"]]
        return [row for row in rows if asked["q"] is None or has_letters(row, asked["q"])]

    load = staticmethod(load_logos)
    shape = staticmethod(serialisers.organisation_json)


def has_letters(row: Organisation, letters: str) -> bool:
    texts = [row.code, row.acronym, row.native_name, *serialisers.texts_of(row).values()]
    return any(letters.casefold() in text.casefold() for text in texts)


class OrganisationDetail(DetailEndpoint):
    is_kept = True
    tag, summary, item = TAG, "One organisation", shapes.OrganisationJSON
    in_path = by_code("Of the organisation.", "ministry-of-order")

    def find(self, code: str) -> Any:
        (row,) = load_logos([found(Organisation.vocabulary().by_code, code, "organisation")])
        return row

    shape = staticmethod(serialisers.organisation_json)


class Vocabularies(ListEndpoint):
    """Levels of government, stages and types of innovation, functions of government, goals."""

    is_kept = True
    tag, summary, item = TAG, "Classifications", shapes.VocabularyJSON
    examples = ("", "locale=kk")

    def rows(self, asked: Asked, code: str = "") -> list[Scheme]:
        return list(Scheme)

    shape = staticmethod(serialisers.vocabulary_json)


class Concepts(ListEndpoint):
    """The concepts of a classification, in their order."""

    is_kept = True
    tag, summary, item = TAG, "Concepts of a classification", shapes.ConceptJSON
    in_path = by_code("Of the classification.", Scheme.LEVEL.value)
    filters = (text("parent", "Only those right below the concept with this code.", example="national"),)

    def rows(self, asked: Asked, code: str = "") -> list[Concept]:
        if code not in Scheme.values:
            raise Http404(f"There is no classification {code}.")
        rows = serialisers.concepts_of(code)
        if asked["parent"] is None:
            return list(rows.values())
        above = rows.get(asked["parent"])
        return [row for row in rows.values() if above and row.parent_id == above.pk]

    shape = staticmethod(serialisers.concept_json)
