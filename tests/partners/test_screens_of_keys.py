"""Screens of keys at their edges: keys that are over, parts in words, long histories, and keys that there are not."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from cms.partners.models import KeyUsage, PartnerKey
from cms.partners.services import issue
from cms.partners.viewsets import DAYS_SHOWN
from cms.users.choices import Role
from cms.users.services import install_roles
from tests.contracts.test_permission_matrix import enter, make_member
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def address(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_partners_partnerkey:{name}", args=args)


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    def make() -> None:
        install_roles()
        for role in (Role.PARTNER_MANAGER, Role.EDITOR):
            make_member(role, make_country())
        now = timezone.now()
        issue(name="Runs", scopes=["statistics"])
        issue(name="Is over", expires_at=now - datetime.timedelta(days=1))
        issue(name="Was revoked", revoked_at=now)

    made_once(make)


def shown(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html5lib").select_one("main")


def test_the_list_says_of_each_key_how_it_stands(client: Client) -> None:
    enter(client, Role.PARTNER_MANAGER)
    rows = {
        row.select_one("a").get_text(strip=True): row.get_text(" ", strip=True)
        for row in shown(client, address("list")).select("tbody tr")
    }
    states = {"Runs": "Valid", "Is over": "Expired", "Was revoked": "Revoked"}
    assert set(rows) == set(states)
    assert [name for name, state in states.items() if state not in rows[name]] == []


def test_a_key_is_found_by_its_beginning(client: Client) -> None:
    enter(client, Role.PARTNER_MANAGER)
    key = PartnerKey.objects.get(name="Is over")
    words = shown(client, f"{address('list')}?q={key.prefix}").get_text(" ")
    assert "Is over" in words
    assert "Was revoked" not in words


def test_the_page_of_a_key_names_its_parts_and_the_newest_days(client: Client) -> None:
    enter(client, Role.PARTNER_MANAGER)
    key = PartnerKey.objects.get(name="Runs")
    first = datetime.date(2026, 1, 1)
    KeyUsage.objects.bulk_create(
        KeyUsage(key=key, day=first + datetime.timedelta(days=number), requests=7000 + number)
        for number in range(DAYS_SHOWN + 2)
    )
    page = shown(client, address("inspect", key.pk))
    words = page.get_text(" ", strip=True)
    assert "Statistics: indicators" in words
    assert "The feed of changes" not in words
    counts = [cell.get_text(strip=True) for cell in page.select("td") if cell.get_text(strip=True).startswith("70")]
    assert (len(counts), counts[0], counts[-1]) == (DAYS_SHOWN, f"{7000 + DAYS_SHOWN + 1}", "7002")


def test_a_key_that_there_is_not_cannot_be_revoked(client: Client) -> None:
    enter(client, Role.PARTNER_MANAGER)
    for method in (client.get, client.post):
        assert method(address("revoke", 999_999)).status_code == 404


def test_who_only_edits_pages_revokes_no_key(client: Client) -> None:
    enter(client, Role.EDITOR)
    key = PartnerKey.objects.get(name="Runs")
    for method in (client.get, client.post):
        assert method(address("revoke", key.pk)).status_code in {302, 403}
    key.refresh_from_db()
    assert key.revoked_at is None
