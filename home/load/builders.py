"""Generated pages by type: the share of each, its facts and its texts, all derived from the number of the item."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.utils import timezone

from cms.core.choices import ReviewState
from cms.core.models import PageCountry, PageOrganisation, PageTheme
from news.choices import EventKind, EventMode, NewsKind
from news.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from practices.choices import CostBand, PracticeStatus
from practices.models import PracticeIndexPage, PracticePage, PracticeResult
from reports.choices import Clearance, FollowUp, Priority
from reports.models import CountryReportPage, Recommendation, ReportIndicator

if TYPE_CHECKING:
    from home.load.material import Material, Texts

NAMESPACE = UUID("6f1f2e7c-5a0e-4c5c-9d0b-0d7c1a4a6f10")
SLUG_PREFIX = "load-"
YEARS = 6
SHARES = {PracticePage: 60, NewsPage: 25, CountryReportPage: 10, EventPage: 5}
RICH_FIELDS = ("problem", "approach", "novelty", "beneficiaries", "challenges", "lessons")


@dataclass
class Plan:
    """One item: what is the same in all its languages."""

    number: int
    material: Material
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.number)
        self.model: Any = self.random.choices(list(SHARES), weights=list(SHARES.values()))[0]
        self.key = uuid5(NAMESPACE, str(self.number))
        self.published = timezone.now() - datetime.timedelta(minutes=self.random.randrange(YEARS * 365 * 24 * 60))
        self.country = self.random.choice(self.material.countries)
        self.countries = list(dict.fromkeys([self.country, *self._some(self.material.countries)]))
        self.themes = self._some(self.material.themes)
        self.organisation = self.random.choice(self.material.organisations)
        self.level = self.random.choice(self.material.levels)
        self.type = self.random.choice(self.material.types)
        self.indicators = self._some(self.material.indicators)
        self.facts: dict[str, Any] = FACTS[self.model](self)

    def _some(self, rows: list[Any]) -> list[Any]:
        return self.random.sample(rows, self.random.randint(1, min(3, len(rows))))

    def parent(self, language: str) -> Any:
        if self.model is CountryReportPage:
            return self.material.profiles[language][self.country]
        return self.material.parents[language][INDEXES[self.model]]

    def page(self, language: str) -> Any:
        """The page in one language, without its place in the tree."""
        texts, random = self.material.texts[language], Random(f"{self.number}-{language}")
        return self.model(
            title=texts.title(random, self.number),
            slug=f"{SLUG_PREFIX}{self.number}",
            summary=texts.plain(random, 2)[:400],
            source_language="en",
            country_id=self.country,
            review_state=self.random.choice(ReviewState.values),
            is_illustrative=True,
            translation_key=self.key,
            body=_body(texts, random),
            **self.facts,
            **TEXTS[self.model](texts, random),
        )

    def parts(self, page: Any) -> list[Any]:
        """The rows that belong to a page which has an id by now."""
        common = [
            *(
                PageCountry(page_id=page.pk, country_id=row, sort_order=place)
                for place, row in enumerate(self.countries)
            ),
            *(PageTheme(page_id=page.pk, theme=theme, sort_order=place) for place, theme in enumerate(self.themes)),
            PageOrganisation(page_id=page.pk, organisation=self.organisation, sort_order=0),
        ]
        return [*common, *PARTS[self.model](self, page)]


def _body(texts: Texts, random: Random) -> str:
    heading = {"type": "heading", "value": texts.plain(random, 1)[:80]}
    quote = {"type": "quote", "value": {"text": texts.plain(random, 1), "attribution": ""}}
    return json.dumps([heading, {"type": "text", "value": texts.rich(random)}, quote])


def _practice_facts(plan: Plan) -> dict[str, Any]:
    return {
        "status": plan.random.choice(PracticeStatus.values),
        "cost_band": plan.random.choice(CostBand.values),
        "start_year": plan.random.randint(2012, 2025),
        "lead_organisation": plan.organisation,
    }


def _news_facts(plan: Plan) -> dict[str, Any]:
    return {"kind": plan.random.choice(NewsKind.values), "date": plan.published.date()}


def _report_facts(plan: Plan) -> dict[str, Any]:
    year = plan.published.year - 1
    return {
        "period_start": datetime.date(year, 1, 1),
        "period_end": datetime.date(year, 12, 31),
        "author_organisation": plan.organisation,
        "clearance": Clearance.CLEARED,
    }


def _event_facts(plan: Plan) -> dict[str, Any]:
    start = plan.published + datetime.timedelta(days=plan.random.randrange(200))
    return {
        "kind": plan.random.choice(EventKind.values),
        "mode": plan.random.choice(EventMode.values),
        "start": start,
        "end": start + datetime.timedelta(hours=2),
    }


def _practice_parts(plan: Plan, page: Any) -> list[Any]:
    text = plan.material.texts[page.locale.language_code].plain(plan.random, 1)
    key = uuid5(plan.key, "result")
    levels, types = PracticePage.levels.through, PracticePage.innovation_types.through
    return [
        PracticeResult(
            practice=page, text=text, before=12, after=3, locale=page.locale, translation_key=key, sort_order=0
        ),
        levels(practicepage_id=page.pk, concept_id=plan.level.pk),
        types(practicepage_id=page.pk, concept_id=plan.type.pk),
    ]


def _report_parts(plan: Plan, page: Any) -> list[Any]:
    text = plan.material.texts[page.locale.language_code].plain(plan.random, 2)
    return [
        Recommendation(
            report=page,
            text=text,
            priority=Priority.HIGH,
            follow_up=FollowUp.ACCEPTED,
            locale=page.locale,
            translation_key=uuid5(plan.key, "recommendation"),
            sort_order=0,
        ),
        *(
            ReportIndicator(
                report=page,
                indicator=row,
                locale=page.locale,
                translation_key=uuid5(plan.key, row.code),
                sort_order=place,
            )
            for place, row in enumerate(plan.indicators)
        ),
    ]


INDEXES: dict[Any, Any] = {PracticePage: PracticeIndexPage, NewsPage: NewsIndexPage, EventPage: EventIndexPage}
FACTS: dict[Any, Any] = {
    PracticePage: _practice_facts,
    NewsPage: _news_facts,
    CountryReportPage: _report_facts,
    EventPage: _event_facts,
}
TEXTS: dict[Any, Any] = {
    PracticePage: lambda texts, random: {name: texts.rich(random) for name in RICH_FIELDS},
    NewsPage: lambda _texts, _random: {},
    CountryReportPage: lambda _texts, _random: {},
    EventPage: lambda texts, random: {"agenda": texts.rich(random), "place": texts.plain(random, 1)[:60]},
}
PARTS: dict[Any, Any] = {
    PracticePage: _practice_parts,
    NewsPage: lambda _plan, _page: [],
    CountryReportPage: _report_parts,
    EventPage: lambda _plan, _page: [],
}
