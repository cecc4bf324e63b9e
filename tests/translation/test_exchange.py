"""A page goes to translators as a file and comes back."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import register_namespace, tostring

import polib
import pytest
from defusedxml import ElementTree
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationContext,
    TranslationSource,
)

from cms.translation.exchange.formats import FORMATS
from cms.translation.exchange.problems import ExchangeError, OutdatedError
from cms.translation.exchange.services import apply
from cms.translation.exchange.units import State, segments_of, unit_id, units_of
from practices.models import PracticeIndexPage, PracticeResult
from tests.factories.examples import FULL
from tests.factories.pages import make_news, make_practice
from tests.factories.site import index_page, locale, published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cms.translation.exchange.services import Result

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("site")]
every_kind = pytest.mark.parametrize("kind", FORMATS)
every_type = pytest.mark.parametrize("page_type", FULL)
XLIFF = "{urn:oasis:names:tc:xliff:document:1.2}"
Text = tuple[str, str, str]


def translation_of(page: Any, language: str = "ru") -> Translation:
    """The record of a translation of a page as it is now, without any text."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    return Translation.objects.get_or_create(source=source, target_locale=locale(language))[0]


def with_texts(translation: Translation, texts: Iterable[Text]) -> Translation:
    """The same translation of a page that has these texts only: place, original, and translation where there is one."""
    source = translation.source
    StringSegment.objects.filter(source=source).delete()
    for order, (path, original, target) in enumerate(texts):
        key = String._get_data_hash(original)
        string, _made = String.objects.get_or_create(locale=source.locale, data_hash=key, defaults={"data": original})
        context, _made = TranslationContext.objects.get_or_create(object_id=source.object_id, path=path)
        StringSegment.objects.create(source=source, context=context, string=string, order=order, attrs="null")
        row = StringTranslation(translation_of=string, context=context, locale=translation.target_locale, data=target)
        row.translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
        if target:  # as an older version may have left it, unsound or not
            StringTranslation.objects.bulk_create([row], ignore_conflicts=True)
    return translation


def page_of(*texts: Text) -> Translation:
    return with_texts(translation_of(make_news()), texts)


def rows_of(translation: Translation) -> dict[tuple[str, str], str]:
    """What is kept of a translation, by place and original."""
    kept = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    return {(row.context.path, row.translation_of.data): row.data for row in kept}


def row(translation: Translation, path: str) -> StringTranslation:
    return StringTranslation.objects.get(context__path=path, locale=translation.target_locale)


def take_in(data: bytes, translation: Translation, kind: str, user: Any = None, **options: Any) -> Result:
    return apply(translation, FORMATS[kind].read(data, translation), user, FORMATS[kind].name, **options)


def edited(data: bytes, changes: dict[str, str], kind: str) -> bytes:
    """The file with other translations in some places, as a program writes it that knows the format only."""
    if kind == "po":
        file = polib.pofile(data.decode())
        for entry in file:
            entry.msgstr = changes.get(entry.msgctxt, entry.msgstr)
        return str(file).encode()
    register_namespace("xlf", XLIFF[1:-1])
    root = ElementTree.fromstring(data)
    for unit in root.iter(f"{XLIFF}trans-unit"):
        if unit.get("resname") in changes:
            target = unit.find(f"{XLIFF}target")
            for child in list(target):
                target.remove(child)
            target.text = changes[unit.get("resname")]
    return bytes(tostring(root, "utf-8"))


@pytest.fixture
def saved() -> Iterator[list[StringTranslation]]:
    """The translations that whoever listens has heard of."""
    heard: list[StringTranslation] = []

    def listen(instance: StringTranslation, **_of_signal: Any) -> None:
        heard.append(instance)

    post_save.connect(listen, sender=StringTranslation)
    yield heard
    post_save.disconnect(listen, sender=StringTranslation)


