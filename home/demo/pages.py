"""Builds unsaved pages, with all their parts, from items of content: one function per page type.

Ids of parts are the same in every language and at every run, so that the parts of a translation correspond to those
of its source.
"""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.files.images import ImageFile
from django.utils import timezone

from cms.core.models import PageCountry, PageOrganisation, PageTheme
from cms.media.models import Image
from home.demo import pictures, texts
from news.choices import EventStatus
from news.models import EventLanguage, EventMaterial, EventPage, EventSpeaker, NewsPage
from practices.models import PracticeFunction, PracticeLink, PracticePage, PracticeResult, PracticeTarget
from practices.models.pages import SECTIONS
from reports.models import (
    CountryPage,
    CountryReportPage,
    Indicator,
    KeyIndicator,
    Measure,
    Recommendation,
    ReportIndicator,
    ReportMeasure,
    ReportSource,
)
from taxonomy.choices import Scheme
from taxonomy.models import Concept, Country, Organisation, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.core.models import BasePage
    from home.demo.reader import Item

MEASURES_PER_REPORT = 12
COVER_ALT = {
    "en": "A drawn landscape: ridges of hills, one behind the other, under a low sun.",
    "ru": "Рисунок: гряды холмов одна за другой под низким солнцем.",
    "kk": "Сурет: аласа күн астында бірінің артында бірі созылған жоталар.",
}


class Vocabulary:
    """The rows that items refer to by code, loaded once."""

    def __init__(self) -> None:
        self.countries = {row.code: row for row in Country.objects.all()}
        self.themes = {row.code: row for row in Theme.objects.all()}
        self.organisations = {row.code: row for row in Organisation.objects.all()}
        self.indicators = {row.code: row for row in Indicator.objects.all()}
        self.concepts = {(row.scheme, row.code): row for row in Concept.objects.all()}

    def concepts_of(self, scheme: str, codes: Iterable[str]) -> list[Concept]:
        """Known concepts; an SDG target that is not installed is replaced by its goal."""
        found = []
        for code in codes:
            concept = self.concepts.get((scheme, code)) or self.concepts.get((scheme, code.split(".")[0]))
            if concept and concept not in found:
                found.append(concept)
        return found


def practice(item: Item, language: str, words: Vocabulary) -> PracticePage:
    facts, text = item.facts, item.text(language)
    page = PracticePage(
        **{name: texts.rich_text(text.get(name, "")) for name in SECTIONS},
        funding=text.get("funding", ""),
        start_year=facts.get("start_year"),
        end_year=facts.get("end_year"),
        status=facts["status"],
        cost_band=facts.get("cost_band", "unknown"),
        lead_organisation=words.organisations[facts["lead_organisation"]],
    )
    fill_common(page, item, language, words)
    page.levels = words.concepts_of(Scheme.LEVEL, facts["levels"])
    page.stages = words.concepts_of(Scheme.STAGE, facts.get("stages", []))
    page.innovation_types = words.concepts_of(Scheme.INNOVATION_TYPE, facts.get("innovation_types", []))
    page.functions = [
        PracticeFunction(concept=concept) for concept in words.concepts_of(Scheme.COFOG, facts.get("cofog", []))
    ]
    page.sdg_targets = [
        PracticeTarget(concept=concept) for concept in words.concepts_of(Scheme.SDG, facts.get("sdg_targets", []))
    ]
    page.results = [
        PracticeResult(
            translation_key=item.uid("result", index),
            text=row["text"][language],
            before=row.get("before"),
            after=row.get("after"),
            unit=row.get("unit", {}).get(language, ""),
            date=row.get("date"),
        )
        for index, row in enumerate(facts["results"])
    ]
    page.links = [
        PracticeLink(translation_key=item.uid("link", index), url=row["url"], title=row["title"][language])
        for index, row in enumerate(facts.get("links", []))
    ]
    return page


def country(item: Item, language: str, words: Vocabulary) -> CountryPage:
    text = item.text(language)
    page = CountryPage(
        introduction=texts.rich_text(text["introduction"]), civil_service=texts.rich_text(text["civil_service"])
    )
    fill_common(page, item, language, words)
    page.key_indicators = [KeyIndicator(indicator=words.indicators[code]) for code in item.facts["key_indicators"]]
    return page


def report(item: Item, language: str, words: Vocabulary) -> CountryReportPage:
    facts = item.facts
    start, end = facts["period_start"], facts["period_end"]
    page = CountryReportPage(
        period_start=start,
        period_end=end,
        edition=facts["edition"],
        author_organisation=words.organisations[facts["author_organisation"]],
        clearance=facts["clearance"],
    )
    fill_common(page, item, language, words)
    page.indicator_panel = [
        ReportIndicator(
            translation_key=item.uid("indicator", index),
            indicator=words.indicators[row["code"]],
            chart_type=row["chart"],
            note=row.get("note", {}).get(language, ""),
        )
        for index, row in enumerate(facts["indicators"])
    ]
    page.recommendations = [
        Recommendation(
            translation_key=item.uid("recommendation", index),
            text=row["text"][language],
            addressed_to=row["addressed_to"],
            priority=row["priority"],
            deadline=row.get("deadline"),
            follow_up=row["follow_up"],
            note=row.get("note", {}).get(language, ""),
        )
        for index, row in enumerate(facts["recommendations"])
    ]
    measures = Measure.objects.filter(country=words.countries[facts["country"]]).in_force(start, end)
    page.measures = [ReportMeasure(measure=measure) for measure in measures[:MEASURES_PER_REPORT]]
    page.sources = [
        ReportSource(title=row["title"], url=row.get("url", ""), year=row.get("year")) for row in facts["sources"]
    ]
    return page


