"""Readers of whole pages: one who is given what a process has kept, in two processes, and one who never is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOM = 32 * 1024 * 1024
# Of a form, which is never kept.
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
ADDED = {"ETag", "Cache-Control", "Vary"}


def process(room: int = ROOM, **facts: Any) -> Client:
    """A reader of a process of its own, which keeps pages of so many bytes."""
    with override_settings(LEDGER_PAGES=room):
        client = Client(**facts)
        client.handler.load_middleware()
    return client


def asked(client: Client, address: str) -> tuple[Any, int]:
    """An answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    return response, len(captured)


@dataclass
class Readers:
    processes: list[Client] = field(default_factory=lambda: [process(), process()])
    fresh: Client = field(default_factory=lambda: process(0))

    def see(self, address: str) -> str:
        """What readers see at an address, which is the same for all of them."""
        made = self.fresh.get(address)
        for client in self.processes:
            shown = client.get(address)
            assert shown.status_code == made.status_code, address
            assert TOKEN.sub(b"", shown.content) == TOKEN.sub(b"", made.content), address
            headers = {name: value for name, value in shown.headers.items() if name not in ADDED}
            if "ETag" in shown:
                assert headers == dict(made.headers), address
        return TOKEN.sub(b"", made.content).decode()

    def keep(self, addresses: Iterable[str]) -> None:
        """Let both processes have pages kept, and make sure that they have."""
        for address in addresses:
            self.see(address)
            assert [asked(client, address)[1] for client in self.processes] == [1, 1], address
