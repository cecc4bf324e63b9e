"""The lists of pages by type: what stands in them, how they are narrowed, how a page is added from them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow, WorkflowTask
from wagtail.users.models import UserProfile

from cms.core.choices import ReviewState
from home.viewsets import ContentGroup
from news.choices import EventStatus
from practices.choices import AdaptationStatus, PracticeStatus
from practices.models import PracticeAdaptation, PracticeIndexPage, PracticePage
from reports.choices import Clearance
from tests.admin_lists import exported, list_url, names, rows
from tests.answers import queries
from tests.editing import add_url
from tests.factories.ideas import make_published_idea
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
)
from tests.factories.site import index_page, translate
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from cms.users.models import User

pytestmark = pytest.mark.usefixtures("site")

PRACTICES = "/admin/practices/"
MAKERS: dict[str, Callable[..., Any]] = {
    "practices": make_practice,
    "country-profiles": make_country_page,
    "country-reports": make_report,
    "news": make_news,
    "events": make_event,
}


def make_idea_page(*, title: str, slug: str, country: Any, themes: list[Any]) -> Any:
    """The page of an idea, which nobody adds by hand."""
    facts = {"country": country, "theme": themes[0], "email": f"{slug}@example.org"}
    return make_published_idea(title=f"{title} as an idea", **facts)


ALL_MAKERS: dict[str, Callable[..., Any]] = MAKERS | {"published-ideas": make_idea_page}
CODES = ["AM", "BY", "GE", "KG", "MN", "TJ"]


@pytest.fixture
def editor(client: Client, django_user_model: type[User]) -> Client:
    """Signed in as an editor, whose rights depend on the page."""
    user = django_user_model.objects.create_user("editor", "editor@example.org", "secret-pass-123")
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ALL_MAKERS)
def test_the_number_of_queries_does_not_grow_with_the_pages(editor: Client, name: str) -> None:
    def make(code: str) -> Any:
        theme = make_theme(code.lower())
        return ALL_MAKERS[name](title=code, slug=code.lower(), country=make_country(code), themes=[theme])

    for code in CODES[:2]:
        make(code)
    few = queries(editor, reverse(f"{name}:index"))
    for code in CODES[2:]:
        make(code)

    assert queries(editor, reverse(f"{name}:index")) == few


def test_there_is_a_list_for_each_maker() -> None:
    assert {listing.name for listing in ContentGroup.listings} == set(ALL_MAKERS)


def test_practices_show_their_facts(admin_client: Client) -> None:
    make_practice(title="One window", status=PracticeStatus.SCALED, start_year=2019)

    row = rows(admin_client, PRACTICES)[0]

    assert row[:6] == ["One window", "Kazakhstan", "English", "Scaled up", "2019", "Self-reported"]
    assert "live" in row[-1].lower()


def test_reports_news_and_events_show_their_times(admin_client: Client) -> None:
    make_report(edition=2, clearance=Clearance.CLEARED)
    make_news(title="Handbook")
    start = datetime.datetime(2030, 3, 1, 10, tzinfo=datetime.UTC)
    make_event(title="Webinar", start=start, status=EventStatus.OPEN, time_zone="Asia/Almaty")

    assert rows(admin_client, "/admin/country-reports/")[0][3:6] == ["2021", "2", "Cleared"]
    assert rows(admin_client, "/admin/news/")[0][:4] == ["Handbook", "English", "News", "4 May 2022"]
    event = rows(admin_client, "/admin/events/")[0]
    assert event[:3] == ["Webinar", "English", "Open for registration"]
    assert event[3] == "1 March 2030, 15:00 (Asia/Almaty)"


def test_pages_are_filtered_by_country_theme_and_state_of_review(admin_client: Client) -> None:
    georgia, services = make_country("GE"), make_theme("services")
    make_practice(title="Near", slug="near", country=georgia, review_state=ReviewState.VERIFIED)
    make_practice(title="Far", slug="far", themes=[make_theme("windows", services)])

    assert names(admin_client, PRACTICES, {"country": georgia.pk}) == ["Near"]
    assert names(admin_client, PRACTICES, {"theme": services.pk}) == ["Far"], "a theme stands for those below it"
    assert names(admin_client, PRACTICES, {"review_state": "verified"}) == ["Near"]
    assert names(admin_client, PRACTICES, {"country": georgia.pk, "q": "far"}) == []
    assert names(admin_client, PRACTICES, {"theme": services.pk, "q": "far"}) == ["Far"]


def test_pages_are_filtered_by_language_and_status(admin_client: Client) -> None:
    practice = make_practice(title="One window", status=PracticeStatus.ENDED)
    translate(practice, "ru", title="Одно окно")
    make_practice(title="Other", slug="other")

    assert names(admin_client, PRACTICES, {"locale": "ru"}) == ["Одно окно"]
    assert set(names(admin_client, PRACTICES, {"status": "ended"})) == {"One window", "Одно окно"}


def test_pages_are_filtered_by_state_of_publication(admin_client: Client, admin_user: User) -> None:
    pages = {name: make_practice(title=name, slug=name) for name in ("live", "changed", "draft", "scheduled", "review")}
    pages["changed"].save_revision()
    for name in ("draft", "scheduled", "review"):
        pages[name].unpublish()
    pages["scheduled"].go_live_at = timezone.now() + datetime.timedelta(days=1)
    pages["scheduled"].save_revision().publish()
    workflow = Workflow.objects.filter(active=True).first() or Workflow.objects.create(name="Review")
    assert WorkflowTask.objects.filter(workflow=workflow).exists()
    PracticePage.objects.get(slug="review").save_revision()
    workflow.start(PracticePage.objects.get(slug="review"), admin_user)

    def found(state: str) -> set[str]:
        return set(names(admin_client, PRACTICES, {"publication": state}))

    assert found("live") == {"live", "changed"}
    assert found("changed") == {"changed"}
    assert found("draft") == {"draft", "scheduled", "review"}
    assert found("scheduled") == {"scheduled"}
    assert found("review") == {"review"}


@pytest.mark.parametrize(("ordering", "expected"), [("start_year", "1999 2021"), ("-start_year", "2021 1999")])
def test_pages_without_a_value_come_last_and_of_equals_the_newest_first(
    admin_client: Client, ordering: str, expected: str
) -> None:
    for year in (None, 2021, 1999):
        for half in ("A", "B"):
            make_practice(title=f"{year or 'none'} {half}", slug=f"{year}-{half}", start_year=year)

    found = names(admin_client, PRACTICES, {"ordering": ordering})

    assert found == [f"{year} {half}" for year in (*expected.split(), "none") for half in ("B", "A")]
    assert sorted(names(admin_client, PRACTICES, {"ordering": ordering, "q": "none"})) == ["none A", "none B"]


def test_filters_offer_names_and_only_what_is_in_use(admin_client: Client) -> None:
    make_country("AM")
    make_practice(country=make_country("GE"), themes=[make_theme("windows", make_theme("services"))])
    make_theme("unused")

    form = admin_client.get(PRACTICES).context["filters"].form

    assert [label for _value, label in form.fields["country"].choices][1:] == ["Georgia"]
    assert [label for _value, label in form.fields["theme"].choices][1:] == ["Services", "Windows"]
    assert form.fields["locale"].label == "Language"


def test_reports_are_filtered_by_clearance_and_events_by_state(admin_client: Client) -> None:
    make_report(title="Ready", clearance=Clearance.CLEARED)
    make_report(title="Begun", slug="begun")
    make_event(title="Full", status=EventStatus.FULL)
    make_event(title="Open", slug="open", status=EventStatus.OPEN)

    assert names(admin_client, "/admin/country-reports/", {"clearance": "cleared"}) == ["Ready"]
    assert names(admin_client, "/admin/events/", {"status": "full"}) == ["Full"]


def test_export_gives_names(admin_client: Client) -> None:
    make_practice(title="One window", start_year=2019)

    row = exported(admin_client, PRACTICES)[0]

    assert (row["Title"], row["Country"], row["Language"]) == ("One window", "Kazakhstan", "en")
    assert (row["Status"], row["Start year"], row["Lead organisation"]) == ("Pilot", "2019", "Ministry of order")


@pytest.mark.parametrize(("language", "parent"), [("en", "en"), ("ru", "ru"), ("ar", "en")])
def test_a_page_is_added_in_the_language_of_its_editor(
    admin_client: Client, admin_user: User, language: str, parent: str
) -> None:
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = language
    profile.save()

    response = admin_client.get(reverse("practices:choose_parent"))

    assert response.headers["Location"] == add_url(index_page(PracticeIndexPage, parent), PracticePage)


def test_adaptations_show_who_reused_what(admin_client: Client) -> None:
    practice = make_practice(title="One window")
    agency = make_organisation("agency")
    make_adaptation(practice, organisation=agency, status=AdaptationStatus.RUNNING, start=datetime.date(2021, 3, 1))
    translate(practice, "ru", title="Одно окно")
    make_adaptation(make_practice(title="Other", slug="other"), make_country("MN"))
    url = list_url(PracticeAdaptation)

    assert rows(admin_client, url)[0] == ["Georgia: One window", "Agency", "Running", "1 March 2021", "No"]
    for text in ("ОДНО", "georg", "agen"):
        assert names(admin_client, url, {"q": text}) == ["Georgia: One window"]
    assert names(admin_client, url, {"country": make_country("MN").pk}) == ["Mongolia: Other"]
    assert exported(admin_client, url)[0]["Practice"] == "One window"


def test_the_number_of_queries_does_not_grow_with_the_adaptations(admin_client: Client) -> None:
    def make(code: str) -> None:
        practice = make_practice(title=code, slug=code.lower())
        make_adaptation(practice, make_country(code), organisation=make_organisation(code.lower()))

    for code in CODES[:2]:
        make(code)
    few = queries(admin_client, list_url(PracticeAdaptation))
    for code in CODES[2:]:
        make(code)

    assert queries(admin_client, list_url(PracticeAdaptation)) == few


def test_the_dashboard_leads_to_every_list_and_to_adding(admin_client: Client) -> None:
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    for name in MAKERS:
        assert f'<a href="{reverse(f"{name}:index")}">' in html
        assert f'href="{reverse(f"{name}:choose_parent")}"' in html
    assert f'<a href="{reverse("published-ideas:index")}">' in html
    assert f'href="{reverse("published-ideas:choose_parent")}"' not in html, "a page of an idea comes from the idea"


def test_staff_who_cannot_add_pages_are_not_invited_to(client: Client, django_user_model: type[User]) -> None:
    user = django_user_model.objects.create_user("reader", "reader@example.org", "secret-pass-123")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("practices:choose_parent") not in html
