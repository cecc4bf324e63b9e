"""A mail server that takes mail, refuses it, or is not there."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


class Dialogue(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs that sends mail without signing in."""

    server: Any

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client that was killed is heard no more
            self.talk()

    def talk(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"RCPT" and self.server.refusal:
                self.say(self.server.refusal)
            elif verb == b"DATA":
                self.say("354 go ahead")
                self.server.letters.append(self.read_letter())
                self.say("250 taken")
            else:
                self.say("250 fine")

    def read_letter(self) -> EmailMessage:
        """Raises `ConnectionError` for one that was cut off: it is not taken."""
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        else:
            raise ConnectionError("the letter has no end")
        letter: Any = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        return letter

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.letters: list[EmailMessage] = []
        self.refusal = ""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
