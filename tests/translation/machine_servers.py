"""Services of machine translation that speak as the real ones document it, on this machine, and can be made to fail."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup

from cms.settings.env import MACHINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "a-key-of-the-house"
PAIRS = {"en": ["kk", "ru"], "ru": ["en"], "kk": []}


def marked(text: str, language: str) -> str:
    """A text whose words all say in which language they are."""
    soup = BeautifulSoup(text, "html.parser")
    for words in soup.find_all(string=True):
        words.replace_with(f"{language} {words}")
    return str(soup)


class Answer:
    """An answer in the place of a good one. `hangs` never comes."""

    def __init__(self, status: int = 200, body: Any = None, *, hangs: bool = False, **headers: str) -> None:
        self.status, self.hangs = status, hangs
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Handler(BaseHTTPRequestHandler):
    server: MachineServer

    def do_GET(self) -> None:
        self.answer({})

    def do_POST(self) -> None:
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, sent: dict[str, Any]) -> None:
        self.server.requests.append((self.path, sent))
        answer = self.server.next_answer() if sent else None
        answer = answer or self.server.reply(self.path, sent, dict(self.headers))
        if answer.hangs:
            self.server.ended.wait(20)
            return
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the library gives it
        """Say nothing."""


class MachineServer(ThreadingHTTPServer):
    """What was asked of it stands in `requests`; `answers` come first, one for each request with texts."""

    daemon_threads = True
    kind: str

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[Answer | None] = []
        self.made: Callable[[str, str], str] = marked
        self.pairs = PAIRS
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def texts(self) -> list[list[str]]:
        """The texts of each request that had some."""
        return [sent.get("q") or sent["text"] for _path, sent in self.requests if sent]

    def next_answer(self) -> Answer | None:
        return self.answers.pop(0) if self.answers else None

    def reply(self, path: str, sent: dict[str, Any], headers: dict[str, str]) -> Answer:
        raise NotImplementedError


class LibreTranslateServer(MachineServer):
    """As https://docs.libretranslate.com has it. It resolves the escapes of what it makes of HTML."""

    kind = "libretranslate"

    def reply(self, path: str, sent: dict[str, Any], headers: dict[str, str]) -> Answer:
        if path == "/languages":
            rows = [{"code": code, "name": code, "targets": targets} for code, targets in self.pairs.items()]
            return Answer(200, rows)
        if path != "/translate" or not sent.get("q"):
            return Answer(400, {"error": "Invalid request: missing q parameter"})
        if sent.get("api_key") != KEY:
            return Answer(403, {"error": "Invalid API key"})
        if sent["target"] not in self.pairs.get(sent["source"], []) or sent["format"] != "html":
            return Answer(400, {"error": f"{sent['target']} is not supported"})
        return Answer(200, {"translatedText": [unescape(self.made(text, sent["target"])) for text in sent["q"]]})


class DeepLServer(MachineServer):
    """As the published interface of DeepL has it."""

    kind = "deepl"

    def reply(self, path: str, sent: dict[str, Any], headers: dict[str, str]) -> Answer:
        if headers.get("Authorization") != f"DeepL-Auth-Key {KEY}":
            return Answer(403, {"message": "Authorization failed."})
        if path == "/v3/languages?resource=translate_text":
            return Answer(200, [self.row(code) for code in ("en", "en-GB", "en-US", "kk", "ru")])
        target = sent["target_lang"].lower()
        if path != "/v2/translate" or sent.get("source_lang", "").lower() not in self.pairs:
            return Answer(400, {"message": "Value for 'source_lang' not supported."})
        return Answer(200, {"translations": [{"text": self.made(text, target)} for text in sent["text"]]})

    def row(self, code: str) -> dict[str, Any]:
        is_english = code.startswith("en")
        return {
            "lang": code,
            "name": code,
            "usable_as_source": code in self.pairs and bool(self.pairs[code]),
            "usable_as_target": code != "en" if is_english else any(code in targets for targets in self.pairs.values()),
            "status": "stable",
            "features": {} if code == "kk" else {"tag_handling": {"status": "stable"}},
        }


SERVERS: dict[str, type[MachineServer]] = {"libretranslate": LibreTranslateServer, "deepl": DeepLServer}


@contextmanager
def serving(kind: str) -> Iterator[MachineServer]:
    server = SERVERS[kind]()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def machine_settings(kind: str, **options: Any) -> dict[str, Any]:
    return {"CLASS": MACHINES[kind], "OPTIONS": {"URL": "", "KEY": KEY, "TIMEOUT": 5} | options}
