"""Webhooks: what is sent, in which order, what happens when nobody answers, and where nothing is sent."""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from cms.delivery.choices import SubscriptionState
from cms.delivery.models import Delivery, Ledger, Subscription
from cms.delivery.tasks import deliver, settle_marks
from cms.delivery.webhooks import services
from cms.delivery.webhooks.sending import RefusedError, checked, is_public, resolved, send
from tests.delivery.receiver import Receiver, serve
from tests.factories.pages import make_news, make_practice
from tests.factories.site import published, translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cms.users.models import User


@pytest.fixture
def receiver(settings: Any) -> Iterator[Any]:
    settings.WEBHOOK_MAY_STAY_INSIDE = True
    settings.WEBHOOK_TIMEOUT = 5
    server = serve(Receiver, messages=[], answers=[])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def webhook(receiver: Any, ledger: Callable[[], None], admin_user: User) -> Subscription:
    return subscribe(receiver, owner=admin_user)


def subscribe(receiver: Any, **facts: Any) -> Subscription:
    return Subscription.objects.create(
        name="Partner",
        url=f"http://127.0.0.1:{receiver.server_port}/hook?for=us",
        secret=services.new_secret(),
        position=services.newest_version(),
        **facts,
    )


def received(receiver: Any) -> list[Any]:
    return [json.loads(body) for _headers, body in receiver.messages]


def due_now(webhook: Subscription) -> None:
    Subscription.objects.filter(pk=webhook.pk).update(next_at=timezone.now())


def test_a_change_is_sent_signed_and_in_full(webhook: Subscription, receiver: Any, ledger: Callable[[], None]) -> None:
    page = make_news(title="Кітап")
    ledger()
    deliver.call(webhook.pk)
    headers, body = receiver.messages[-1]
    message = Webhook(webhook.secret).verify(body, headers)
    assert headers["webhook-id"] == f"{webhook.pk}-{message['data']['version']}"
    assert message["type"] == "pages.published"
    assert (message["data"]["id"], message["data"]["payload"]["title"]) == (page.pk, "Кітап")
    with pytest.raises(WebhookVerificationError):
        Webhook(services.new_secret()).verify(body, headers)
    webhook.refresh_from_db()
    assert webhook.position == Ledger.objects.get().version
    assert list(webhook.deliveries.values_list("status", flat=True).distinct()) == [204]


def test_changes_are_sent_in_their_order_and_after_a_failure_from_there(
    webhook: Subscription, receiver: Any, ledger: Callable[[], None]
) -> None:
    before = webhook.position
    for number in range(4):
        make_news(title=f"News {number}")
        ledger()
    receiver.answers = [204, 500]
    deliver.call(webhook.pk)
    webhook.refresh_from_db()
    assert (webhook.attempts, webhook.state) == (1, "active")
    deliver.call(webhook.pk)
    assert len(receiver.messages) == 2  # it is not its time yet
    due_now(webhook)
    deliver.call(webhook.pk)
    versions = [message["data"]["version"] for message in received(receiver)]
    assert versions == [before + 1, before + 2, *range(before + 2, Ledger.objects.get().version + 1)]
    ids = [headers["webhook-id"] for headers, _body in receiver.messages]
    assert ids[1] == ids[2]
    webhook.refresh_from_db()
    assert (webhook.attempts, webhook.failing_since, webhook.next_at) == (0, None, None)


