"""What generated pages are made of: words, vocabulary rows and figures that the database holds already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.html import strip_tags

from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage, PracticePage
from reports.models import CountryPage, Indicator
from taxonomy.choices import Scheme
from taxonomy.models import Concept, Organisation, Theme

if TYPE_CHECKING:
    from random import Random

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
TEXT_FIELDS = ("problem", "approach", "challenges", "lessons")


@dataclass(frozen=True)
class Texts:
    """Titles and sentences of one language, taken from the practices that exist in it."""

    titles: list[str]
    sentences: list[str]

    @classmethod
    def of(cls, language: str) -> Texts:
        practices = PracticePage.objects.filter(locale__language_code=language).exclude(slug__startswith="load-")
        rows = list(practices.values_list("title", *TEXT_FIELDS))
        texts = [strip_tags(text.replace("</p>", " ")) for _title, *texts in rows for text in texts]
        sentences = [sentence for text in texts for sentence in SENTENCE_END.split(text.strip()) if sentence]
        if not sentences:
            raise CommandError(f"There is no practice in “{language}” to take words from. Run first: manage.py demo")
        return cls([title for title, *_texts in rows], sentences)

    def title(self, random: Random, number: int) -> str:
        return f"{random.choice(self.titles)[:120]} ({number})"

    def plain(self, random: Random, count: int) -> str:
        return " ".join(random.choices(self.sentences, k=count))

    def rich(self, random: Random, paragraphs: int = 2) -> str:
        return "".join(f"<p>{self.plain(random, 3)}</p>" for _paragraph in range(paragraphs))


@dataclass(frozen=True)
class Material:
    """Everything that a generated page points to; the same for every page."""

    texts: dict[str, Texts]
    parents: dict[str, dict[Any, Any]]
    profiles: dict[str, dict[int, CountryPage]]
    countries: list[int]
    themes: list[Theme]
    organisations: list[Organisation]
    levels: list[Concept]
    types: list[Concept]
    indicators: list[Indicator]

    @classmethod
    def collect(cls) -> Material:
        """Raises `CommandError` with what to do where the database holds too little."""
        languages = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]
        profiles = {
            language: {page.country_id: page for page in CountryPage.objects.filter(locale__language_code=language)}
            for language in languages
        }
        countries = sorted(set.intersection(*(set(found) for found in profiles.values())))
        if not countries:
            raise CommandError("There is no country profile in all languages. Run first: manage.py demo")
        return cls(
            texts={language: Texts.of(language) for language in languages},
            parents={language: _indexes(language) for language in languages},
            profiles=profiles,
            countries=countries,
            themes=_rows(Theme.objects.all()),
            organisations=_rows(Organisation.objects.all()),
            levels=_rows(Concept.objects.filter(scheme=Scheme.LEVEL)),
            types=_rows(Concept.objects.filter(scheme=Scheme.INNOVATION_TYPE)),
            indicators=_rows(Indicator.objects.all()),
        )


def _rows(found: Any) -> list[Any]:
    rows = list(found)
    if not rows:
        raise CommandError(f"There is no {found.model._meta.verbose_name} to point to. Run first: manage.py demo")
    return rows


def _indexes(language: str) -> dict[Any, Any]:
    models = (PracticeIndexPage, NewsIndexPage, EventIndexPage)
    found = {model: model.objects.filter(locale__language_code=language).first() for model in models}
    missing = [model.__name__ for model, page in found.items() if page is None]
    if missing:
        raise CommandError(f"There is no {missing[0]} in “{language}”. Run first: manage.py demo")
    return found
