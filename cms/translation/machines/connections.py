"""Requests to a service of machine translation, and what becomes of the answers that are none."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _

from cms.translation.machines.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from requests import Response

MOST_BYTES = 5 * 1024 * 1024  # of an answer; a batch of texts takes a hundredth of it
LONGEST_QUOTE = 200  # characters of what a service says
QUOTA_EXCEEDED = 456  # DeepL's own


class Connection:
    """The way to a service: its name for sentences, its address without a slash at the end, and patience in seconds."""

    def __init__(self, name: str, url: str, timeout: float, headers: dict[str, str] | None = None) -> None:
        self.name, self.url, self.timeout, self.headers = name, url, timeout, headers

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def ask(self, path: str, sent: dict[str, Any] | None = None, timeout: float | None = None) -> Any:
        """The JSON that the service answers to what is sent, or to nothing.

        Redirections are not followed: the texts would go to somebody whom nobody chose. Raises `RefusedError` or
        `UnavailableError`.
        """
        try:
            with requests.request(
                "GET" if sent is None else "POST",
                f"{self.url}{path}",
                json=sent,
                headers=self.headers,
                timeout=min(timeout or self.timeout, self.timeout),
                allow_redirects=False,
                stream=True,
            ) as answer:
                content = answer.raw.read(MOST_BYTES, decode_content=True)
        except requests.Timeout as error:
            sentence = _("%(service)s (%(host)s) did not answer in time.")
            raise UnavailableError(sentence % self.facts) from error
        except (requests.RequestException, OSError) as error:
            sentence = _("%(service)s (%(host)s) cannot be reached.")
            raise UnavailableError(sentence % self.facts) from error
        if answer.status_code != HTTPStatus.OK:
            raise self.refusal(answer, said_in(content))
        try:
            return json.loads(content)
        except ValueError as error:
            raise self.unreadable() from error

    @property
    def facts(self) -> dict[str, Any]:
        return {"service": self.name, "host": self.host}

    def unreadable(self) -> UnavailableError:
        return UnavailableError(_("%(service)s (%(host)s) gave an answer that is damaged or not its own.") % self.facts)

    def refusal(self, answer: Response, said: str) -> RefusedError | UnavailableError:
        """What an answer with another status than 200 means, with what the service says itself."""
        code = answer.status_code
        facts = self.facts | {"code": code, "said": said or answer.reason or "–"}
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            sentence = _("%(service)s has had too many requests (%(code)d: %(said)s).")
            return UnavailableError(sentence % facts, seconds_of(answer.headers.get("Retry-After", "")))
        if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            sentence = _("%(service)s cannot work at present (%(code)d: %(said)s).")
            return UnavailableError(sentence % facts, seconds_of(answer.headers.get("Retry-After", "")))
        if code == QUOTA_EXCEEDED:
            sentence = _(
                "The quota at %(service)s is used up (%(code)d: %(said)s). Raise it, or try again when it begins anew."
            )
        elif code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            sentence = _("%(service)s does not accept the key (%(code)d: %(said)s). Check MACHINE_TRANSLATION_KEY.")
        elif code < HTTPStatus.BAD_REQUEST or code == HTTPStatus.NOT_FOUND:
            sentence = _("There is no %(service)s at %(host)s (%(code)d: %(said)s). Check MACHINE_TRANSLATION_URL.")
        else:
            sentence = _("%(service)s refused the request (%(code)d: %(said)s).")
        return RefusedError(sentence % facts)


def said_in(content: bytes) -> str:
    """What a service says of an error; empty where it says nothing in its own way, as a proxy before it would."""
    try:
        answer = json.loads(content)
    except ValueError:
        return ""
    said = (answer.get("error") or answer.get("message") or "") if isinstance(answer, dict) else ""
    return " ".join(str(said).split())[:LONGEST_QUOTE]


def seconds_of(value: str) -> float:
    """The seconds of a `Retry-After` header, which may be a number or a moment; 0 where it is neither."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return 0
        seconds = (moment - datetime.now(UTC)).total_seconds() if moment.tzinfo else 0
    return max(0.0, seconds) if math.isfinite(seconds) else 0
