"""Sending in and following an idea as a browser does it, with the mail that comes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.core import mail

from ideas.models import Idea
from ideas.proofs import solved

if TYPE_CHECKING:
    from django.test import Client

FORM = "/en/ideas/send/"
FILLED_IN = {
    "title": "One form for school and kindergarten",
    "problem": "Each office asks for the same certificate again.",
    "proposal": "Let the offices ask each other, and the family once.",
    "email": "aigerim@example.org",
    "name": "Aigerim N.",
    "consent": "on",
    "website": "",
}


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html5lib")


def value_of(document: BeautifulSoup, name: str) -> str:
    """The value of a field."""
    field = document.select_one(f"form [name={name}]")
    assert field, name
    return str(field["value"])


def fill_in(client: Client, *, solve: bool = True, address: str = FORM, **changed: Any) -> dict[str, Any]:
    """What a browser sends for the form, with its token, and with the work done for it or not."""
    document = page(client.get(address))
    hidden = {name: value_of(document, name) for name in ("ticket", "terms", "csrfmiddlewaretoken")}
    if solve:
        hidden["ticket"] = solved(hidden["ticket"])
    return FILLED_IN | hidden | changed


def send(client: Client, *, address: str = FORM, **changed: Any) -> Any:
    return client.post(address, fill_in(client, address=address, **changed))


def errors(response: Any) -> list[str]:
    """What stands in the summary of errors."""
    return [item.get_text(" ", strip=True) for item in page(response).select(".error-summary li")]


def link_in_mail(number: int = -1) -> str:
    """The path of the link in a mail; the text and the HTML of the mail have the same one."""
    letter: Any = mail.outbox[number]
    [link] = set(re.findall(r"https?://\S+", letter.body))
    assert f'href="{link}"' in letter.alternatives[0][0]
    return urlsplit(link).path


def send_and_confirm(client: Client, **changed: Any) -> tuple[Idea, str]:
    """An idea that was sent in and confirmed, and the path of its status page."""
    response = send(client, **changed)
    assert response.status_code == 302, errors(response)
    answer = client.post(link_in_mail())
    assert answer.status_code == 302
    return Idea.objects.latest("pk"), answer["Location"]