def news(item: Item, language: str, words: Vocabulary) -> NewsPage:
    facts, text = item.facts, item.text(language)
    date = timezone.localdate() - datetime.timedelta(days=facts.get("date_days_ago", item.days_ago))
    page = NewsPage(
        kind=facts["kind"],
        date=date,
        valid_from=date if "valid_days" in facts else None,
        valid_until=date + datetime.timedelta(days=facts["valid_days"]) if "valid_days" in facts else None,
        is_pinned=facts.get("pinned", False),
        action_url=facts.get("action_url", ""),
        action_label=text.get("action_label", ""),
    )
    fill_common(page, item, language, words)
    return page


def event(item: Item, language: str, words: Vocabulary) -> EventPage:
    facts, text = item.facts, item.text(language)
    day = timezone.localdate() + datetime.timedelta(days=facts["starts_in_days"])
    start = datetime.datetime.combine(
        day, datetime.time.fromisoformat(facts["start_time"]), tzinfo=ZoneInfo(facts["time_zone"])
    )
    end = start + datetime.timedelta(minutes=facts["duration_minutes"])
    is_over = end < timezone.now() and facts["status"] != EventStatus.CANCELLED
    page = EventPage(
        kind=facts["kind"],
        start=start,
        end=end,
        time_zone=facts["time_zone"],
        mode=facts["mode"],
        place=text.get("place", ""),
        capacity=facts.get("capacity"),
        status=EventStatus.HELD if is_over else facts["status"],
        agenda=texts.rich_text(text.get("agenda", "")),
    )
    fill_common(page, item, language, words)
    page.languages = [EventLanguage(language=code) for code in facts.get("languages", [])] + [
        EventLanguage(language=code, is_interpretation=True) for code in facts.get("interpretation", [])
    ]
    page.speakers = [
        EventSpeaker(translation_key=item.uid("speaker", index), role=row["role"][language])
        for index, row in enumerate(facts.get("speakers", []))
    ]
    page.materials = [
        EventMaterial(language=row["language"], kind=row["kind"], url=row["url"], title=row["title"])
        for row in facts.get("materials", [])
    ]
    return page


def fill_common(page: BasePage, item: Item, language: str, words: Vocabulary) -> None:
    fill_texts(page, item, language, words)
    facts = item.facts
    page.country = words.countries.get(facts.get("country", ""))
    page.review_state = facts.get("review_state", "self-reported")
    page.is_illustrative = True
    page.cover_image = _cover(item) if facts.get("cover") else None
    page.page_countries = [PageCountry(country=words.countries[code]) for code in facts.get("countries", [])]
    page.page_themes = [PageTheme(theme=words.themes[code]) for code in facts.get("themes", [])]
    page.page_organisations = [
        PageOrganisation(organisation=words.organisations[row["code"]], role=row["role"])
        for row in facts.get("organisations", [])
    ]


def fill_texts(page: BasePage, item: Item, language: str, words: Vocabulary) -> None:
    """Title, slug, summary, body and what else every page says in words."""
    text: dict[str, str] = item.text(language)

    def directive(kind: str, name: str) -> dict[str, Any] | None:
        return _figure_block(item, kind, name, language, words)

    page.slug = str(text.get("slug", item.slug))
    page.title = text["title"]
    page.summary = text["summary"]
    page.attribution = text.get("attribution", "")
    page.cover_alt = COVER_ALT[language] if item.facts.get("cover") else ""
    page.source_language = item.source_language
    page.body = page.body.stream_block.to_python(texts.body(item, text.get("body", ""), directive))


def _figure_block(item: Item, kind: str, name: str, language: str, words: Vocabulary) -> dict[str, Any] | None:
    row = item.facts[f"{kind}s"][name]
    period = {"start": _day(row.get("start")), "end": _day(row.get("end"))}
    if kind == "timeline":
        return {"country": words.countries[row["country"]].pk, **period}
    return {
        "indicators": [words.indicators[code].pk for code in row["indicators"]],
        "countries": [words.countries[code].pk for code in row["countries"]],
        "chart_type": row.get("chart", "line"),
        "note": row.get("note", {}).get(language, ""),
        **period,
    }


def _day(month: str | None) -> str | None:
    return f"{month}-01" if month else None


def _cover(item: Item) -> Image:
    title = f"{item.slug} (cover)"
    existing = Image.objects.filter(title=title).first()
    if existing:
        return existing
    image = Image(title=title, credit="Shared Practice", licence_note="CC0-1.0")
    with ImageFile(io.BytesIO(pictures.cover(item.slug)), name=f"{item.slug}.jpg") as file:
        image.file = file
        image.save()
    return image
