"""Services of machine translation: what they are asked, and what becomes of each answer."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from wagtail.models import Locale
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.strings import StringValue

from cms.translation.machines.connections import seconds_of
from cms.translation.machines.deepl import DeepL
from cms.translation.machines.errors import RefusedError, UnavailableError
from cms.translation.machines.results import keeps_fixed_parts
from tests.translation.machine_servers import SERVERS, Answer, MachineServer, machine_settings, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

EN, RU, KK = Locale(language_code="en"), Locale(language_code="ru"), Locale(language_code="kk")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[MachineServer]:
    with serving(request.param) as running:
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings(request.param, URL=running.url)
        yield running


def machine() -> Any:
    return get_machine_translator()


def translate(*texts: str, source: Locale = EN, target: Locale = RU) -> list[str]:
    found = machine().translate(source, target, map(StringValue, texts))
    return [found[StringValue(text)].data for text in texts]


def test_texts_come_back_in_their_order(server: MachineServer) -> None:
    assert translate("One.", "Two <b>bold</b>.") == ["ru One.", "ru Two <b>ru bold</b>ru ."]
    assert server.texts == [["One.", "Two <b>bold</b>."]]


def test_the_languages_are_asked_for_once(server: MachineServer) -> None:
    assert machine().can_translate(EN, RU)
    assert machine().can_translate(EN, KK)
    assert not machine().can_translate(KK, EN)
    assert not machine().can_translate(EN, EN)
    assert not machine().can_translate(EN, Locale(language_code="uz"))
    assert len(server.requests) == 1


def test_a_pair_that_the_service_does_not_do_is_not_sent(server: MachineServer) -> None:
    with pytest.raises(RefusedError, match="does not translate from kk into en"):
        translate("Бір.", source=KK, target=EN)
    assert server.texts == []


def test_a_language_is_called_as_the_service_calls_it(server: MachineServer) -> None:
    translate("Раз.", source=RU, target=EN)
    sent = server.requests[-1][1]
    assert (sent.get("target"), sent.get("target_lang")) in {("en", None), (None, "EN-GB")}


@pytest.mark.parametrize(("target", "tags"), [(RU, True), (KK, False)])
def test_deepl_handles_tags_in_the_languages_in_which_it_can(settings: Settings, target: Locale, tags: bool) -> None:
    with serving("deepl") as server:
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("deepl", URL=server.url)
        translate("One.", target=target)
    assert ("tag_handling" in server.requests[-1][1]) == tags


@pytest.mark.parametrize(("key", "host"), [("x:fx", "api-free.deepl.com"), ("x", "api.deepl.com")])
def test_deepl_is_where_the_key_belongs_to(key: str, host: str) -> None:
    assert DeepL({"KEY": key}).place == host


REFUSALS = [
    (403, "does not accept the key (403: Not you). Check MACHINE_TRANSLATION_KEY."),
    (456, "is used up (456: Not you). Raise it"),
    (400, "refused the request (400: Not you)."),
    (413, "refused the request (413: Not you)."),
    (404, "Check MACHINE_TRANSLATION_URL."),
    (301, "Check MACHINE_TRANSLATION_URL."),
]


@pytest.mark.parametrize(("status", "sentence"), REFUSALS)
def test_what_is_refused_is_said_and_not_tried_again(server: MachineServer, status: int, sentence: str) -> None:
    server.answers = [Answer(status, {"error": "Not  you"}, Location="http://127.0.0.1:9/elsewhere")]
    with pytest.raises(RefusedError) as refused:
        translate("One.")
    assert sentence in str(refused.value)
    assert machine().display_name in str(refused.value) or "127.0.0.1" in str(refused.value)
    assert len(server.texts) == 1


LATER = [
    (Answer(429, {"message": "Slow down"}, Retry_After="120"), "too many requests (429: Slow down)", 120),
    (Answer(429, {"error": "Slow down"}), "too many requests", 0),
    (Answer(500, {"error": "Cannot translate text"}), "cannot work at present (500: Cannot translate text)", 0),
    (Answer(503, b"<html>proxy</html>", Retry_After="7"), "cannot work at present (503: Service Unavailable)", 7),
    (Answer(200, b'{"translatedText": ["ru'), "damaged or not its own", 0),
    (Answer(200, b"\xff\xfe"), "damaged or not its own", 0),
    (Answer(200, ["ru One."]), "damaged or not its own", 0),
    (Answer(200, {"translatedText": ["ru"] * 2, "translations": [{"text": "ru"}] * 2}), "damaged or not its own", 0),
    (Answer(200, {"translatedText": [7], "translations": [{"detected": "EN"}]}), "damaged or not its own", 0),
    (Answer(200, {"translatedText": "ru One.", "translations": {"text": "ru"}}), "damaged or not its own", 0),
]


@pytest.mark.parametrize(("answer", "sentence", "seconds"), LATER, ids=range(len(LATER)))
def test_what_may_be_better_later_says_so(server: MachineServer, answer: Answer, sentence: str, seconds: int) -> None:
    server.answers = [answer]
    with pytest.raises(UnavailableError) as unavailable:
        translate("One.")
    assert sentence in str(unavailable.value)
    assert unavailable.value.seconds == seconds


def test_a_service_that_does_not_answer_is_not_waited_for_longer_than_was_said(
    server: MachineServer, settings: Settings
) -> None:
    translate("Zero.")
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR["OPTIONS"]["TIMEOUT"] = 0.2
    server.answers = [Answer(hangs=True)]
    with pytest.raises(UnavailableError, match="did not answer in time"):
        translate("One.")


def test_a_service_that_is_not_there_is_named(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("libretranslate", URL=url)
    assert not machine().can_translate(EN, RU)
    with pytest.raises(UnavailableError, match=r"LibreTranslate \(127\.0\.0\.1\) cannot be reached"):
        translate("One.")


def test_screens_do_not_ask_a_silent_service_each_time(server: MachineServer, settings: Settings) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR["OPTIONS"]["URL"] = f"{server.url}/wrong"
    assert not machine().can_translate(EN, RU)
    assert not machine().can_translate(EN, RU)
    assert len(server.requests) == 1
    cache.clear()
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR["OPTIONS"]["URL"] = server.url
    assert machine().can_translate(EN, RU)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("12", 12),
        ("-3", 0),
        ("inf", 0),
        ("nan", 0),
        ("soon", 0),
        ("", 0),
        ("Thu, 01 Jan 2026 08:00:00 +0000", 0),
    ],
)
def test_how_long_to_wait_is_read_from_whatever_is_said(value: str, seconds: float) -> None:
    assert seconds_of(value) == seconds


def test_a_moment_to_come_back_is_told_in_seconds() -> None:
    assert 50 < seconds_of(format_datetime(datetime.now(UTC) + timedelta(minutes=1))) <= 60


KEPT = [
    ("See <a id='a1'>this</a>.", '<a id="a1">Это</a> см.', True),
    ("See <a id='a1'>this</a>.", "См. это.", False),
    ("See <a id='a1'>this</a>.", "См. <a id='a2'>это</a>.", False),
    ("Line<br>line", "Строка<br/>строка", True),
    ("Line", "<b>Строка</b>", False),
    ("Dear %(name)s", "Дорогой %(name)s", True),
    ("Dear %(name)s", "Дорогой %(имя)s", False),
    ("Take {number} of {{ all }}", "{{ all }}: {number}", True),
    ("Take {number}", "Взять { число }", False),
    ("Write to a.b@example.org.", "Пишите: a.b@example.org", True),
    ("Write to a.b@example.org.", "Пишите: а.b@example.org", False),
    ("Go to https://example.org/a?b=1.", "На https://example.org/a?b=1, пожалуйста", True),
    ("Go to https://example.org/a", "На https://example.org/а", False),
    ("At 100 % of 20", "На 100 % из 20", True),
]


@pytest.mark.parametrize(("source", "made", "kept"), KEPT)
def test_what_people_do_not_translate_is_looked_for(source: str, made: str, kept: bool) -> None:
    assert keeps_fixed_parts(source, made) == kept


@pytest.mark.parametrize(
    ("kind", "options", "found"),
    [
        ("libretranslate", {"URL": ""}, ["translation.E001"]),
        ("libretranslate", {"URL": "http://a.example.org", "KEY": ""}, []),
        ("deepl", {"KEY": ""}, ["translation.E001"]),
        ("deepl", {}, []),
        ("dummy", {"KEY": ""}, []),
        ("", {}, ["translation.W001"]),
        ("", {"KEY": ""}, []),
    ],
)
def test_half_of_what_a_service_needs_is_found(
    settings: Settings, kind: str, options: dict[str, str], found: list[str]
) -> None:
    configured = machine_settings(kind or "dummy", **options)
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = configured if kind else None
    settings.MACHINE_TRANSLATION = configured["OPTIONS"]
    assert [one.id for one in run_checks() if one.id and one.id.startswith("translation.")] == found
