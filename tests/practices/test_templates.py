"""What readers see of a practice."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import html5lib
import pytest

from practices.choices import AdaptationStatus
from practices.models import PracticeFile, PracticeLink, PracticeResult
from tests.factories.media import make_document
from tests.factories.pages import make_adaptation, make_practice
from tests.factories.site import published
from tests.factories.vocabularies import make_country, make_organisation

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def texts(page: str, name: str, css_class: str = "") -> list[str]:
    """The words of all elements of a name and class."""
    found = html5lib.parse(page, namespaceHTMLElements=False).iter(name)
    return [
        " ".join("".join(element.itertext()).split())
        for element in found
        if not css_class or css_class in (element.get("class") or "").split()
    ]


@pytest.fixture
def practice(site: Site) -> Any:
    results = [
        PracticeResult(text="Waiting fell.", before=14, after=3, unit="days", date=datetime.date(2022, 12, 31)),
        PracticeResult(text="Trust grew."),
        PracticeResult(text="Complaints.", after=4, evidence_url="https://example.org/evidence"),
    ]
    return make_practice(
        slug="one-window",
        results=results,
        files=[PracticeFile(document=make_document(), language="ru", title="Handbook")],
        links=[PracticeLink(url="https://example.org/rules", title="Rules")],
        start_year=2020,
        funding="The budget paid.",
    )


def test_results_are_a_table_of_before_and_after(client: Client, practice: Any) -> None:
    page = html(client, practice.url)
    rows = [row for row in texts(page, "tr") if not row.startswith("Result")]
    assert rows == [
        "Waiting fell. December 2022 14 days 3 days",
        "Trust grew. no figure",
        "Complaints. Evidence not measured 4",
    ]


def test_sections_stand_in_reading_order(client: Client, practice: Any) -> None:
    headings = texts(html(client, practice.url), "h2")
    wanted = [
        "Problem",
        "Approach",
        "Results",
        "Challenges and failures",
        "Lessons",
        "Cost and funding",
        "Files and links",
    ]
    assert [heading for heading in headings if heading in wanted] == wanted


def test_contents_lead_to_the_sections(client: Client, practice: Any) -> None:
    contents = html(client, practice.url).split('class="contents')[1].split("</nav>")[0]
    for anchor in ("problem", "results", "challenges", "funding"):
        assert f'href="#{anchor}"' in contents
    assert "adaptations" not in contents


def test_facts_lead_back_to_the_list(client: Client, practice: Any) -> None:
    page = html(client, practice.url)
    assert '<a href="../?country=KZ">Kazakhstan</a>' in page
    assert "since 2020" in page
    practice.end_year = 2023
    published(practice)
    assert "2020–2023" in html(client, practice.url)


def test_who_reused_it_is_told_in_the_readers_language_or_marked(client: Client, practice: Any) -> None:
    make_adaptation(
        practice,
        make_country("GE"),
        changed={"ru": "Формы короче."},
        organisation=make_organisation("georgian-agency"),
        status=AdaptationStatus.RUNNING,
        start=datetime.date(2021, 9, 1),
        confirmed_by_origin=True,
    )
    page = html(client, practice.url)
    section = page.split('aria-labelledby="adaptations"')[1].split("</section>")[0]
    assert texts(section, "h3") == ["Georgia"]
    assert texts(section, "ul", "row-facts")[0].startswith("Running Georgian agency September 2021")
    assert '<div class="prose" lang="ru" dir="ltr">' in section
    assert 'href="#adaptations"' in page


def test_files_say_their_language_and_size(client: Client, practice: Any) -> None:
    page = html(client, practice.url)
    assert any(text.startswith("Handbook (PDF,") and text.endswith("Russian)") for text in texts(page, "li"))
    assert "Rules example.org" in texts(page, "li")


def test_a_citation_can_be_copied(client: Client, practice: Any) -> None:
    page = html(client, practice.url)
    assert texts(page, "p", "citation")[0].endswith(
        "One window. Shared Practice. http://testserver/en/practices/one-window/"
    )
    assert 'data-copy="citation"' in page


def test_the_contact_form_is_offered_only_where_there_is_one(client: Client, practice: Any) -> None:
    assert "Write to the contact" not in html(client, practice.url)
    practice.has_contact_form, practice.contact_email = True, "person@example.org"
    published(practice)
    page = html(client, practice.url)
    assert f'href="/en/practices-contact/{practice.pk}/"' in page
    assert "person@example.org" not in page
