"""Keys of partners: issued, checked with each request, counted, revoked."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.partners import limits, usage
from cms.partners.models import KeyUsage, PartnerKey
from cms.partners.services import issue, revoke
from tests.answers import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from wagtail.models import Site

pytestmark = pytest.mark.django_db
COUNTRIES, INDICATORS = "/api/v2/countries/", "/api/v2/indicators/"


@pytest.fixture(autouse=True)
def fresh_counts(site: Site) -> Iterator[None]:
    limits.forget()
    usage._counts.clear()
    yield
    limits.forget()
    usage._counts.clear()


def ask(client: Client, secret: str, address: str = COUNTRIES) -> Any:
    return client.get(address, headers={"authorization": f"Bearer {secret}"})


def test_a_key_is_kept_as_a_digest(client: Client) -> None:
    key, secret = issue(name="Statistics office")
    assert secret.startswith(f"spk_{key.prefix}_")
    assert len(secret) > 50
    assert secret not in str(list(PartnerKey.objects.values()))
    assert ask(client, secret).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer spk_00000000_x",
        "Basic dXNlcjpwYXNz",
        "Token {secret}",
        "{secret}",
        "Bearer {secret}x",
        "Bearer {secret} ",
        "bearer \u00e9",
    ],
)
def test_what_is_no_valid_key_is_never_taken_for_no_key(client: Client, header: str) -> None:
    _key, secret = issue(name="Partner")
    answer = client.get(COUNTRIES, headers={"authorization": header.format(secret=secret)})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert secret not in answer.content.decode()


def test_the_word_bearer_may_be_written_small(client: Client) -> None:
    _key, secret = issue(name="Partner")
    assert client.get(COUNTRIES, headers={"authorization": f"bearer {secret}"}).status_code == 200


def test_an_expired_key_is_refused(client: Client) -> None:
    soon = timezone.now() + datetime.timedelta(minutes=5)
    _key, secret = issue(name="Partner", expires_at=soon)
    assert ask(client, secret).status_code == 200
    PartnerKey.objects.update(expires_at=timezone.now())
    PartnerKey.objects.get().save()
    answer = ask(client, secret)
    assert (answer.status_code, "expired" in answer.json()["detail"]) == (401, True)


def test_a_revoked_key_is_refused_at_once_and_the_log_says_who_did_it(client: Client, admin_user: Any) -> None:
    key, secret = issue(name="Partner")
    assert ask(client, secret).status_code == 200
    assert revoke(key, by=admin_user)
    assert ask(client, secret).status_code == 401
    assert not revoke(key, by=admin_user), "once is enough"
    (entry,) = ModelLogEntry.objects.filter(action="partners.revoked")
    assert (entry.user, entry.object_id) == (admin_user, str(key.pk))


def test_a_key_opens_the_parts_that_it_is_for(client: Client) -> None:
    _key, secret = issue(name="Partner", scopes=["statistics"])
    assert ask(client, secret, INDICATORS).status_code == 200
    answer = ask(client, secret)
    assert (answer.status_code, "content" in answer.json()["detail"]) == (403, True)
    assert client.get(COUNTRIES).status_code == 200, "without the key, anybody may"


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_a_key_is_for_parts_that_there_are(scopes: list[str]) -> None:
    with pytest.raises(ValidationError, match="at least one part"):
        issue(name="Partner", scopes=scopes)


def test_more_than_the_rate_is_refused_until_the_minute_is_over(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("cms.partners.limits.time.time", lambda: 1_000_020.0)
    _key, secret = issue(name="Partner", rate=5, quota=100)
    answers = [ask(client, secret) for _number in range(7)]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 2
    assert answers[-1]["Retry-After"] == "60"
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert answers[0]["RateLimit-Policy"] == '"minute";q=5;w=60, "day";q=100;w=86400'
    assert [one["RateLimit"].split(",")[0] for one in answers[:2]] == ['"minute";r=4;t=60', '"minute";r=3;t=60']
    monkeypatch.setattr("cms.partners.limits.time.time", lambda: 1_000_080.0)
    assert ask(client, secret).status_code == 200


def test_more_than_the_quota_is_refused_until_the_day_is_over(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("cms.partners.limits.time.time", lambda: 86_400.0 * 20_000 + 86_000)
    _key, secret = issue(name="Partner", rate=100, quota=3)
    answers = [ask(client, secret) for _number in range(4)]
    assert [one.status_code for one in answers] == [200] * 3 + [429]
    assert answers[-1]["Retry-After"] == "400"


def test_without_a_key_the_lower_rate_applies_by_address(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_RATE = 3
    _key, secret = issue(name="Partner")
    assert [client.get(COUNTRIES).status_code for _number in range(4)] == [200, 200, 200, 429]
    assert client.get("/api/v2/pages/").status_code == 429, "of the whole API"
    assert ask(client, secret).status_code == 200
    assert client.get(COUNTRIES, REMOTE_ADDR="8.8.8.8").status_code == 200
    assert client.get("/en/").status_code == 200, "of the API alone"


def test_whoever_has_a_network_of_the_newer_protocol_is_one_reader(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_RATE = 1
    assert client.get(COUNTRIES, REMOTE_ADDR="2001:db8::1").status_code == 200
    assert client.get(COUNTRIES, REMOTE_ADDR="2001:db8::2").status_code == 429
    assert client.get(COUNTRIES, REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_the_use_of_a_key_is_written_down(client: Client, monkeypatch: Any) -> None:
    key, secret = issue(name="Partner", rate=2, scopes=["content"])
    usage.write_down()
    for address in (COUNTRIES, COUNTRIES, COUNTRIES, INDICATORS):
        ask(client, secret, address)
    usage.write_down()
    (row,) = KeyUsage.objects.all()
    assert (row.key, row.day, row.requests, row.refused) == (key, timezone.now().date(), 2, 2)
    key.refresh_from_db()
    assert key.last_used_at is not None
    ask(client, secret, INDICATORS)
    usage.write_down()
    row.refresh_from_db()
    assert row.refused == 3


def test_the_use_of_a_key_that_was_deleted_is_forgotten(client: Client) -> None:
    key, secret = issue(name="Partner")
    usage.write_down()
    ask(client, secret)
    key.delete()
    usage.write_down()
    assert not KeyUsage.objects.exists()


def test_a_key_costs_one_query_at_most_while_there_is_something_set_aside(client: Client) -> None:
    _key, secret = issue(name="Partner", rate=800)
    usage.write_down()
    ask(client, secret)
    without = queries(client, COUNTRIES)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    assert queries(client, COUNTRIES) == without + 1, "whether what is kept of keys is still true"


def test_pages_of_other_sites_may_read_the_api(client: Client) -> None:
    assert client.get(COUNTRIES)["Access-Control-Allow-Origin"] == "*"
    asked = client.options(COUNTRIES, headers={"origin": "https://example.org"})
    assert (asked.status_code, "Authorization" in asked["Access-Control-Allow-Headers"]) == (204, True)
    assert "Access-Control-Allow-Origin" not in client.get("/en/")
