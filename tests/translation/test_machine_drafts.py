"""What a machine translates, what it never does, and what makes its texts those of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, PageLogEntry
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from cms.background.errors import UnrecoverableError
from cms.translation import machine
from cms.translation.drafts import make_draft, unconfirmed, untranslated
from cms.translation.exchange.formats import FORMATS
from cms.translation.exchange.services import apply
from cms.translation.exchange.units import State, Unit, units_of
from cms.translation.machines.drafting import Outcome, batches, fill
from cms.translation.machines.dummy import Dummy
from cms.translation.machines.tasks import draft_by_machine
from cms.translation.models import ChangedSegment
from tests.background.effects import work
from tests.factories.pages import make_practice
from tests.factories.site import locale, published
from tests.factories.translations import write
from tests.factories.vocabularies import make_country
from tests.translation.machine_servers import SERVERS, Answer, MachineServer, machine_settings, marked, serving
from tests.workflows.people import hire, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

QUEUE = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
PARAGRAPHS = "".join(f"<p>Paragraph {number} of the body.</p>" for number in range(25))
ADVICE = "<p>Begin &amp; see <a href='https://example.org/a'>the guide</a>.</p>"


@pytest.fixture(scope="module")
def practice(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        hire()
        body = [{"type": "text", "value": PARAGRAPHS, "id": "text"}]
        contact = {"contact_name": "Aigerim Secret", "contact_email": "secret@example.org"}
        page = make_practice(title="One window", country=make_country("KZ"), advice=ADVICE, body=body, **contact)
        make_draft(page, locale("ru"), person("editor"))
        return page

    return made_once(make)


pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("practice")]


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[MachineServer]:
    with serving(request.param) as running:
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings(request.param, URL=running.url)
        yield running


@pytest.fixture
def dummy(settings: Settings) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("dummy")


def translation() -> Translation:
    return Translation.objects.get(target_locale__language_code="ru")


def target() -> Page:
    found: Page = translation().get_target_instance()
    return found


def originals() -> set[tuple[str, int]]:
    """The texts of the original and their places, each once."""
    segments = StringSegment.objects.filter(source=translation().source)
    return set(segments.values_list("string__data", "context"))


def rows(**facts: Any) -> Any:
    return StringTranslation.objects.filter(locale=locale("ru"), **facts)


def row(path: str) -> StringTranslation:
    return StringTranslation.objects.get(locale=locale("ru"), context__path=path)


def drafted(name: str = "reviewer-ru") -> str:
    return str(draft_by_machine.call(translation().pk, user=person(name).pk))


def test_all_that_nobody_has_translated_is_drafted_and_nothing_else_leaves(server: MachineServer) -> None:
    assert drafted() == f"A machine has translated {len(originals())} segments. They wait for confirmation."
    sent = [text for texts in server.texts for text in texts]
    assert sorted(sent) == sorted({text for text, _context in originals()} - {"one-window"})
    assert row("slug").data == "one-window"
    assert "ecret" not in str(server.requests)
    assert {(one.translation_type, one.has_error) for one in rows()} == {("machine", True)}
    assert {one.tool_name for one in rows()} == {{"libretranslate": "LibreTranslate", "deepl": "DeepL"}[server.kind]}
    assert row("title").data == "ru One window"
    assert row("title").last_translated_by == person("reviewer-ru")


def test_where_only_the_address_is_open_nothing_is_sent(server: MachineServer) -> None:
    drafted()
    rows(context__path="slug").delete()
    asked = len(server.texts)
    assert drafted() == "A machine has translated 1 segment. It waits for confirmation."
    assert drafted() == "There was nothing left to translate."
    assert len(server.texts) == asked


def test_tags_links_and_escapes_stand_as_in_the_original(server: MachineServer) -> None:
    drafted()
    assert row("advice").data == 'ru Begin &amp; see <a id="a1">ru the guide</a>ru .'


def test_what_somebody_has_written_is_neither_sent_nor_changed(server: MachineServer, practice: Any) -> None:
    write(practice, "title", "Одно окно")
    rows().update(has_error=True)
    drafted()
    assert row("title").data == "Одно окно"
    assert "One window" not in str(server.requests)


def test_what_somebody_writes_meanwhile_stays(settings: Settings, practice: Any) -> None:
    class Slow(Dummy):
        def translate(self, source_locale: Any, target_locale: Any, strings: Iterable[Any]) -> Any:
            write(practice, "title", "Одно окно")
            return super().translate(source_locale, target_locale, strings)

    fill(translation(), Slow({}), person("editor"), Outcome())
    assert (row("title").data, row("title").has_error) == ("Одно окно", False)
    assert rows(translation_type="machine").count() == len(originals()) - 1


SIZES = [
    (["aaaa", "bbb"], 5, 100, [2]),
    (["aaaa", "bbb", "c"], 2, 100, [2, 1]),
    (["aaaa", "bbb", "c"], 5, 5, [1, 2]),
    (["a" * 99, "b", "c" * 99, "d"], 5, 10, [1, 1, 1, 1]),
    (["a", "b", "c" * 99], 5, 10, [2, 1]),
    ([], 5, 10, []),
]


@pytest.mark.parametrize(("texts", "most_texts", "most_characters", "sizes"), SIZES)
def test_texts_go_in_parts_that_a_request_may_hold(
    texts: list[str], most_texts: int, most_characters: int, sizes: list[int]
) -> None:
    places: Any = [(Unit(text, "body", text, "", State.EMPTY), None) for text in texts]
    parts = list(batches(places, most_texts, most_characters))
    assert [len(part) for part in parts] == sizes
    assert [unit.source for part in parts for unit, _segment in part] == texts


LOSSES: dict[str, Callable[[str, str], str]] = {
    "a link": lambda text, _language: "См. руководство." if "<a" in text else f"ru {text}",
    "a link that is another": lambda text, _language: text.replace("a1", "a2"),
    "a tag that does not end": lambda text, _language: text.replace("</a>", "") if "<a" in text else f"ru {text}",
    "a tag that is new": lambda text, language: marked(text, language) + ("<b>!</b>" if "<a" in text else ""),
    "everything": lambda text, _language: " " if "<a" in text else text,
    "a script": lambda text, _language: f"{text}<script>x</script>" if "<a" in text else text,
}


@pytest.mark.parametrize("server", ["deepl"], indirect=True)
@pytest.mark.parametrize("loss", LOSSES)
def test_what_comes_back_damaged_is_thrown_away_and_counted(server: MachineServer, loss: str) -> None:
    server.made = LOSSES[loss]
    assert "Left to translators: 1 segment, of which it lost a tag" in drafted()
    assert rows().count() == len(originals()) - 1
    assert not rows(context__path="advice").exists()


@pytest.mark.parametrize("server", ["deepl"], indirect=True)
def test_what_is_too_long_for_its_place_is_thrown_away(server: MachineServer) -> None:
    server.made = lambda text, _language: text * 100 if text == "One window" else text
    assert "made too long" in drafted()
    assert not rows(context__path="title").exists()


def test_requests_are_of_limited_size(server: MachineServer) -> None:
    drafted()
    service: Any = {"libretranslate": (20, 2_000), "deepl": (50, 15_000)}[server.kind]
    assert all(len(texts) <= service[0] and sum(map(len, texts)) <= service[1] for texts in server.texts)
    assert len(server.texts) == {"libretranslate": 2, "deepl": 1}[server.kind]


def test_what_was_made_before_a_failure_stays_and_is_not_asked_for_again(settings: Settings) -> None:
    settings.TASKS = QUEUE
    with serving("libretranslate") as server:
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("libretranslate", URL=server.url)
        server.answers = [None, Answer(503, {"error": "Busy"}, Retry_After="900")]
        assert machine.draft(translation(), person("reviewer-ru"))
        assert not machine.draft(translation(), person("editor"))
        assert "A machine is translating." in machine.progress(translation())
        work()
        assert rows().count() == 20
        waiting = DBTaskResult.objects.get()
        assert waiting.run_after
        assert (waiting.run_after - timezone.now()).total_seconds() > 890
        assert machine.progress(translation()) == (
            "LibreTranslate cannot work at present (503: Busy). It is tried again."
        )
        DBTaskResult.objects.update(run_after=timezone.now())
        work()
    asked = [text for number, texts in enumerate(server.texts) if number != 1 for text in texts]
    assert len(asked) == len(set(asked)) == len({text for text, _context in originals()}) - 1
    assert machine.progress(translation()).startswith(f"A machine has translated {len(originals()) - 20} segments.")
    assert [entry.data["count"] for entry in PageLogEntry.objects.filter(action="translation.drafted_by_machine")] == [
        len(originals()) - 20,
        20,
    ]


class Stopped(Dummy):
    """Its worker is told to stop at once while it has the second part in hand, for the first time."""

    most_texts = 10
    parts = 0

    def translate(self, source_locale: Any, target_locale: Any, strings: Iterable[Any]) -> Any:
        Stopped.parts += 1
        if Stopped.parts == 2:
            raise SystemExit(1)
        return super().translate(source_locale, target_locale, strings)


def test_a_worker_that_is_stopped_in_the_midst_loses_nothing_and_another_goes_on(settings: Settings) -> None:
    settings.TASKS = QUEUE
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": f"{__name__}.Stopped", "OPTIONS": {}}
    Stopped.parts = 0
    DBTaskResult.objects.all().delete()
    machine.draft(translation(), person("reviewer-ru"))
    with pytest.raises(SystemExit):
        work()
    assert rows().count() == 10
    assert DBTaskResult.objects.get().status == "READY"
    work()
    assert rows().count() == len(originals())
    assert Stopped.parts == 2 + -(-(len(originals()) - 10) // 10)
    assert DBTaskResult.objects.filter(status="SUCCESSFUL", task_path__endswith="draft_by_machine").exists()


def test_a_refusal_is_told_and_not_tried_again(settings: Settings) -> None:
    settings.TASKS = QUEUE
    with serving("deepl") as server:
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("deepl", URL=server.url)
        server.answers = [Answer(456, {"message": "Quota Exceeded"})]
        machine.draft(translation(), person("reviewer-ru"))
        work()
    assert DBTaskResult.objects.get().status == "FAILED"
    assert machine.progress(translation()) == (
        "The quota at DeepL is used up (456: Quota Exceeded). Raise it, or try again when it begins anew."
    )
    assert not rows().exists()


@pytest.mark.parametrize("server", ["deepl"], indirect=True)
def test_who_has_lost_the_right_meanwhile_sends_nothing(server: MachineServer) -> None:
    with pytest.raises(UnrecoverableError, match="may not change the translation any more"):
        drafted("other-focal")
    assert server.requests == []


@pytest.mark.usefixtures("dummy")
def test_a_page_that_is_written_by_hand_or_gone_is_left_alone(settings: Settings) -> None:
    Translation.objects.update(enabled=False)
    assert drafted() == ""
    assert draft_by_machine.call(10**9, user=1) == ""
    Translation.objects.update(enabled=True)
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = None
    with pytest.raises(UnrecoverableError, match="no service of machine translation any more"):
        drafted()
    assert not rows().exists()


@pytest.mark.usefixtures("dummy")
def test_the_queries_do_not_grow_with_the_segments() -> None:
    write_paths = ["title", "problem", "approach", "novelty"]
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            fill(translation(), Dummy({}), person("editor"), Outcome())
        counts.append(len(captured))
        rows().exclude(context__path__in=write_paths).delete() if not counts[1:] else None
        rows(context__path__in=write_paths).update(translation_type="manual")
    assert counts[0] == counts[1]


@pytest.fixture
def publish(client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[], Page]:
    def press_the_button() -> Page:
        client.force_login(person("administrator"))
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/admin/pages/{target().pk}/edit/", {"action": "publish"})
        return target()

    return press_the_button


@pytest.mark.usefixtures("dummy")
def test_what_nobody_has_confirmed_is_not_published(client: Client) -> None:
    drafted()
    count = len(originals())
    segments = StringSegment.objects.filter(source=translation().source).count()
    assert (untranslated(target()).count(), unconfirmed(target()).count()) == (segments, segments)
    rows(context__path="title").delete()
    client.force_login(person("administrator"))
    answer = client.post(f"/admin/pages/{target().pk}/edit/", {"action": "publish"}, follow=True).content.decode()
    assert "1 segment is not translated yet" in answer
    assert f"{segments - 1} segments were translated by a machine, and nobody has confirmed them yet." in answer
    answer = client.post(
        f"/admin/bulk/wagtailcore/page/publish/?id={target().pk}&next=/admin/", follow=True
    ).content.decode()
    assert "was not published" in answer
    assert not target().live
    assert rows().count() == count - 1


@pytest.mark.usefixtures("dummy")
def test_no_draft_holds_what_nobody_has_confirmed(publish: Callable[[], Page]) -> None:
    """Whatever publishes a draft past the checks, a workflow or a time that was set, publishes nothing by a machine."""
    drafted()
    translation().save_target(user=person("editor"), publish=False)
    target().get_latest_revision().publish()
    page = target()
    assert (page.live, page.title, page.draft_title) == (True, "One window", "One window")
    machine.confirm(translation(), person("reviewer-ru"))
    assert publish().title == "window One"


@pytest.mark.usefixtures("dummy")
def test_a_confirmed_text_is_that_of_a_person(publish: Callable[[], Page]) -> None:
    drafted("editor")
    assert machine.confirm(translation(), person("reviewer-ru")) == len(originals())
    assert untranslated(target()).count() == unconfirmed(target()).count() == 0
    title = row("title")
    assert (title.translation_type, title.has_error, title.tool_name) == ("manual", False, "Dummy translator")
    assert title.last_translated_by == person("reviewer-ru")
    page = publish()
    assert (page.live, page.title) == (True, "window One")
    entry = PageLogEntry.objects.get(action="translation.confirmed", page=page)
    assert (entry.user, entry.message) == (
        person("reviewer-ru"),
        f"{len(originals())} segments by Dummy translator confirmed",
    )
    assert machine.confirm(translation(), person("reviewer-ru")) == 0
    assert PageLogEntry.objects.filter(action="translation.confirmed").count() == 1


@pytest.mark.usefixtures("dummy")
def test_some_are_confirmed_and_only_those_of_the_page() -> None:
    drafted()
    other = make_practice(title="Two windows", country=make_country("KZ"))
    make_draft(other, locale("kk"), None)
    foreign = write(other, "title", "Екі терезе", "kk")
    StringTranslation.objects.filter(pk=foreign.pk).update(translation_type="machine", has_error=True)
    assert machine.confirm(translation(), person("editor"), only=[row("title").pk, foreign.pk]) == 1
    assert (row("title").has_error, row("advice").has_error) == (False, True)
    assert StringTranslation.objects.get(pk=foreign.pk).has_error


@pytest.mark.usefixtures("dummy")
@pytest.mark.parametrize("name", ["other-focal", "nobody"])
def test_who_may_not_change_the_translation_neither_asks_nor_confirms(name: str) -> None:
    drafted()
    before = list(rows().order_by("pk").values())
    with pytest.raises(PermissionDenied):
        machine.confirm(translation(), person(name))
    with pytest.raises(PermissionDenied):
        machine.draft(translation(), person(name))
    assert list(rows().order_by("pk").values()) == before


@pytest.mark.usefixtures("dummy")
def test_whoever_writes_over_the_text_of_a_machine_has_written_it(client: Client) -> None:
    drafted()
    segment = StringSegment.objects.get(source=translation().source, context__path="title")
    client.force_login(person("reviewer-ru"))
    address = f"/admin/localize/translate/{translation().pk}/strings/{segment.pk}/edit/"
    client.put(address, "value=Окно", content_type="application/x-www-form-urlencoded")
    assert (row("title").data, row("title").translation_type, row("title").has_error) == ("Окно", "manual", False)


@pytest.mark.usefixtures("dummy")
@pytest.mark.parametrize(("state", "confirmed"), [(State.DONE, True), (State.REVIEW, False)])
def test_a_file_confirms_what_it_marks_as_done(state: State, confirmed: bool) -> None:
    drafted()
    units = units_of(translation())
    assert {(unit.state, unit.is_machine, unit.error) for unit in units} == {(State.REVIEW, True, "")}
    given = [one for one in units if one.path == "title"]
    apply(translation(), [type(one)(**(vars(one) | {"state": state})) for one in given], person("editor"), "PO")
    assert (row("title").translation_type == "manual", not row("title").has_error) == (confirmed, confirmed)
    assert row("advice").has_error


@pytest.mark.usefixtures("dummy")
@pytest.mark.parametrize("kind", FORMATS)
def test_what_goes_out_as_unconfirmed_and_comes_back_so_stays_so(kind: str) -> None:
    drafted()
    data = FORMATS[kind].write(translation(), {})
    apply(translation(), FORMATS[kind].read(data, translation()), person("editor"), FORMATS[kind].name)
    assert rows(translation_type="machine", has_error=True).count() == len(originals())


def changed(page: Any, **facts: Any) -> None:
    page = type(page).objects.get(pk=page.pk)
    for name, value in facts.items():
        setattr(page, name, value)
    published(page)


@pytest.mark.usefixtures("dummy")
def test_a_changed_sentence_has_nothing_of_what_nobody_confirmed_and_can_be_drafted(practice: Any) -> None:
    drafted()
    machine.confirm(translation(), person("editor"), only=[row("problem").pk])
    changed(practice, title="One window for all", problem="<p>The main problem of it.</p>", novelty="<p>New title.</p>")
    present = StringSegment.objects.filter(source=translation().source)
    kept = rows(translation_of__in=present.values("string"))
    assert not kept.filter(context__path="title").exists()
    assert kept.get(context__path="problem").translation_type == "manual"
    drafted()
    assert kept.get(context__path="title").data == "all for window One"


@pytest.mark.usefixtures("dummy")
def test_a_moved_sentence_keeps_its_text_as_unconfirmed(practice: Any) -> None:
    drafted()
    changed(practice, problem="<p>The novelty of it.</p>", novelty="<p>The problem of it.</p>")
    moved = rows(context__path="problem", translation_of__data="The novelty of it.").get()
    assert (moved.translation_type, moved.has_error) == ("machine", True)


@pytest.mark.usefixtures("dummy")
def test_a_change_is_dealt_with_when_somebody_confirms(publish: Callable[[], Page], practice: Any) -> None:
    drafted()
    machine.confirm(translation(), person("editor"))
    publish()
    changed(practice, body=[{"type": "text", "value": f"{PARAGRAPHS}<p>One that is quite new here.</p>", "id": "text"}])
    drafted()
    assert ChangedSegment.objects.get(locale=locale("ru")).resolved_at is None
    assert target().title == "window One"
    machine.confirm(translation(), person("editor"))
    assert ChangedSegment.objects.get(locale=locale("ru")).resolved_at
    publish()
    assert not ChangedSegment.objects.exists()
