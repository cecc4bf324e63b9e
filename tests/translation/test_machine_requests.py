"""Asking for drafts by a machine: with a request for translation, and for one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from cms.translation.choices import Progress
from cms.translation.drafts import make_draft
from cms.translation.models import RequestedTranslation
from tests.background.effects import work
from tests.factories.pages import make_practice
from tests.factories.site import locale
from tests.factories.vocabularies import make_country
from tests.translation.machine_servers import SERVERS, Answer, MachineServer, machine_settings, serving
from tests.workflows.people import hire, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client
    from pytest_django import Settings

QUEUE = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def practice(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        hire()
        return make_practice(title="One window", country=make_country("KZ"))

    return made_once(make)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[MachineServer]:
    with serving(request.param) as running:
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings(request.param, URL=running.url)
        settings.TASKS = QUEUE
        running.pairs = {"en": ["ru"], "ru": ["en"]}
        yield running


@pytest.fixture
def editor(client: Client, practice: Any) -> Client:
    client.force_login(person("editor"))
    return client


def form_url(page: Any) -> str:
    return f"/admin/localize/submit/page/{page.pk}/"


def tasks() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="draft_by_machine").count()


def languages_made() -> set[str]:
    return set(StringTranslation.objects.values_list("locale__language_code", flat=True))


def test_the_form_says_who_receives_what_and_for_which_languages(
    editor: Client, practice: Any, server: MachineServer
) -> None:
    text = editor.get(form_url(practice)).context["form"].fields["by_machine"].help_text
    assert "translates into: Russian. It receives the texts of the page" in text
    assert "at 127.0.0.1, and nothing else" in text
    assert server.texts == []


def test_the_form_says_that_nothing_leaves_the_house_where_nothing_does(
    editor: Client, practice: Any, settings: Settings
) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("dummy")
    text = editor.get(form_url(practice)).context["form"].fields["by_machine"].help_text
    assert "translates into: Russian, Kazakh. Nothing leaves the house." in text


@pytest.mark.parametrize("pairs", [{}, {"ru": ["kk"]}])
def test_a_machine_that_cannot_do_the_languages_is_not_offered(
    editor: Client, practice: Any, server: MachineServer, pairs: dict[str, list[str]]
) -> None:
    server.pairs = pairs
    page = editor.get(form_url(practice))
    assert page.status_code == 200
    assert "by_machine" not in page.context["form"].fields
    editor.post(form_url(practice), {"languages": ["ru"], "by_machine": "on"})
    work()
    assert RequestedTranslation.objects.get().progress == Progress.READY
    assert server.texts == []


def test_without_a_service_no_machine_is_offered(editor: Client, practice: Any) -> None:
    assert "by_machine" not in editor.get(form_url(practice)).context["form"].fields
    translation = Translation.objects.get(
        source__object_id=make_draft(practice, locale("ru"), person("editor")).translation_key
    )
    assert editor.post(reverse("translation_machine", args=(translation.pk,))).status_code == 404


@pytest.mark.parametrize(("ticked", "made"), [({"by_machine": "on"}, {"ru"}), ({}, set())])
def test_a_request_has_its_drafts_translated_where_the_machine_can(
    editor: Client, practice: Any, server: MachineServer, ticked: dict[str, str], made: set[str]
) -> None:
    editor.post(form_url(practice), {"languages": ["ru", "kk"], **ticked})
    work()
    assert languages_made() == made
    assert [item.progress for item in RequestedTranslation.objects.all()] == [Progress.READY] * 2
    assert not Page.objects.filter(translation_key=practice.translation_key, live=True).exclude(pk=practice.pk).exists()


def test_a_request_is_told_what_the_service_said(editor: Client, practice: Any, server: MachineServer) -> None:
    server.answers = [Answer(403, {"message": "No such key"})]
    answer: Any = editor.post(form_url(practice), {"languages": ["ru"], "by_machine": "on"})
    work()
    shown = editor.get(answer.url).content.decode()
    assert "does not accept the key (403: No such key). Check MACHINE_TRANSLATION_KEY." in shown
    assert "1 of 1 drafts are ready." in shown
    DBTaskResult.objects.filter(status="FAILED").update(status="READY", worker_ids=[])
    work()
    assert languages_made() == {"ru"}
    assert "No such key" not in editor.get(answer.url).content.decode()


@pytest.mark.parametrize("name", ["translation_machine", "wagtail_localize:machine_translate"])
def test_a_page_is_drafted_once_however_often_the_button_is_pressed(
    client: Client, practice: Any, server: MachineServer, name: str
) -> None:
    page = make_draft(practice, locale("ru"), person("editor"))
    address = reverse(name, args=(Translation.objects.get().pk,))
    client.force_login(person("reviewer-ru"))
    first = client.post(address, {"next": "/admin/reports/"})
    assert first["Location"] == "/admin/reports/"
    second = client.post(address, follow=True)
    assert second.redirect_chain == [(f"/admin/pages/{page.pk}/edit/", 302)]
    assert "is translating this page already." in second.content.decode()
    assert tasks() == 1
    work()
    assert languages_made() == {"ru"}
    assert client.get(address).status_code == 405


def test_a_page_that_is_written_by_hand_is_not_drafted(client: Client, practice: Any, server: MachineServer) -> None:
    make_draft(practice, locale("ru"), person("editor"))
    Translation.objects.update(enabled=False)
    client.force_login(person("reviewer-ru"))
    address = reverse("translation_machine", args=(Translation.objects.get().pk,))
    assert client.post(address).status_code == 404
    assert tasks() == 0


def test_the_history_of_a_page_says_what_a_machine_did(client: Client, practice: Any, settings: Settings) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("dummy")
    page = make_draft(practice, locale("ru"), person("editor"))
    client.force_login(person("editor"))
    client.post(reverse("translation_machine", args=(Translation.objects.get().pk,)))
    count = StringTranslation.objects.count()
    history = client.get(f"/admin/pages/{page.pk}/history/").content.decode()
    assert f"Dummy translator has translated {count} segments" in history