@every_kind
@every_type
def test_a_page_of_every_type_comes_back_as_it_went(page_type: str, kind: str) -> None:
    translation = translation_of(FULL[page_type]())
    for segment in segments_of(translation).values():
        StringTranslation.objects.create(
            translation_of=segment.first.string,
            context=segment.first.context,
            locale=translation.target_locale,
            data=f"ru {segment.first.string.data}",
            translation_type="manual",
        )
    before, units = rows_of(translation), units_of(translation)
    data = FORMATS[kind].write(translation)
    assert take_in(data, translation, kind).unchanged == len(units)
    StringTranslation.objects.all().delete()
    read = FORMATS[kind].read(data, translation)
    assert [(one.id, one.path, one.source, one.target) for one in read] == [
        (one.id, one.path, one.source, one.target) for one in units
    ]
    result = apply(translation, read, None, kind)
    assert len(result.changed) == len(before) == len(units) > 30
    assert rows_of(translation) == before
    assert FORMATS[kind].write(translation) == data


@every_kind
def test_a_page_that_was_written_in_another_language(kind: str) -> None:
    page = make_practice(index_page(PracticeIndexPage, "kk"), title="Бір терезе")
    translation = translation_of(page, "en")
    data = edited(FORMATS[kind].write(translation), {"title": "One window"}, kind)
    assert len(take_in(data, translation, kind).changed) == 1
    assert rows_of(translation) == {("title", "Бір терезе"): "One window"}


@every_kind
def test_what_a_translator_writes_is_kept_as_theirs(admin_user: Any, kind: str) -> None:
    translation = page_of(("title", "One", ""), ("summary", "Two", "Два"), ("cover_alt", "Three", "Тр"))
    StringTranslation.objects.filter(data="Тр").update(
        translation_type="machine", tool_name="Dummy", has_error=True, field_error="Too short."
    )
    data = edited(FORMATS[kind].write(translation), {"title": "Один «R&D» <3", "cover_alt": "Три"}, kind)
    if kind == "po":
        data = data.replace("«R&D» <3".encode(), "«R&amp;D» &lt;3".encode())
    result = take_in(data, translation, kind, admin_user)
    assert [one.data for one in result.changed] == ["Один «R&amp;D» &lt;3", "Три"]
    assert (result.unchanged, result.empty, result.gone) == (1, 0, [])
    for path in ("title", "cover_alt"):
        kept = row(translation, path)
        assert (kept.translation_type, kept.tool_name, kept.last_translated_by) == (
            "manual",
            FORMATS[kind].name,
            admin_user,
        )
        assert (kept.has_error, kept.field_error) == (False, "")
    assert row(translation, "summary").tool_name == ""


@every_kind
def test_only_what_has_changed_is_heard_of(kind: str, saved: list[StringTranslation]) -> None:
    page = make_news(title="Handbook")
    translation = translation_of(page)
    page.copy_for_translation(locale("ru"))
    data = edited(FORMATS[kind].write(translation), {"title": "Справочник", "summary": "Кратко"}, kind)
    saved.clear()
    result = take_in(data, translation, kind)
    assert [one.data for one in saved] == ["Справочник", "Кратко"]
    assert saved == result.changed
    assert Page.objects.get(translation_key=page.translation_key, locale=locale("ru")).draft_title == "Справочник"
    saved.clear()
    assert take_in(data, translation, kind).changed == saved == []


@every_kind
def test_an_empty_translation_changes_nothing(kind: str) -> None:
    translation = page_of(("title", "One", "Один"), ("summary", "Two", "Два"), ("place", " ", " "))
    data = edited(FORMATS[kind].write(translation), {"title": "", "summary": "\n   "}, kind)
    StringTranslation.objects.filter(data=" ").delete()
    result = take_in(data, translation, kind)
    assert result.empty == 2
    assert [one.data for one in result.changed] == [" "]  # of an original that is blank itself
    assert row(translation, "title").data == "Один"


