"""Vocabularies as public JSON."""

import datetime
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from cms.core.shapes import Address, Code, Label, Picture

Texts = Annotated[dict[str, str], "By language; without `locale` only."]
InLanguage = Annotated[str, "In the language of `locale`, else in English, else in any."]


class MembershipJSON(TypedDict):
    """A period in which a country belonged to the network."""

    role: Label
    since: datetime.date
    until: datetime.date | None


class CountryJSON(TypedDict):
    """A country or territory of ISO 3166-1."""

    code: Annotated[str, "ISO 3166-1 alpha-2."]
    alpha3: Annotated[str, "ISO 3166-1 alpha-3."]
    m49: Annotated[str, "UN M49."]
    label: InLanguage
    labels: NotRequired[Texts]
    region: Annotated[Label | None, "M49."]
    subregion: Annotated[Label | None, "M49."]
    memberships: list[MembershipJSON]
    profile_url: Annotated[str | None, "The public profile of the country, where there is one."]


class ThemeJSON(TypedDict):
    """An issue that content addresses."""

    code: Code
    label: InLanguage
    labels: NotRequired[Texts]
    definition: InLanguage
    definitions: NotRequired[Texts]
    synonyms: Annotated[list[str], "Other words for it in the same language."]
    parent: Annotated[str | None, "The code of the theme above."]
    sort_order: int


class IdentifierJSON(TypedDict):
    scheme: Annotated[str, "ror or wikidata."]
    value: str


class OrganisationJSON(TypedDict):
    """A body that authors, leads, funds or publishes."""

    code: Code
    label: InLanguage
    labels: NotRequired[Texts]
    acronym: str
    native_name: Annotated[str, "In its own language."]
    kind: Label
    country: Label | None
    parent: Annotated[str | None, "The code of the organisation that it is part of."]
    merged_into: Annotated[str | None, "The code of the row to use instead: the same organisation existed twice."]
    url: str
    logo: Picture | None
    identifiers: list[IdentifierJSON]


class VocabularyJSON(TypedDict):
    """A classification, whose concepts stand at `url`."""

    code: Code
    label: InLanguage
    labels: NotRequired[Texts]
    concepts: Annotated[int, "How many there are."]
    url: Address


class ConceptJSON(TypedDict):
    """A concept of a classification."""

    code: Code
    vocabulary: Annotated[str, "The code of the classification."]
    label: InLanguage
    labels: NotRequired[Texts]
    parent: Annotated[str | None, "The code of the broader concept."]
    sort_order: int
