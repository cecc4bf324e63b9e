"""The receiver of docs/how-to, run as partners run it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from cms.delivery.models import Subscription
from cms.delivery.tasks import deliver
from cms.delivery.webhooks import services
from tests.contracts.sources import ROOT
from tests.delivery.mirroring import wait_for
from tests.factories.pages import make_news

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (ROOT / "docs/how-to/receive-webhooks.md").read_text(encoding="utf-8")


def is_there(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_receiver_of_the_documentation_takes_each_message_once(ledger: Callable[[], None], settings: Any) -> None:
    settings.WEBHOOK_MAY_STAY_INSIDE, settings.WEBHOOK_TIMEOUT = True, 5
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret, position = services.new_secret(), services.newest_version()
    webhook = Subscription.objects.create(
        name="Partner", url=f"http://127.0.0.1:{port}/", secret=secret, position=position, type="news.NewsPage"
    )
    page = make_news()
    ledger()
    command, environment = [sys.executable, "-c", program], {"WEBHOOK_SECRET": secret, "PORT": str(port)}
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as receiver:
        try:
            wait_for(lambda: is_there(port), "the receiver does not start")
            for _once_and_again in range(2):
                deliver.call(webhook.pk)
                services.replay(webhook, position, None)
            assert services.send_test(webhook).is_delivered
            webhook.secret = services.new_secret()
            assert services.send_test(webhook).status == 401
        finally:
            receiver.kill()
        assert receiver.stdout
        assert receiver.stdout.read().splitlines() == [f"pages.published {page.pk}", "test "]
    assert list(webhook.deliveries.order_by("pk").values_list("status", flat=True)) == [204, 204, 204, 401]