@every_kind
def test_all_is_written_or_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    translation = page_of(("title", "One", ""), ("summary", "Two", ""))
    data = edited(FORMATS[kind].write(translation), {"title": "Один", "summary": "Два"}, kind)

    def fail(instance: StringTranslation, **_of_signal: Any) -> None:
        if instance.data == "Два":
            raise RuntimeError

    post_save.connect(fail, sender=StringTranslation)
    try:
        with pytest.raises(RuntimeError):
            take_in(data, translation, kind)
    finally:
        post_save.disconnect(fail, sender=StringTranslation)
    assert rows_of(translation) == {}


def test_a_text_that_somebody_else_translates_in_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    translation = page_of(("title", "One", ""), ("summary", "Two", ""))
    data = edited(FORMATS["po"].write(translation), {"title": "Один", "summary": "Два"}, "po")
    units = FORMATS["po"].read(data, translation)
    module = "cms.translation.exchange.services.segments_of"
    stale: Any = segments_of(translation)
    answers: list[Any] = []
    with_texts(translation, [("title", "One", "Раз"), ("summary", "Two", "")])

    def segments(of: Translation) -> Any:
        answers.append(segments_of(of) if answers else stale)
        return answers[-1]

    monkeypatch.setattr(module, segments)
    assert [one.data for one in apply(translation, units, None, "PO").changed] == ["Один", "Два"]
    assert len(answers) == 2
    assert rows_of(translation) == {("title", "One"): "Один", ("summary", "Two"): "Два"}


def test_of_two_translations_of_one_text_the_last_one_stays() -> None:
    """No file has two, but whoever calls may."""
    translation = page_of(("title", "One", ""))
    units = [replace(unit, target=text, state=State.DONE) for unit in units_of(translation) for text in ("1", "2", "2")]
    result = apply(translation, units, None, "PO")
    assert (len(result.changed), result.unchanged, rows_of(translation)) == (2, 1, {("title", "One"): "2"})


@every_kind
def test_languages_are_kept_apart(kind: str) -> None:
    russian = page_of(("title", "One", "Один"))
    kazakh = Translation.objects.create(source=russian.source, target_locale=locale("kk"))
    data = FORMATS[kind].write(kazakh)
    assert [unit.target for unit in FORMATS[kind].read(data, kazakh)] == [""]
    take_in(edited(data, {"title": "Бір"}, kind), kazakh, kind)
    assert rows_of(russian) == {("title", "One"): "Один"}
    assert rows_of(kazakh) == {("title", "One"): "Бір"}


@every_kind
def test_equal_texts_in_one_place_are_one_unit(kind: str) -> None:
    page = make_practice(problem="<p>Wait.</p><p>Then <b>go</b>.</p><p>Wait.</p>")
    translation = translation_of(page)
    twice = next(unit for unit in units_of(translation) if unit.source == "Wait.")
    assert twice.times == 2
    data = FORMATS[kind].write(translation)
    assert data.count(b"Stands 2 times in this place") == 1
    units = FORMATS[kind].read(data, translation)
    assert [unit.source for unit in units if unit.path == "problem"] == ["Wait.", "Then <b>go</b>."]
    changed = [replace(unit, target="Жди.") if unit.id == twice.id else unit for unit in units]
    assert len(apply(translation, changed, None, kind).changed) == 1
    assert rows_of(translation) == {("problem", "Wait."): "Жди."}


@every_kind
def test_equal_texts_in_different_places_have_translations_of_their_own(kind: str) -> None:
    texts = [("title", "Open", "Открытый"), ("summary", "Open", "Открыть"), ("cover_alt", "Open", "")]
    translation = page_of(*texts)
    data = FORMATS[kind].write(translation)
    StringTranslation.objects.all().delete()
    assert len(take_in(data, translation, kind).changed) == 2
    assert rows_of(translation) == {(path, source): target for path, source, target in texts if target}


def test_a_unit_keeps_its_identifier_while_place_and_text_are_the_same() -> None:
    translation = page_of(("title", "One", ""), ("summary", "Two", ""))
    first = {unit.path: unit.id for unit in units_of(translation)}
    with_texts(translation, [("new", "Zero", ""), ("summary", "Two", ""), ("title", "One!", "")])
    second = {unit.path: unit.id for unit in units_of(translation)}
    assert second["summary"] == first["summary"] == unit_id("summary", "Two")
    assert second["title"] != first["title"]


