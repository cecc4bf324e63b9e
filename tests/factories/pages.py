"""Live pages that hold everything their type requires; facts are given by name and replace what stands here.

Besides the fields of the page: `countries`, `themes` and `related` take rows, `organisations` pairs of organisation and
role. `publish` and `translate` of `tests.factories.site` serve for everything else.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cms.core.models import PageCountry, PageOrganisation, PageRelation, PageTheme
from home.models import StandardPage
from news.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from practices.models import AdaptationText, PracticeAdaptation, PracticeIndexPage, PracticePage, PracticeResult
from reports.models import CountryIndexPage, CountryPage, CountryReportPage
from tests.factories.site import homes, index_page, publish
from tests.factories.vocabularies import make_concept, make_country, make_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

SUMMARY = "What was done, and what came of it."
PRACTICE_TEXTS = ("problem", "approach", "novelty", "beneficiaries", "challenges", "lessons")


def make_practice(parent: Any = None, **facts: Any) -> PracticePage:
    """A practice of Kazakhstan with one result, below the English catalogue unless a parent is given."""
    texts = {name: f"<p>The {name} of it.</p>" for name in PRACTICE_TEXTS}
    given = texts | {
        "title": "One window",
        "country": given_or(facts, "country", make_country),
        "lead_organisation": given_or(facts, "lead_organisation", make_organisation),
        "levels": given_or(facts, "levels", lambda: [make_concept()]),
        "results": [PracticeResult(text="The waiting time fell.", before=14, after=3, unit="days")],
    }
    return make_page(PracticePage, parent or index_page(PracticeIndexPage), given | facts)


def make_country_page(parent: Any = None, **facts: Any) -> CountryPage:
    """The profile of a country, Kazakhstan unless one is given."""
    country = given_or(facts, "country", make_country)
    given = {"title": country.label, "country": country, "introduction": "<p>What the country shares.</p>"}
    return make_page(CountryPage, parent or index_page(CountryIndexPage), given | facts)


def make_report(parent: Any = None, **facts: Any) -> CountryReportPage:
    """A report of 2021 below a country page, made where none is given."""
    parent = parent or CountryPage.objects.filter(locale__language_code="en").first() or make_country_page()
    given = {
        "title": "Report 2021",
        "author_organisation": given_or(facts, "author_organisation", make_organisation),
        "country": parent.country,
        "period_start": datetime.date(2021, 1, 1),
        "period_end": datetime.date(2021, 12, 31),
    }
    return make_page(CountryReportPage, parent, given | facts)


def make_news(parent: Any = None, **facts: Any) -> NewsPage:
    given = {"title": "Handbook published", "date": datetime.date(2022, 5, 4)}
    return make_page(NewsPage, parent or index_page(NewsIndexPage), given | facts)


def make_event(parent: Any = None, **facts: Any) -> EventPage:
    """A webinar of two hours in a week's time."""
    start = facts.setdefault("start", timezone.now() + datetime.timedelta(days=7))
    facts.setdefault("end", start + datetime.timedelta(hours=2))
    return make_page(EventPage, parent or index_page(EventIndexPage), {"title": "Measuring waiting times"} | facts)


def make_standard_page(parent: Any = None, **facts: Any) -> StandardPage:
    return make_page(StandardPage, parent or homes()["en"], {"title": "About"} | facts)


def given_or(facts: dict[str, Any], name: str, make: Callable[[], Any]) -> Any:
    """A fact as given, or one made for want of it: no row is made that nobody asked for."""
    return facts[name] if name in facts else make()


def make_page(model: Any, parent: Any, facts: dict[str, Any]) -> Any:
    facts = {"summary": SUMMARY} | facts
    country = facts.get("country")
    countries = facts.pop("countries", [country] if country else [])
    themes, organisations, related = (facts.pop(name, []) for name in ("themes", "organisations", "related"))
    many = {name: facts.pop(name) for name in list(facts) if isinstance(facts[name], list) and name != "body"}
    page = model(**facts)
    page.page_countries = [PageCountry(country=row) for row in countries]
    page.page_themes = [PageTheme(theme=row) for row in themes]
    page.page_organisations = [PageOrganisation(organisation=row, role=role) for row, role in organisations]
    page.page_relations = [PageRelation(related=row) for row in related]
    for name, rows in many.items():
        setattr(page, name, rows)
    return publish(parent, page)


def make_adaptation(
    practice: PracticePage, country: Any = None, *, changed: dict[str, str] | None = None, **facts: Any
) -> PracticeAdaptation:
    """An adaptation in Georgia unless another country is given; `changed` is its text by language."""
    adaptation = PracticeAdaptation.objects.create(practice=practice, country=country or make_country("GE"), **facts)
    for language, text in ({"en": "The forms are shorter."} if changed is None else changed).items():
        AdaptationText.objects.create(adaptation=adaptation, language=language, changed=text)
    return adaptation
