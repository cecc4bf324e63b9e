"""Webhooks in the administration: who may see and do what, and secrets that are shown once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from cms.delivery.choices import SubscriptionState
from cms.delivery.models import Subscription
from cms.delivery.webhooks import services
from cms.users.choices import Role
from cms.users.services import install_roles
from tests.contracts.test_permission_matrix import MATRIX, enter, make_member, member
from tests.contracts.test_rights import is_refused
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LISTS = ["index", "index_results", "add"]
OF_ONE = ["edit", "delete", "history", "history_results", "inspect", "usage"]
ACTIONS = ["test", "rotate", "replay", "resume"]
WEBHOOK_SCREENS = [*LISTS, *OF_ONE, *ACTIONS]
MAY = {Role.ADMINISTRATOR, Role.PARTNER_MANAGER}
INSIDE = "https://127.0.0.1/hook"


@pytest.fixture(scope="module")
def webhook(made_once: Callable[..., Any]) -> Subscription:
    def make() -> Subscription:
        install_roles()
        for role in MATRIX:
            make_member(role, make_country("KZ"))
        return Subscription.objects.create(name="Partner", url=INSIDE, secret=services.new_secret())

    made: Subscription = made_once(make)
    return made


@pytest.mark.parametrize("role", MATRIX)
def test_webhooks_are_for_those_who_look_after_partners(client: Client, webhook: Subscription, role: str) -> None:
    enter(client, role)
    wrong = []
    for name in (*LISTS, *OF_ONE):
        address = reverse(f"webhooks:{name}", args=() if name in LISTS else (webhook.pk,))
        if is_refused(client.get(address)) == (role in MAY):
            wrong.append(name)
    for name in ACTIONS:
        address = reverse(f"webhooks:{name}", args=(webhook.pk,))
        if role not in MAY and not is_refused(client.post(address, {"version": 0})):
            wrong.append(name)
        assert client.get(address).status_code in {302, 403, 405}
    assert wrong == []


def add(client: Client, **facts: Any) -> Any:
    given: dict[str, Any] = {"name": "Agency", "url": "https://agency.example/hook", "type": "", "language": ""}
    given |= {"owner": member(Role.PARTNER_MANAGER).pk, "country": ""} | facts
    return client.post(reverse("webhooks:add"), given, follow=True)


def test_a_secret_is_shown_once(client: Client, webhook: Subscription) -> None:
    enter(client, Role.PARTNER_MANAGER)
    page = add(client, type="news.NewsPage", language="ru").content.decode()
    made = Subscription.objects.get(name="Agency")
    assert (made.type, made.language, made.position) == ("news.NewsPage", "ru", services.newest_version())
    assert re.findall(r"whsec_[\w+/=]+", page) == [made.secret]
    address = reverse("webhooks:inspect", args=(made.pk,))
    assert "whsec_" not in client.get(address).content.decode()
    page = client.post(reverse("webhooks:rotate", args=(made.pk,)), follow=True).content.decode()
    made.refresh_from_db()
    assert re.findall(r"whsec_[\w+/=]+", page) == [made.secret]
    for name in OF_ONE:
        assert "whsec_" not in client.get(reverse(f"webhooks:{name}", args=(made.pk,))).content.decode()


@pytest.mark.parametrize(
    "url", ["http://agency.example/", "https://user:word@agency.example/", "ftp://agency.example/"]
)
def test_an_address_that_cannot_be_used_is_refused_beside_its_field(
    client: Client, webhook: Subscription, url: str
) -> None:
    enter(client, Role.PARTNER_MANAGER)
    assert list(add(client, url=url).context["form"].errors) == ["url"]
    assert not Subscription.objects.filter(name="Agency").exists()


def test_a_test_says_what_became_of_it(client: Client, webhook: Subscription) -> None:
    enter(client, Role.PARTNER_MANAGER)
    page = client.post(reverse("webhooks:test", args=(webhook.pk,)), follow=True).content.decode()
    assert "The host is not in the public network." in page
    assert webhook.deliveries.count() == 1


def test_deliveries_are_repeated_from_a_version_that_there_was(client: Client, webhook: Subscription) -> None:
    enter(client, Role.PARTNER_MANAGER)
    parked = {"position": services.newest_version(), "state": SubscriptionState.PARKED}
    Subscription.objects.filter(pk=webhook.pk).update(**parked)
    address = reverse("webhooks:replay", args=(webhook.pk,))
    for version in ("", "x", "-1", str(services.newest_version() + 1)):
        page = client.post(address, {"version": version}, follow=True).content.decode()
        assert "Give a version" in page
    page = client.post(address, {"version": 0}, follow=True).content.decode()
    webhook.refresh_from_db()
    assert (webhook.position, webhook.state) == (0, SubscriptionState.ACTIVE)
    history = client.get(reverse("webhooks:history", args=(webhook.pk,))).content.decode()
    assert "Deliveries of a webhook asked for again" in history


def test_a_parked_webhook_goes_on(client: Client, webhook: Subscription) -> None:
    enter(client, Role.ADMINISTRATOR)
    Subscription.objects.filter(pk=webhook.pk).update(state=SubscriptionState.PARKED, attempts=9)
    client.post(reverse("webhooks:resume", args=(webhook.pk,)))
    webhook.refresh_from_db()
    assert (webhook.state, webhook.attempts) == (SubscriptionState.ACTIVE, 0)