@pytest.fixture
def in_every_state() -> tuple[Translation, dict[int, str]]:
    """A page with a translation of each kind, and what is to be looked at again with the text that it was made of."""
    places = ("human", "machine", "broken", "outdated", "absent")
    translation = page_of(*((name, f"The {name}", "" if name == "absent" else f"{name} ru") for name in places))
    StringTranslation.objects.filter(data="machine ru").update(translation_type="machine")
    StringTranslation.objects.filter(data="broken ru").update(has_error=True, field_error="Too short.")
    return translation, {row(translation, "outdated").pk: "The <i>former</i>"}


def test_states_in_po(in_every_state: tuple[Translation, dict[int, str]]) -> None:
    translation, needs_review = in_every_state
    file = polib.pofile(FORMATS["po"].write(translation, needs_review).decode())
    entries = {entry.msgctxt: entry for entry in file}
    assert {path: entry.fuzzy for path, entry in entries.items()} == {
        "human": False,
        "machine": True,
        "broken": True,
        "outdated": True,
        "absent": False,
    }
    assert [(path, entry.previous_msgid) for path, entry in entries.items() if entry.previous_msgid] == [
        ("outdated", "The <i>former</i>")
    ]
    assert entries["broken"].comment == "broken\nThe present translation is not used: Too short."
    assert (file.metadata["Language"], file.metadata["X-Source-Language"]) == ("ru", "en")
    assert file.metadata["X-WagtailLocalize-TranslationID"] == str(translation.uuid)


def test_states_in_xliff(in_every_state: tuple[Translation, dict[int, str]]) -> None:
    translation, needs_review = in_every_state
    root = ElementTree.fromstring(FORMATS["xliff"].write(translation, needs_review))
    found = {}
    for unit in root.iter(f"{XLIFF}trans-unit"):
        target = unit.find(f"{XLIFF}target")
        found[unit.get("resname")] = target.get("state"), target.get("state-qualifier"), unit.get("approved")
    assert found == {
        "human": ("translated", None, "yes"),
        "machine": ("needs-review-translation", "leveraged-mt", "no"),
        "broken": ("needs-review-translation", None, "no"),
        "outdated": ("needs-review-translation", None, "no"),
        "absent": ("new", None, "no"),
    }
    former = root.find(f".//{XLIFF}alt-trans")
    assert former.get("alttranstype") == "previous-version"
    assert ["".join(text.itertext()) for text in former] == ["The <i>former</i>", "outdated ru"]
    notes = [note.text for note in root.iter(f"{XLIFF}note")]
    assert "The present translation is not used: Too short." in notes


@every_kind
def test_what_is_to_be_reviewed_may_be_named_without_its_former_original(
    in_every_state: tuple[Translation, dict[int, str]], kind: str
) -> None:
    translation, needs_review = in_every_state
    data = FORMATS[kind].write(translation, {*needs_review})
    assert b"former" not in data
    states = {unit.path: unit.state for unit in FORMATS[kind].read(data, translation)}
    assert states["outdated"] == states["machine"] == State.REVIEW
    assert (states["human"], states["absent"]) == (State.DONE, State.EMPTY)


@every_kind
def test_a_translator_confirms_what_was_in_doubt_by_taking_the_mark_off(
    in_every_state: tuple[Translation, dict[int, str]], kind: str, saved: list[StringTranslation]
) -> None:
    translation, needs_review = in_every_state
    data = FORMATS[kind].write(translation, needs_review)
    saved.clear()
    untouched = take_in(data, translation, kind, needs_review=needs_review)
    assert (untouched.unchanged, untouched.empty, saved) == (4, 1, [])
    for mark, done in ((b"#, fuzzy\n", b""), (b"needs-review-translation", b"final")):
        data = data.replace(mark, done)
    result = take_in(data, translation, kind, needs_review=needs_review)
    assert [one.data for one in result.confirmed] == ["machine ru", "outdated ru"]
    assert saved == result.confirmed
    assert row(translation, "machine").translation_type == "manual"
    assert row(translation, "broken").has_error


