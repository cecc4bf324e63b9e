"""A partner's receiver of webhooks."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from standardwebhooks.webhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Iterator


class Receiver(BaseHTTPRequestHandler):
    """Answers with the next of `answers`, or 204, and keeps what came in `messages` of the server."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.messages.append((dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by http.server
        """Nothing: the test looks at what came."""


class Writer(BaseHTTPRequestHandler):
    """Verifies each message with the library of Standard Webhooks, and writes the version down before it answers."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        message = Webhook(self.server.secret).verify(body, dict(self.headers))
        with self.server.file.open("a") as file:
            file.write(f"{message['data']['version']}\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by http.server
        """Nothing: the file is what counts."""


class Cache(BaseHTTPRequestHandler):
    """A cache in front of the site: answers PURGE with what `refusals` of the server say of an address, or with 200.

    It keeps what it was asked, with the host, in `purged` of the server.
    """

    server: Any

    def do_PURGE(self) -> None:
        self.server.purged.append(f"http://{self.headers['Host']}{self.path}")
        status = self.server.refusals.get(self.path, 200)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by http.server
        """Nothing: the test looks at what came."""


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[Any]:
    """A server while it answers, in a thread."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(handler: Any, port: int = 0, **facts: Any) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    vars(server).update(facts)
    return server
