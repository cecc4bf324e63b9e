"""Asking for translations: what is made, what never becomes public by it, and who may ask for what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from cms.translation import tasks
from cms.translation.choices import Priority, Progress, Status
from cms.translation.drafts import make_draft
from cms.translation.models import RequestedTranslation, TranslationRequest, TranslationState
from cms.translation.services import request_translations
from cms.users.models import User
from cms.workflows.choices import Kind
from cms.workflows.models import Notification
from practices.models import PracticeIndexPage, PracticePage
from tests.factories.examples import FULL
from tests.factories.pages import make_country_page, make_practice, make_report
from tests.factories.site import homes, index_page, locale, published
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country
from tests.workflows.people import hire, person

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

every_type = pytest.mark.parametrize("kind", FULL)


@pytest.fixture
def staffed(site: Site) -> dict[str, Any]:
    hire()
    kazakhstan = make_country("KZ")
    return {"practice": make_practice(title="One window", country=kazakhstan)}


def versions(page: Any, language: str) -> Any:
    return Page.objects.filter(translation_key=page.translation_key, locale__language_code=language)


def submit_url(page: Any) -> str:
    return f"/admin/localize/submit/page/{page.pk}/"


@every_type
def test_a_draft_is_made_of_every_type_and_nothing_becomes_public(site: Site, kind: str) -> None:
    page = FULL[kind]()
    if kind == "home":
        homes()["kk"].delete()
    live = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    draft = make_draft(page, locale("kk"), None)
    assert (draft.live, draft.specific_class, draft.translation_key) == (False, type(page), page.translation_key)
    assert set(Page.objects.filter(live=True).values_list("pk", flat=True)) == live
    assert TranslationState.objects.with_status().get(page=draft).status == Status.DRAFT


def test_pages_above_become_drafts_and_no_copies(site: Site) -> None:
    index_page(PracticeIndexPage, "kk").delete()
    practice = make_practice()
    make_draft(practice, locale("kk"), None)
    above = index_page(PracticeIndexPage, "kk")
    assert (above.live, above.alias_of) == (False, None)
    assert above.get_children().get().translation_key == practice.translation_key
    assert Translation.objects.get(source__object_id=above.translation_key).enabled


def test_a_second_draft_changes_nothing(site: Site) -> None:
    practice = make_practice()
    draft = make_draft(practice, locale("ru"), None)
    revision = draft.latest_revision_id
    again = make_draft(practice, locale("ru"), None)
    assert (again.pk, again.latest_revision_id) == (draft.pk, revision)


def test_a_public_translation_stays_as_it_is(site: Site) -> None:
    practice = make_practice(title="One window")
    target = translated(practice)
    make_draft(practice, locale("ru"), None)
    target.refresh_from_db()
    assert (target.live, target.title, target.has_unpublished_changes) == (True, "ru One window", False)


def test_what_was_written_by_hand_is_kept(site: Site) -> None:
    practice = make_practice(title="One window", problem="<p>One.</p><p>Two.</p>")
    target = practice.copy_for_translation(locale("ru"))
    target.title, target.problem = "Одно окно", "<p>Раз.</p><p>Два.</p>"
    published(target)
    draft = make_draft(practice, locale("ru"), None).specific.get_latest_revision_as_object()
    assert (draft.title, draft.problem) == ("Одно окно", "<p>Раз.</p><p>Два.</p>")
    assert PracticePage.objects.get(pk=target.pk).title == "Одно окно"


def test_what_was_changed_by_hand_while_segments_rested_is_kept(site: Site) -> None:
    practice = make_practice(title="One window")
    target = translated(practice)
    Translation.objects.update(enabled=False)
    target.title = "Одно окно"
    target.save_revision()
    make_draft(practice, locale("ru"), None)
    assert StringTranslation.objects.get(context__path="title").data == "Одно окно"
    assert Translation.objects.get().enabled


def test_of_a_page_that_was_never_public_the_last_draft_is_translated(site: Site) -> None:
    practice = make_practice(title="One window")
    practice.unpublish()
    practice.title = "One desk"
    practice.save_revision()
    assert make_draft(practice, locale("ru"), None).title == "One desk"


def test_a_request_makes_all_its_drafts(staffed: dict[str, Any]) -> None:
    pages = [staffed["practice"], make_practice(title="Two windows")]
    request = request_translations(person("editor"), pages, ["ru", "kk"], priority=Priority.URGENT)
    assert [(item.source_id, item.locale.language_code, item.progress) for item in request.items.all()] == [
        (page.pk, code, Progress.READY) for page in pages for code in ("ru", "kk")
    ]
    assert all(item.page and not item.page.live for item in request.items.all())
    assert {page.latest_revision.user for page in Page.objects.filter(pk__in=request.items.values("page"))} == {
        person("editor")
    }


def test_the_translator_of_a_request_is_told_by_mail(staffed: dict[str, Any]) -> None:
    facts: dict[str, Any] = {
        "assignee": person("reviewer-ru"),
        "note": "Before the conference.",
        "due_on": date(2030, 5, 1),
    }
    request_translations(person("editor"), [staffed["practice"]], ["ru"], **facts)
    told = Notification.objects.get(kind=Kind.TRANSLATION)
    assert (told.user, told.by, told.comment) == (person("reviewer-ru"), "Editor Osmonova", "Before the conference.")
    assert told.due_at is not None
    (letter,) = [one for one in mail.outbox if one.to == ["reviewer-ru@example.org"]]
    assert letter.subject == f"Please translate: {staffed['practice'].title}"
    assert "/admin/translations/requests/" in letter.body

    request_translations(person("editor"), [staffed["practice"]], ["kk"], assignee=person("editor"))
    assert Notification.objects.count() == 1


def test_what_cannot_be_made_says_why_and_the_rest_is_made(
    staffed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = make_practice(title="Two windows")
    PracticePage.objects.filter(pk=broken.pk).update(summary="")
    request = request_translations(person("editor"), [broken, staffed["practice"]], ["ru"])
    assert [item.progress for item in request.items.all()] == [Progress.FAILED, Progress.READY]
    assert request.items.all()[0].problem == "Summary: This field cannot be blank."
    assert not versions(broken, "ru").exists()


def test_a_draft_is_made_once_however_often_the_task_runs(staffed: dict[str, Any]) -> None:
    request = request_translations(person("editor"), [staffed["practice"]], ["ru"])
    before = Page.objects.count()
    RequestedTranslation.objects.update(progress=Progress.WAITING, page=None)
    tasks.make_drafts.call(request.pk)
    assert Page.objects.count() == before
    assert request.items.get().page == versions(staffed["practice"], "ru").get()


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("administrator", {"ru", "kk"}),
        ("editor", {"ru", "kk"}),
        ("focal", {"ru", "kk"}),
        ("reviewer-ru", {"ru"}),
        ("other-focal", set()),
        ("nobody", set()),
    ],
)
def test_who_may_ask_for_what(client: Client, staffed: dict[str, Any], name: str, languages: set[str]) -> None:
    client.force_login(person(name))
    practice = staffed["practice"]
    page = client.get(submit_url(practice))
    if not languages:
        assert page.status_code == 302
        assert client.post(submit_url(practice), {"languages": ["ru"]}).status_code == 302
        with pytest.raises(PermissionDenied):
            request_translations(person(name), [practice], ["ru"])
    else:
        assert {code for code, _name in page.context["form"].fields["languages"].choices} == languages
        client.post(submit_url(practice), {"languages": ["ru", "kk"] if languages == {"ru", "kk"} else ["kk"]})
    made = {item.locale.language_code for item in RequestedTranslation.objects.all()}
    assert made == (languages if languages == {"ru", "kk"} else set())


def test_translators_ask_for_public_pages_alone(staffed: dict[str, Any]) -> None:
    staffed["practice"].unpublish()
    with pytest.raises(PermissionDenied):
        request_translations(person("reviewer-ru"), [PracticePage.objects.get(title="One window")], ["ru"])


def test_a_translation_is_asked_for_by_its_original(client: Client, staffed: dict[str, Any]) -> None:
    target = translated(staffed["practice"])
    client.force_login(person("editor"))
    client.post(submit_url(target), {"languages": ["kk"]})
    assert RequestedTranslation.objects.get().source_id == staffed["practice"].pk


def test_the_pages_below_come_with_it_where_somebody_may(client: Client, staffed: dict[str, Any]) -> None:
    profile = make_country_page(country=make_country("KZ"))
    report = make_report(profile, country=make_country("KZ"), title="Report 2021")
    client.force_login(person("focal"))
    assert "With the page below it" in client.get(submit_url(profile)).content.decode()
    client.post(submit_url(profile), {"languages": ["ru"], "with_pages_below": "on"})
    assert {item.source_id for item in RequestedTranslation.objects.all()} == {profile.pk, report.pk}
    assert versions(report, "ru").get().get_parent() == versions(profile, "ru").get()


@pytest.mark.parametrize(
    ("data", "wrong"), [({}, "languages"), ({"languages": ["xx"]}, "languages"), ({"due_on": "2020-01-01"}, "due_on")]
)
def test_wrong_values_are_named(client: Client, staffed: dict[str, Any], data: dict[str, Any], wrong: str) -> None:
    client.force_login(person("editor"))
    answer = client.post(submit_url(staffed["practice"]), {"languages": ["ru"], **data} if wrong == "due_on" else data)
    assert wrong in answer.context["form"].errors
    assert not TranslationRequest.objects.exists()


def test_what_was_asked_for_is_written_down(client: Client, staffed: dict[str, Any]) -> None:
    client.force_login(person("editor"))
    today = timezone.localdate()
    data = {"languages": ["ru"], "due_on": today, "priority": 1, "assignee": person("reviewer-ru").pk, "note": "Soon."}
    answer: Any = client.post(submit_url(staffed["practice"]), data)
    made = TranslationRequest.objects.get()
    assert (made.requested_by, made.assignee) == (person("editor"), person("reviewer-ru"))
    assert (made.due_on, made.priority, made.note) == (today, Priority.URGENT, "Soon.")
    assert answer.url == f"/admin/translations/requests/{made.pk}/"
    page = client.get(answer.url).content.decode()
    assert "1 of 1 drafts are ready." in page
    assert "Soon." in page


@pytest.mark.parametrize(
    ("name", "may"),
    [("editor", True), ("administrator", True), ("reviewer-ru", True), ("publisher", False), ("focal", False)],
)
def test_who_sees_a_request(client: Client, staffed: dict[str, Any], name: str, *, may: bool) -> None:
    request = request_translations(person("editor"), [staffed["practice"]], ["ru"])
    client.force_login(person(name))
    for address in (
        f"/admin/translations/requests/{request.pk}/",
        f"/admin/translations/requests/{request.pk}/results/",
    ):
        assert (client.get(address).status_code == 200) == may
    assert ("One window" in client.get("/admin/translations/requests/").content.decode()) == may


def test_a_request_is_answered_at_once_however_many_pages_it_has(
    staffed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts are left to the worker: the queries of a request do not grow with its pages, but for the rights."""
    pages = [make_practice(title=f"Window {number}") for number in range(12)]
    monkeypatch.setattr(type(tasks.make_drafts), "enqueue", lambda _task, *_args: None)
    editor = User.objects.get(username="editor")
    counts = []
    for some in (pages[:2], pages[2:]):
        with CaptureQueriesContext(connection) as captured:
            request_translations(editor, some, ["ru", "kk"])
        counts.append(len(captured))
    assert counts[1] - counts[0] <= 8 * 2