@every_kind
def test_a_translation_that_the_file_still_marks_is_reported(kind: str) -> None:
    translation = page_of(("title", "One", "Раз"), ("summary", "Two", "Дв"))
    StringTranslation.objects.filter(data="Раз").update(translation_type="machine")
    data = edited(FORMATS[kind].write(translation), {"title": "Один", "summary": "Два"}, kind)
    result = take_in(data, translation, kind)
    assert [one.data for one in result.changed] == ["Один", "Два"]
    assert [one.data for one in result.doubtful] == ["Один"]


def test_a_file_that_says_nothing_of_states_confirms_nothing() -> None:
    translation = page_of(("title", "One", "Раз"))
    StringTranslation.objects.update(translation_type="machine")
    data = FORMATS["xliff"].write(translation).replace(b' state="needs-review-translation"', b"")
    assert FORMATS["xliff"].read(data, translation)[0].state == State.UNSTATED
    assert take_in(data, translation, "xliff").unchanged == 1
    approved = data.replace(b'approved="no"', b'approved="yes"')
    assert len(take_in(approved, translation, "xliff").confirmed) == 1


@every_kind
def test_a_file_of_a_former_original(kind: str) -> None:
    page = make_practice(title="One window", summary="Short.", problem="<p>Long queues.</p>")
    translation = translation_of(page)
    data = edited(
        FORMATS[kind].write(translation), {"title": "Окно", "problem": "Очереди.", "summary": "Кратко."}, kind
    )
    page.problem = "<p>Longer queues.</p>"
    translation = translation_of(published(page))
    with pytest.raises(OutdatedError) as error:
        take_in(data, translation, kind)
    assert "has changed since this file was exported" in str(error.value)
    assert rows_of(translation) == {}
    result = apply(translation, FORMATS[kind].read(data, translation, accept_outdated=True), None, kind)
    assert [one.data for one in result.changed] == ["Окно", "Кратко."]
    assert [(unit.path, unit.source, unit.target) for unit in result.gone] == [("problem", "Long queues.", "Очереди.")]


def costs(page: Any, kind: str, number: int) -> dict[str, int]:
    """How many queries it takes to exchange a page of so many texts."""

    def cost(act: Callable[[Translation], Any]) -> int:
        translation = Translation.objects.get(pk=exchanged.pk)
        with CaptureQueriesContext(connection) as captured:
            act(translation)
        return len(captured)

    texts = [(f"place{place}", f"Text {place}", f"Текст {place}") for place in range(number)]
    exchanged = with_texts(translation_of(page), texts)
    write, read = FORMATS[kind].write, FORMATS[kind].read
    data = write(exchanged)
    units = read(data, exchanged)
    others = [*(replace(unit, target=f"{unit.target}!") for unit in units[:2]), *units[2:]]
    found = {
        "export": cost(write),
        "read": cost(lambda one: read(data, one)),
        "nothing changed": cost(lambda one: apply(one, units, None, kind)),
        "two changed": cost(lambda one: apply(one, others, None, kind)),
    }
    StringTranslation.objects.update(has_error=True, field_error="Too short.")
    return found | {"export of what is not used": cost(write)}


@every_kind
def test_the_number_of_queries_does_not_grow_with_the_page(kind: str) -> None:
    page = make_news()
    few = costs(page, kind, 3)
    assert costs(page, kind, 60) == few
    # Of the last four, two are a savepoint. Whoever listens to what has changed takes queries of their own.
    assert (few["export"], few["read"], few["nothing changed"]) == (5, 5, 4)
    assert few["export of what is not used"] == 5


