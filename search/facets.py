"""Facets: ways to narrow a list, with the number of items behind each value.

Values of one facet add up (either of them), facets multiply (all of them). The number beside a value is the number
of items that choosing it alone in its facet would show, the other facets unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import CharField, Count, IntegerField, Q, Value
from django.db.models.functions import Cast

from taxonomy.models import Concept, Country, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import Promise

Pages = Any  # a page queryset: Wagtail ships no type information for it


@dataclass(frozen=True)
class Facet:
    """Narrow by the values at an ORM path, for example `status` or `page_countries__country__code`."""

    name: str
    label: str | Promise
    path: str

    def apply(self, pages: Pages, values: Sequence[str]) -> Pages:
        matches = pages.model._base_manager.filter(**{f"{self.path}__in": values})
        return pages.filter(pk__in=matches.values("pk"))

    def count_query(self, pages: Pages, number: int) -> Pages:
        """How many of the pages have each value, as rows of (`number`, value, count)."""
        values = pages.order_by().annotate(value=Cast(self.counted_path, CharField())).values_list("value")
        counted = values.annotate(facet=Value(number, IntegerField()), number=Count("pk"))
        return counted.values_list("facet", "value", "number")

    @property
    def counted_path(self) -> str:
        return self.path

    def value_of(self, counted: str) -> str:
        """The value that a reader chooses, from the one that was counted."""
        return counted

    def counts(self, own: dict[str, int], pages: Pages) -> dict[str, int]:
        """The numbers to show, from those of the values themselves."""
        return own

    def labels(self, values: Sequence[str]) -> dict[str, str]:
        return dict(zip(values, values, strict=True))

    def ordered(self, labels: dict[str, str], counts: dict[str, int]) -> list[str]:
        """Values in the order in which they are offered: the frequent ones first."""
        return sorted(labels, key=lambda value: (-counts.get(value, 0), labels[value]))

    def accepts(self, value: str) -> bool:
        """Whether a value from the query string can mean anything to this facet."""
        return value.isprintable()


@dataclass(frozen=True)
class ChoiceFacet(Facet):
    """Values of a fixed list, in the order of the list."""

    choices: Sequence[tuple[str, Any]] = ()

    def labels(self, values: Sequence[str]) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.choices if str(value) in values}

    def ordered(self, labels: dict[str, str], counts: dict[str, int]) -> list[str]:
        return list(labels)

    def accepts(self, value: str) -> bool:
        return value in {str(choice) for choice, _label in self.choices}


@dataclass(frozen=True)
class YearFacet(Facet):
    """Years, newest first."""

    def ordered(self, labels: dict[str, str], counts: dict[str, int]) -> list[str]:
        return sorted(labels, reverse=True)

    def accepts(self, value: str) -> bool:
        return value.isascii() and value.isdigit() and len(value) == 4  # noqa: PLR2004 - digits of a year


@dataclass(frozen=True)
class VocabularyFacet(Facet):
    """Rows of a vocabulary; `path` leads to their codes. They are counted by their keys, which takes no join."""

    model: ClassVar[Any]

    def apply(self, pages: Pages, values: Sequence[str]) -> Pages:
        """Asks the rows that link pages to the vocabulary, without the pages themselves."""
        relation, _dot, target = self.counted_path.partition("__")
        field = pages.model._meta.get_field(relation)
        model = field.related_model if target else field.remote_field.through
        owner, key = (field.field.name, target) if target else (field.m2m_field_name(), field.m2m_reverse_field_name())
        keys = [row.pk for row in self.model.vocabulary().rows if row.code in set(values)]
        return pages.filter(pk__in=model._base_manager.filter(**{f"{key}__in": keys}).values(owner))

    @property
    def counted_path(self) -> str:
        return self.path.removesuffix("__code")

    def value_of(self, counted: str) -> str:
        return str(self.model.vocabulary().by_pk[int(counted)].code)

    def labels(self, values: Sequence[str]) -> dict[str, str]:
        return labels_of(self.model.vocabulary().rows, values)


@dataclass(frozen=True)
class CountryFacet(VocabularyFacet):
    path: str = "page_countries__country__code"
    model: ClassVar[Any] = Country


@dataclass(frozen=True)
class ConceptFacet(VocabularyFacet):
    """Concepts of one scheme; `path` leads to the concept's code."""

    scheme: str = ""
    model: ClassVar[Any] = Concept

    def labels(self, values: Sequence[str]) -> dict[str, str]:
        return labels_of([row for row in Concept.vocabulary().rows if row.scheme == self.scheme], values)

    def ordered(self, labels: dict[str, str], counts: dict[str, int]) -> list[str]:
        return list(labels)


@dataclass(frozen=True)
class ThemeFacet(VocabularyFacet):
    """Themes; a theme stands for all the themes below it."""

    path: str = "page_themes__theme__code"
    model: ClassVar[Any] = Theme

    def apply(self, pages: Pages, values: Sequence[str]) -> Pages:
        tree = ThemeTree.load()
        return super().apply(pages, [code for value in values for code in tree.with_descendants(value)])

    def counts(self, own: dict[str, int], pages: Pages) -> dict[str, int]:
        tree = ThemeTree.load()
        parents = [code for code in tree.codes if tree.children.get(code)]
        sums = pages.order_by().aggregate(
            **{
                f"theme_{index}": Count(
                    "pk", distinct=True, filter=Q(**{f"{self.counted_path}__in": tree.keys_below(code)})
                )
                for index, code in enumerate(parents)
            }
        )
        return own | {code: sums[f"theme_{index}"] for index, code in enumerate(parents) if sums[f"theme_{index}"]}


def labels_of(rows: Iterable[Any], codes: Sequence[str]) -> dict[str, str]:
    """Code and label of the vocabulary rows with these codes, in the order of the vocabulary."""
    wanted = set(codes)
    return {row.code: row.label for row in rows if row.code in wanted}


@dataclass(frozen=True)
class ThemeTree:
    """Codes of all themes and who stands below whom."""

    codes: list[str]
    children: dict[str, list[str]]

    @classmethod
    def load(cls) -> ThemeTree:
        themes = Theme.vocabulary()
        children: dict[str, list[str]] = {}
        for theme in themes.rows:
            if theme.parent_id:
                children.setdefault(themes.by_pk[theme.parent_id].code, []).append(theme.code)
        return cls([theme.code for theme in themes.rows], children)

    def keys_below(self, code: str) -> list[int]:
        """The primary keys of a theme and of all themes below it."""
        themes = Theme.vocabulary().by_code
        return [themes[one].pk for one in self.with_descendants(code)]

    def with_descendants(self, code: str) -> list[str]:
        return [code, *(below for child in self.children.get(code, []) for below in self.with_descendants(child))]