def test_pauses_grow_and_after_three_days_the_owner_is_told(
    webhook: Subscription, receiver: Any, ledger: Callable[[], None], admin_user: User
) -> None:
    make_news()
    ledger()
    pauses = []
    for _attempt in range(5):
        receiver.answers = [503]
        due_now(webhook)
        deliver.call(webhook.pk)
        webhook.refresh_from_db()
        assert webhook.next_at is not None
        pauses.append((webhook.next_at - timezone.now()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] > 8 * pauses[0]
    long_ago = timezone.now() - timedelta(days=3, minutes=1)
    Subscription.objects.filter(pk=webhook.pk).update(failing_since=long_ago)
    receiver.answers = [503]
    due_now(webhook)
    deliver.call(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.state == SubscriptionState.PARKED
    assert [message.to for message in mail.outbox] == [[admin_user.email]]
    assert "Partner" in mail.outbox[0].subject
    count = len(receiver.messages)
    settle_marks.call()
    assert len(receiver.messages) == count
    services.resume(webhook, admin_user)
    deliver.call(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.position == Ledger.objects.get().version


def test_a_receiver_who_is_gone_for_good_is_asked_no_more(
    webhook: Subscription, receiver: Any, ledger: Callable[[], None]
) -> None:
    make_news()
    ledger()
    receiver.answers = [410]
    deliver.call(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.state == SubscriptionState.PARKED


def test_a_subscription_gets_what_it_asks_for(receiver: Any, ledger: Callable[[], None]) -> None:
    georgia = make_country("GE")
    by = {
        "type": subscribe(receiver, type="practices.PracticePage"),
        "language": subscribe(receiver, language="ru"),
        "country": subscribe(receiver, country=georgia),
    }
    page = make_practice(title="Of Georgia", country=georgia)
    translate(page, "ru", title="Грузии")
    make_news(title="Of nobody")
    ledger()
    expected = {"type": {"Of Georgia", "Грузии"}, "language": {"Грузии"}, "country": {"Of Georgia", "Грузии"}}
    for name, webhook in by.items():
        receiver.messages.clear()
        deliver.call(webhook.pk)
        told = [message["data"] for message in received(receiver) if message["data"]["kind"] == "pages"]
        titles = {one["payload"]["title"] for one in told if one["payload"]}
        assert titles == expected[name], name
        webhook.refresh_from_db()
        assert webhook.position == Ledger.objects.get().version
    page.country, page.page_countries = make_country("KZ"), []
    published(page)
    ledger()
    receiver.messages.clear()
    deliver.call(by["country"].pk)
    assert {message["data"]["id"] for message in received(receiver)} >= {page.pk}  # it is told that the page has left


def test_a_subscription_may_be_for_one_kind(receiver: Any, ledger: Callable[[], None]) -> None:
    webhook = subscribe(receiver, kind="countries")
    make_country("GE")
    make_news()
    ledger()
    deliver.call(webhook.pk)
    (message,) = received(receiver)
    assert (message["type"], message["data"]["payload"]["code"]) == ("countries.published", "GE")


def test_the_worker_is_woken_by_a_change_and_by_the_clock(webhook: Subscription, receiver: Any, ledger: Any) -> None:
    page = make_news()
    settle_marks.call()
    assert page.pk in [message["data"]["id"] for message in received(receiver)]


def test_for_a_day_the_secret_before_signs_as_well(
    webhook: Subscription, receiver: Any, ledger: Callable[[], None], admin_user: User
) -> None:
    old, new = webhook.secret, services.rotate(webhook, admin_user)
    make_news()
    ledger()
    deliver.call(webhook.pk)
    headers, body = receiver.messages[-1]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    Subscription.objects.filter(pk=webhook.pk).update(previous_until=timezone.now())
    services.replay(webhook, 0, admin_user)
    deliver.call(webhook.pk)
    headers, body = receiver.messages[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_everything_after_a_version_can_be_sent_again(
    webhook: Subscription, receiver: Any, ledger: Any, admin_user: User
) -> None:
    version = Ledger.objects.get().version
    services.replay(webhook, version - 3, admin_user)
    deliver.call(webhook.pk)
    assert [message["data"]["version"] for message in received(receiver)] == [version - 2, version - 1, version]


def test_a_worker_that_has_a_subscription_in_hand_keeps_others_away(
    webhook: Subscription, receiver: Any, ledger: Callable[[], None]
) -> None:
    make_news()
    ledger()
    Subscription.objects.filter(pk=webhook.pk).update(leased_until=timezone.now() + timedelta(seconds=5))
    deliver.call(webhook.pk)
    assert receiver.messages == []
    Subscription.objects.filter(pk=webhook.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    deliver.call(webhook.pk)
    assert receiver.messages


def test_a_redirect_is_not_followed(webhook: Subscription, receiver: Any) -> None:
    receiver.answers = [302]
    outcome = services.send_test(webhook)
    assert (outcome.status, outcome.is_delivered) == (302, False)
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/", "ftp://example.org/", "https://", "https:///x", "//example.org", "x", "javascript:1"),
        *("https://user:word@example.org/", "https://user@example.org/", "https://example.org:0/", "https://a:99999/"),
        "https://[::1/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        checked(url)


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://0.0.0.0/", "https://2130706433/"),
        *("https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest"),
        *("https://[fe80::1]/", "https://[fc00::1]/", "https://[::ffff:127.0.0.1]/", "https://100.64.0.1/"),
        *("https://0177.0.0.1/", "https://127.1/", "https://[2002:7f00:1::]/", "https://224.0.0.1/"),
    ],
)
def test_the_own_network_is_out_of_reach(url: str) -> None:
    with pytest.raises(RefusedError):
        resolved(checked(url))
    assert send(url, "1", "{}", [services.new_secret()]).status is None


def test_the_public_network_is_within_reach() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")
    assert resolved(checked("https://93.184.216.34/")) == "93.184.216.34"


def test_old_records_go(webhook: Subscription) -> None:
    for days in (1, 40):
        sent = timezone.now() - timedelta(days=days)
        Delivery.objects.create(subscription=webhook, version=days, sent_at=sent, milliseconds=1, status=204)
    services.prune()
    assert list(webhook.deliveries.values_list("version", flat=True)) == [1]


def test_an_answer_that_does_not_come_is_a_failure_in_words(settings: Any) -> None:
    """Nobody listens at the port; then somebody does who says nothing at all."""
    settings.WEBHOOK_MAY_STAY_INSIDE, settings.WEBHOOK_TIMEOUT = True, 0.2
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        outcome = send(url, "1", "{}", [services.new_secret()])
        assert (outcome.status, outcome.is_delivered) == (None, False)
        assert "refused" in outcome.problem
        silent.listen()
        outcome = send(url, "1", "{}", [services.new_secret()])
        assert (outcome.status, outcome.is_delivered) == (None, False)
        assert "timed out" in outcome.problem


def test_an_answer_that_is_no_http_is_a_failure_in_words(settings: Any) -> None:
    settings.WEBHOOK_MAY_STAY_INSIDE, settings.WEBHOOK_TIMEOUT = True, 2
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def answer() -> None:
            connection, _address = odd.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = send(f"http://127.0.0.1:{odd.getsockname()[1]}/", "1", "{}", [services.new_secret()])
        thread.join()
    assert outcome.status is None
    assert "BadStatusLine" in outcome.problem


def test_a_stopped_webhook_and_one_whose_owner_is_gone_trouble_nobody(
    webhook: Subscription, receiver: Any, ledger: Callable[[], None]
) -> None:
    make_news()
    ledger()
    Subscription.objects.filter(pk=webhook.pk).update(state=SubscriptionState.STOPPED, owner=None)
    services.wake()
    assert receiver.messages == []
    webhook.refresh_from_db()
    services.park(webhook, timezone.now())
    assert mail.outbox == []
