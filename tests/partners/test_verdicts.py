"""What limits say of a request and what becomes of it; limits that change; counts that cannot be written at once."""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import set_script_prefix
from django.utils import timezone

from cms.api.description import document
from cms.partners import limits, usage
from cms.partners.choices import SCOPES, Scope
from cms.partners.limits import PATIENCE, Limit, Verdict, impatient, take
from cms.partners.middleware import PartnerMiddleware, limits_of
from cms.partners.models import KeyUsage, PartnerKey
from cms.partners.services import BadKeyError, KeyFacts, digest_of, draw, issue, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MINUTE, DAY = Limit("minute", 5, 60), Limit("day", 100, 86_400)
COUNTRIES = "/api/v2/countries/"


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    limits.forget()
    usage._counts.clear()
    yield
    limits.forget()
    usage._counts.clear()


class Answering:
    """What stands behind the middleware; `asked` is what reached it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(f"{request.method} {request.path}")
        return HttpResponse("answer")


def send(method: str, path: str, **headers: str) -> tuple[Answering, Any]:
    behind = Answering()
    request = RequestFactory().generic(method, path, headers=headers)
    return behind, PartnerMiddleware(behind)(request)


def verdict(limit: Limit, left: int, reset: int, *, is_allowed: bool = True) -> Verdict:
    return Verdict(limit, is_allowed, left, reset)


@pytest.mark.parametrize(
    ("verdicts", "status", "wait", "rate"),
    [
        ([], 200, None, None),
        ([verdict(MINUTE, 4, 60)], 200, None, '"minute";r=4;t=60'),
        ([verdict(MINUTE, 0, 1)], 200, None, '"minute";r=0;t=1'),
        ([verdict(MINUTE, 0, 17, is_allowed=False)], 429, "17", '"minute";r=0;t=17'),
        (
            [verdict(MINUTE, 0, 17, is_allowed=False), verdict(DAY, 3, 4000)],
            429,
            "17",
            '"minute";r=0;t=17, "day";r=3;t=4000',
        ),
        (
            [verdict(MINUTE, 2, 17), verdict(DAY, 0, 4000, is_allowed=False)],
            429,
            "4000",
            '"minute";r=2;t=17, "day";r=0;t=4000',
        ),
        (
            [verdict(MINUTE, 0, 17, is_allowed=False), verdict(DAY, 0, 3, is_allowed=False)],
            429,
            "17",
            '"minute";r=0;t=17, "day";r=0;t=3',
        ),
    ],
)
def test_all_limits_must_allow_a_request_and_the_longest_wait_is_told(
    verdicts: list[Verdict], status: int, wait: str | None, rate: str | None
) -> None:
    behind = Answering()
    answer: Any = PartnerMiddleware(behind).within(RequestFactory().get(COUNTRIES), verdicts)
    assert (answer.status_code, answer.get("Retry-After"), answer.get("RateLimit")) == (status, wait, rate)
    assert len(behind.asked) == (status == 200), "nothing is worked out for who is refused"
    assert answer.has_header("RateLimit-Policy") == bool(verdicts)
    if wait:
        assert f"Go on in {wait} seconds" in answer.content.decode()


@pytest.mark.parametrize("path", ["/en/", "/api/", "/api/v2", "/api/v20/pages/", "/en/api/v2/pages/", "/data/api/v2/"])
def test_what_is_not_the_api_passes_whatever_it_brings_along(path: str) -> None:
    behind, answer = send("GET", path, authorization="Bearer nothing")
    assert behind.asked == [f"GET {path}"]
    assert list(answer.headers) == ["Content-Type"]


def test_without_a_limit_readers_without_a_key_are_not_counted(settings: Any) -> None:
    settings.API_ANONYMOUS_RATE = 0
    behind, answer = send("GET", COUNTRIES)
    assert behind.asked == [f"GET {COUNTRIES}"]
    assert not {name for name in answer.headers if name.startswith("RateLimit")}
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_site_below_a_path_has_its_api_there(settings: Any) -> None:
    settings.API_ANONYMOUS_RATE = 0
    set_script_prefix("/hub/")
    try:
        answers = [send("GET", f"{place}{COUNTRIES}")[1] for place in ("/hub", "")]
    finally:
        set_script_prefix("/")
    assert [answer.has_header("Access-Control-Allow-Origin") for answer in answers] == [True, False]


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer nothing"}, {"origin": "https://example.org"}])
def test_a_browser_that_asks_first_is_answered_without_counting(header: dict[str, str]) -> None:
    behind, answer = send("OPTIONS", f"{COUNTRIES}KZ/", **header)
    assert (behind.asked, answer.status_code, answer.content) == ([], 204, b"")
    assert answer["Allow"] == answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert {"Authorization", "If-None-Match"} <= set(answer["Access-Control-Allow-Headers"].split(", "))
    assert int(answer["Access-Control-Max-Age"]) >= 3600


@pytest.mark.parametrize("header", ["", " ", "Basic eDp5", "BearerX y", "Digest username=x", "\tBearer x"])
def test_what_is_not_even_meant_as_a_key_is_refused_before_any_is_looked_up(header: str) -> None:
    behind, answer = send("GET", COUNTRIES, authorization=header)
    assert (behind.asked, answer.status_code) == ([], 401)
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    with pytest.raises(BadKeyError, match="Authorization: Bearer"):
        key_of(header)


def test_every_part_of_the_api_with_figures_is_of_the_scope_for_figures() -> None:
    tags = {path.split("/")[1]: methods["get"]["tags"][0] for path, methods in document()["paths"].items()}
    assert {part for part, tag in tags.items() if tag == "Statistics"} == {
        part for part, scope in SCOPES.items() if scope == Scope.STATISTICS
    }
    assert set(SCOPES) <= set(tags), "no scope is for what there is not"
    assert set(SCOPES.values()) == set(Scope) - {Scope.CONTENT}


def test_a_key_has_a_limit_for_bursts_and_one_for_the_day() -> None:
    facts = KeyFacts(1, "", frozenset(), rate=7, quota=900, expires_at=None, is_revoked=False)
    assert limits_of(facts) == [Limit("minute", 7, 60), Limit("day", 900, 86_400)]


def test_a_key_is_drawn_anew_each_time_and_only_its_digest_stays() -> None:
    keys = [PartnerKey(name="Partner") for _number in range(50)]
    secrets = [draw(key) for key in keys]
    assert len(set(secrets)) == len({key.prefix for key in keys}) == 50
    for key, secret in zip(keys, secrets, strict=True):
        mark, prefix, rest = secret.split("_", 2)
        assert (mark, prefix, digest_of(secret)) == ("spk", key.prefix, key.digest)
        assert len(rest) >= 43, "256 bits"
        assert rest not in str(vars(key))


HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("revoked", "expires", "state"),
    [
        (None, None, "Valid"),
        (None, HOUR, "Valid"),
        (None, -HOUR, "Expired"),
        (None, 0 * HOUR, "Expired"),
        (-HOUR, None, "Revoked"),
        (-HOUR, HOUR, "Revoked"),
        (-HOUR, -HOUR, "Revoked"),
    ],
)
def test_the_state_of_a_key(revoked: datetime.timedelta | None, expires: datetime.timedelta | None, state: str) -> None:
    now = timezone.now()
    key = PartnerKey(
        revoked_at=None if revoked is None else now + revoked, expires_at=None if expires is None else now + expires
    )
    assert str(key.state) == state


@pytest.mark.parametrize(
    ("scopes", "is_right"),
    [
        (list(Scope), True),
        (["changes"], True),
        (["changes", "changes"], True),
        ([], False),
        (["Content"], False),
        (["content", ""], False),
        ("content", False),
    ],
)
def test_a_key_is_for_parts_by_their_names(scopes: Any, is_right: bool) -> None:
    key = PartnerKey(name="Partner", scopes=scopes)
    if is_right:
        key.clean()
    else:
        with pytest.raises(ValidationError) as caught:
            key.clean()
        assert list(caught.value.message_dict) == ["scopes"]


@pytest.mark.django_db
def test_a_limit_that_was_raised_is_there_at_once_and_not_in_the_next_window() -> None:
    small, large = Limit("day", 3, 86_400), Limit("day", 10, 86_400)
    assert [take("key-1", small).is_allowed for _number in range(5)] == [True] * 3 + [False] * 2
    after = [take("key-1", large) for _number in range(9)]
    assert [one.is_allowed for one in after] == [True] * 7 + [False] * 2
    assert [one.left for one in after[:7]] == [6, 5, 4, 3, 2, 1, 0]
    assert not take("key-1", small).is_allowed, "lowered again, it is used up"
    assert take("key-2", small).is_allowed


@pytest.mark.django_db
def test_what_is_used_up_is_refused_without_asking_again(django_assert_num_queries: Any) -> None:
    answers = [take("key-1", MINUTE).is_allowed for _number in range(6)]
    assert answers == [True] * 5 + [False]
    with django_assert_num_queries(0):
        assert not any(take("key-1", MINUTE).is_allowed for _number in range(20))


@pytest.mark.django_db
@pytest.mark.parametrize("second", [0, 1, 59])
def test_a_window_begins_with_the_full_minute(monkeypatch: pytest.MonkeyPatch, second: int) -> None:
    now = 60 * 30_000_000 + second
    monkeypatch.setattr("cms.partners.limits.time.time", lambda: now + 0.999)
    assert take("key-1", MINUTE).reset == 60 - second
    assert take("key-1", DAY).reset == 86_400 - now % 86_400


def test_leases_that_are_over_make_room_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_SUBJECTS", 3)
    monkeypatch.setattr("cms.partners.limits.time.time", lambda: 1000.0)
    for subject, until in (("over", 1000), ("over too", 940), ("running", 1001)):
        limits._lease(subject, 60, until)
    kept = limits._lease("running", 60, 1001)
    assert len(limits._leases) == 3, "who is known needs no room"
    limits._lease("new", 60, 1020)
    assert set(limits._leases) == {("running", 60), ("new", 60)}
    assert limits._lease("running", 60, 1001) is kept
    assert limits._lease("running", 60, 1061) is not kept, "the next window begins anew"


@pytest.mark.django_db
def test_patience_is_as_long_as_before_even_after_a_fault() -> None:
    if connection.vendor != "sqlite":
        with impatient():
            pass
        return
    before = timeout()
    with impatient():
        assert timeout() == PATIENCE < before
    with pytest.raises(OperationalError), impatient():
        raise OperationalError("database is locked")
    assert timeout() == before


def timeout() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])


@contextmanager
def nothing_can_be_written(table: str) -> Iterator[None]:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if table in sql and not sql.startswith("SELECT"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db
def test_counts_that_cannot_be_written_are_kept_and_written_once() -> None:
    one, other = issue(name="One")[0], issue(name="Other")[0]
    usage.write_down()
    for key, is_refused in ((one, False), (one, True), (one, False), (other, False)):
        usage.count(key.pk, is_refused=is_refused)
    with nothing_can_be_written(KeyUsage._meta.db_table):
        usage.write_down()
    assert not PartnerKey.objects.exclude(last_used_at=None).exists(), "nor is anything else left half written"
    usage.count(other.pk, is_refused=True)
    usage.write_down()
    usage.write_down()
    rows = KeyUsage.objects.order_by("key__name").values_list("key__name", "requests", "refused")
    assert list(rows) == [("One", 2, 1), ("Other", 1, 1)]


@pytest.mark.django_db
def test_each_day_has_its_own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    key = issue(name="One")[0]
    usage.write_down()
    days = [datetime.datetime(2026, 3, 1, 23, 59, 59, tzinfo=datetime.UTC)]
    days += [days[0] + datetime.timedelta(seconds=1)] * 2
    for moment in days:
        monkeypatch.setattr("cms.partners.usage.timezone.now", lambda moment=moment: moment)
        usage.count(key.pk, is_refused=False)
        usage.write_down()
    monkeypatch.undo()
    assert [(row.day.isoformat(), row.requests) for row in key.usage.all()] == [("2026-03-02", 2), ("2026-03-01", 1)]


@pytest.mark.django_db
def test_what_was_gathered_is_written_with_a_request_when_it_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    key, now = issue(name="One")[0], 1000.0
    monkeypatch.setattr("cms.partners.usage.time.monotonic", lambda: now)
    usage.write_down()
    written = []
    for now in (1000.0, 1000.0 + usage.EVERY - 0.1, 1000.0 + usage.EVERY):  # noqa: B007 - what the clock shows
        usage.count(key.pk, is_refused=False)
        written.append(sum(KeyUsage.objects.values_list("requests", flat=True)))
    assert written == [0, 0, 3]
    monkeypatch.undo()
    usage.write_down()
