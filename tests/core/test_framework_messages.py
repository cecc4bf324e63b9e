"""What Django and Wagtail say on the pages of the site, they say in Kazakh to a Kazakh reader."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polib
import pytest
from django.utils import translation
from django.utils.crypto import get_random_string
from wagtail.models import PageViewRestriction

from practices.forms import ContactForm
from tests.contracts.sources import ROOT
from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

MODULE = "cms/core/framework_messages.py"
CATALOGUES = (
    ("django", "conf/locale/en/LC_MESSAGES/django.po"),
    ("django.contrib.auth", "locale/en/LC_MESSAGES/django.po"),
    ("wagtail", "locale/en/LC_MESSAGES/django.po"),
)


def main_part(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def english_in(html: str) -> list[str]:
    text = re.sub(r"<[^>]*>", " ", html)
    return re.findall(r"\b[A-Z][a-z]+(?: [a-z]+)+", text)


def test_every_marked_message_is_still_one_of_a_framework() -> None:
    ours = polib.pofile(str(ROOT / "locale/kk/LC_MESSAGES/django.po"))
    marked = {entry.msgid for entry in ours if any(path == MODULE for path, _line in entry.occurrences)}
    theirs = {entry.msgid for package, path in CATALOGUES for entry in polib.pofile(str(files(package) / path))}
    assert marked
    assert marked - theirs == set()


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"name": "A" * 121, "email": "nobody", "message": "short"},
        {"name": "A", "email": "a@example.org", "message": "long" * 1001},
    ],
)
def test_the_contact_form_says_what_is_wrong(answers: dict[str, str]) -> None:
    with translation.override("kk"):
        errors = [str(error) for field in ContactForm(answers).errors.values() for error in field]
    assert errors
    assert [error for error in errors if re.search("[A-Za-z]", error.replace("name@example.org", ""))] == []


def test_a_refused_password(client: Client, site: Site) -> None:
    practice: Any = make_practice(title="Жабық бет", slug="zhabyq-bet")
    restriction = PageViewRestriction.objects.create(
        page=practice, restriction_type=PageViewRestriction.PASSWORD, password=get_random_string(12)
    )
    url = f"/kk/_util/authenticate_with_password/{restriction.pk}/{practice.pk}/"
    html = main_part(client.post(url, {"password": "wrong", "return_url": "/kk/"}).content.decode())
    assert "Құпиясөз дұрыс емес" in html
    assert english_in(html) == []