def test_gettext_and_its_programs_read_the_file(tmp_path: Any) -> None:
    msgfmt, msgcat = shutil.which("msgfmt"), shutil.which("msgcat")
    if not msgfmt or not msgcat:
        pytest.skip("GNU gettext is not installed.")
    translation = translation_of(make_practice())
    texts = {"title": 'Окно \\ «x» \t"y"', "summary": "Очень длинная строка. " * 15}
    file = tmp_path / "page.po"
    file.write_bytes(edited(FORMATS["po"].write(translation), texts, "po"))
    check = subprocess.run([msgfmt, "--check", "-o", "-", file], check=False, capture_output=True)
    assert (check.returncode, check.stderr) == (0, b"")
    folded = subprocess.run([msgcat, "--width=40", file], check=True, capture_output=True).stdout
    assert folded != file.read_bytes()
    take_in(folded, translation, "po")
    assert {path: target for (path, _source), target in rows_of(translation).items()} == texts


def test_what_programs_for_translators_add_to_xliff_is_passed_over() -> None:
    translation = page_of(("title", "Be <b>brave</b>. Go.", ""))
    data = FORMATS["xliff"].write(translation).decode()
    bold = '<bpt id="1" ctype="bold">&lt;b&gt;</bpt>%s<ept id="1">&lt;/b&gt;</ept>'
    sentences = f'<mrk mtype="seg" mid="0">Будь {bold % "смел"}.</mrk> <mrk mtype="seg" mid="1">Иди.</mrk>'
    found = data.replace(
        '<target state="new" />',
        f'<seg-source>x</seg-source><target state="final">{sentences}</target>'
        '<alt-trans match-quality="90"><source>Be brave</source><target>Смелее</target></alt-trans>',
    )
    found = found.replace("<body>", '<body><group id="g">').replace("</body>", "</group></body>")
    found = found.replace('source-language="en"', 'source-language="en-GB"').replace("\n", "\r\n")
    found = found.replace("<xliff ", '<xliff xmlns:cat="urn:cat" ').replace("<header>", '<header><cat:info a="1"/>')
    assert "<cat:info" in found
    assert len(take_in(b"\xef\xbb\xbf" + found.encode(), translation, "xliff").changed) == 1
    assert row(translation, "title").data == "Будь <b>смел</b>. Иди."


@every_kind
def test_a_text_goes_no_further_than_its_field(kind: str) -> None:
    translation = page_of(("title", "One", ""), ("summary", "Two", ""), ("body.summary", "Three", ""))
    data = FORMATS[kind].write(translation)
    longest = {"title": "я" * 255, "summary": "&" * 400, "body.summary": "я" * 2000}
    assert len(FORMATS[kind].read(edited(data, longest, kind), translation)) == 3
    with pytest.raises(ExchangeError) as error:
        FORMATS[kind].read(edited(data, {"title": "я" * 256, "summary": "&" * 401}, kind), translation)
    assert [problem.place for problem in error.value.problems] == ["title", "summary"]
    assert "256 characters; 255 fit" in str(error.value)
    # In lists of pages, a draft has the title as it was translated, escapes and all.
    escaped = edited(data, {"title": "<" * 64 if kind == "xliff" else "&lt;" * 64}, kind)
    with pytest.raises(ExchangeError, match="256 characters; 255 fit"):
        FORMATS[kind].read(escaped, translation)


@every_kind
def test_nor_does_one_in_a_row_of_the_page(kind: str) -> None:
    translation = translation_of(make_practice())
    (unit,) = (one for one in units_of(translation) if one.field_path == "results.unit")
    longest = PracticeResult._meta.get_field("unit").max_length
    assert longest
    data = FORMATS[kind].write(translation)
    assert FORMATS[kind].read(edited(data, {unit.path: "я" * longest}, kind), translation)
    with pytest.raises(ExchangeError, match=f"{longest} fit in this place") as error:
        FORMATS[kind].read(edited(data, {unit.path: "я" * (longest + 1)}, kind), translation)
    assert error.value.problems[0].place == unit.path
