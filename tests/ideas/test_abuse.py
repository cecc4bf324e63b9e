"""What people and machines send that is no idea: refused with a sentence, and nothing is kept."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from ideas import views
from ideas.models import ConsentText, Idea, IdeaEvent, IdeaFile, Submitter
from ideas.proofs import solved
from ideas.views import FLOOD
from tests.contracts.hostile import HOSTILE
from tests.ideas.browsing import FORM, errors, fill_in, page, send, value_of
from tests.ideas.test_validators import BAD, archive, claiming, enormous_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

MODELS = (Idea, Submitter, IdeaFile, IdeaEvent, ConsentText)


def kept() -> tuple[list[int], list[Path], int]:
    folder = Path(site_settings.STORAGES["private"]["OPTIONS"]["location"]) / "ideas"
    files = sorted(folder.iterdir()) if folder.exists() else []
    return [model._base_manager.count() for model in MODELS], files, len(mail.outbox)


@pytest.fixture
def nothing_is_kept() -> Iterator[None]:
    before = kept()
    yield
    assert kept() == before


def refusal(response: Any) -> str:
    assert response.status_code in {400, 409, 429}
    found = errors(response)
    assert found, "a sentence says what is wrong"
    return " ".join(found)


@pytest.mark.usefixtures("nothing_is_kept")
@pytest.mark.parametrize("field", ["title", "problem", "proposal", "email", "name", "theme", "country"])
def test_null_bytes(client: Client, field: str) -> None:
    values = fill_in(client)
    refusal(client.post(FORM, values | {field: f"{values.get(field, '')}\0 and more of this text"}))


@pytest.mark.usefixtures("nothing_is_kept")
@pytest.mark.parametrize("field", ["title", "problem", "proposal", "email", "consent", "ticket", "terms"])
def test_a_field_that_is_missing_or_huge_or_sent_twice(client: Client, field: str) -> None:
    values = fill_in(client)
    refusal(client.post(FORM, {name: value for name, value in values.items() if name != field}))
    if field != "consent":
        refusal(client.post(FORM, values | {field: "x" * 200_000}))
    refusal(client.post(FORM, values | {field: ["", ""]}))


@pytest.mark.usefixtures("nothing_is_kept")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_as_choices_tickets_and_addresses(client: Client, name: str) -> None:
    value = bytes.fromhex(HOSTILE[name].replace("%", "")).decode("latin-1") if name == "no unicode" else HOSTILE[name]
    values = fill_in(client, solve=False)
    refusal(client.post(FORM, values | dict.fromkeys(("ticket", "terms", "email"), value)))
    if value.strip():
        refusal(client.post(FORM, values | dict.fromkeys(("theme", "country", "stage", "submitter_kind"), value)))


@pytest.mark.usefixtures("nothing_is_kept")
@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_attachments_that_are_not_what_they_say(client: Client, name: str, content: bytes, code: str) -> None:
    response = send(client, attachments=SimpleUploadedFile(name, content))
    assert f"“{name}”" in refusal(response)


@pytest.mark.usefixtures("nothing_is_kept")
def test_attachments_that_are_too_large_or_too_many(client: Client, settings: Any) -> None:
    many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(4)]
    assert "at most 3 files" in refusal(send(client, attachments=many))
    settings.IDEAS_FILE_SIZE = 1000
    assert "too large" in refusal(send(client, attachments=SimpleUploadedFile("a.txt", b"x" * 1001)))


@pytest.mark.usefixtures("nothing_is_kept")
def test_of_several_files_one_bad_one_is_named_and_none_is_kept(client: Client) -> None:
    files = [SimpleUploadedFile("plan.docx", archive()), SimpleUploadedFile("virus.exe", b"MZ")]
    sentence = refusal(send(client, attachments=files))
    assert "virus.exe" in sentence
    assert "plan.docx" not in sentence


@pytest.mark.usefixtures("nothing_is_kept")
def test_an_empty_file(client: Client) -> None:
    assert "empty" in refusal(send(client, attachments=SimpleUploadedFile("a.txt", b"")))


def test_names_of_files_cannot_leave_their_folder_or_break_a_page(client: Client) -> None:
    names = ["../../../etc/passwd.txt", "<img src=x onerror=alert(1)>.txt", "\u202egpj.txt"]
    for number, name in enumerate(names):
        file = SimpleUploadedFile("a.txt", b"words")
        file.name = name
        assert send(client, email=f"a{number}@example.org", attachments=file).status_code == 302
    folder = Path(site_settings.STORAGES["private"]["OPTIONS"]["location"]) / "ideas"
    for row in IdeaFile.objects.all():
        assert Path(row.file.path).parent == folder
        assert not {"<", "/"} & set(row.name)


SCRIPTS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ settings.SECRET_KEY }}", "javascript:x()"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_words_and_nothing_else(client: Client, script: str) -> None:
    words = f"{script} and more of this text"
    document = page(send(client, title="short", problem=words, name=script))
    assert [words in field.get_text() for field in document.select("#id_problem")] == [True]
    assert not document.select("main script, main img")


@pytest.mark.parametrize("field", ["title", "name"])
def test_nothing_that_is_sent_can_become_a_header(client: Client, field: str) -> None:
    assert send(client, **{field: "A line\r\nBcc: all@example.org\r\n\r\nand a text"}).status_code == 302
    letter = mail.outbox[-1]
    assert letter.recipients() == ["aigerim@example.org"]
    assert letter.message()["Bcc"] is None
    assert "Bcc" not in letter.subject
    kept_text = Idea.objects.get().title if field == "title" else Submitter.objects.get().name
    assert "\n" not in kept_text


@pytest.mark.usefixtures("nothing_is_kept")
def test_an_address_cannot_carry_a_header(client: Client) -> None:
    for address in ("a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "a@example.org;b@example.org"):
        assert "e-mail address" in refusal(send(client, email=address))


def test_a_proof_serves_once(client: Client) -> None:
    values = fill_in(client)
    assert client.post(FORM, values).status_code == 302
    for number in range(3):
        sentence = refusal(client.post(FORM, values | {"email": f"a{number}@example.org"}))
        assert "sent already" in sentence
    assert Idea.objects.count() == len(mail.outbox) == 1
    shown = page(client.post(FORM, values))
    again = values | {"ticket": solved(value_of(shown, "ticket")), "title": "A second idea of the same person"}
    assert client.post(FORM, again).status_code == 302, "who goes back and writes another idea can send it"


@pytest.mark.usefixtures("nothing_is_kept")
def test_forged_proofs(client: Client) -> None:
    values = fill_in(client, solve=False)
    payload = json.loads(base64.b64decode(values["ticket"]))
    easy = json.loads(json.dumps(payload))
    easy["challenge"]["parameters"].update(cost=1, keyPrefix="")
    unsigned = json.loads(json.dumps(payload))
    unsigned["challenge"]["signature"] = ""
    for forged in (easy, unsigned):
        ticket = solved(base64.b64encode(json.dumps(forged).encode()).decode())
        assert "not one of this site" in refusal(client.post(FORM, values | {"ticket": ticket}))
    payload["solution"] = {"counter": 1, "derivedKey": "00" * 32}
    made_up = base64.b64encode(json.dumps(payload).encode()).decode()
    assert "seconds" in refusal(client.post(FORM, values | {"ticket": made_up}))


def test_a_flood_is_held_off_with_few_ideas_kept(client: Client) -> None:
    values = fill_in(client)
    codes = [client.post(FORM, values | {"title": "x"}).status_code for _post in range(70)]
    assert codes[:59] == [400] * 59
    assert codes[60:] == [429] * 10
    assert not Idea.objects.exists()
    assert client.get(FORM).status_code == 200


@pytest.mark.usefixtures("nothing_is_kept")
def test_other_kinds_of_request(client: Client) -> None:
    assert client.post(FORM, b"{}", content_type="application/json").status_code == 400
    assert client.post(FORM, b"\xff\xfe" * 100, content_type="text/plain").status_code == 400
    broken = client.post(FORM, b"--x\r\nbroken", content_type="multipart/form-data; boundary=x")
    assert broken.status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORM, fill_in(client)).status_code == 403


@pytest.mark.parametrize("address", ["Aigerim@Example.org", "AIGERIM@EXAMPLE.ORG"])
def test_the_case_of_an_address_gets_round_no_limit(client: Client, address: str, settings: Any) -> None:
    settings.IDEAS_UNCONFIRMED_LIMIT = 1
    assert send(client).status_code == 302
    assert "wait for this e-mail address" in refusal(send(client, email=address))
    assert Submitter.objects.get().email == "aigerim@example.org"


def test_no_log_has_an_address_or_a_network_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    here = "203.0.113.77"
    values = fill_in(client)
    for changed in (
        {},
        {},
        {"title": "short"},
        {"ticket": "forged"},
        {"attachments": SimpleUploadedFile("a.exe", b"MZ")},
    ):
        client.post(FORM, values | changed, REMOTE_ADDR=here)
    for _try in range(70):
        client.post(FORM, values, REMOTE_ADDR=here)
    assert Idea.objects.count() == 1
    assert "aigerim" not in caplog.text.lower()
    assert here not in caplog.text


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"attachments": SimpleUploadedFile(name, content)}


def altered(number: int, ticket: str) -> dict[str, Any]:
    """A challenge of this site that was made easier, with its solution."""
    payload = json.loads(base64.b64decode(ticket))
    payload["challenge"]["parameters"].update(cost=1, keyPrefix="", since=number)
    return {"ticket": solved(base64.b64encode(json.dumps(payload).encode()).decode())}


def in_turn(names: tuple[str, ...], value: Callable[[int], str]) -> Callable[[int], dict[str, Any]]:
    """One field after the other with a bad value."""
    return lambda number: {names[number % len(names)]: value(number)}


VARIANTS = 10
NOT_ACCEPTED = [(name, content) for name, content, code in BAD if code == "wrong_kind"]
NOT_WHAT_THEY_SAY = [(name, content) for name, content, code in BAD if code in {"wrong_content", "damaged", "not_text"}]
SCRIPT_FILES = [f"page.{ending}" for ending in ("html", "svg", "js", "txt", "csv", "pdf", "xhtml", "hta", "png", "mjs")]
BOMBS = [archive(entries=2_001), claiming(2**31)]
TEXTS = ("title", "problem", "proposal", "effect", "beneficiaries", "name")
NEEDED = ("title", "problem", "proposal", "email")
# Kinds of what cannot be accepted; each gives what differs from a good form in one of ten sizes or variants.
KINDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "a script as an address": lambda number: {"email": f"<script>{number}</script>@example.org"},
    "a script as an attachment": lambda number: file(SCRIPT_FILES[number], b"<script>alert(1)</script>"),
    "a file of a kind that is not accepted": lambda number: file(*NOT_ACCEPTED[number % len(NOT_ACCEPTED)]),
    "a file that is not what it says": lambda number: file(*NOT_WHAT_THEY_SAY[number % len(NOT_WHAT_THEY_SAY)]),
    "a bomb that is packed": lambda number: file(f"plan-{number}.docx", BOMBS[number % 2]),
    "a picture that fills the memory": lambda number: file(f"photo-{number}.png", enormous_picture()),
    "a file that is too large": lambda number: file("notes.txt", b"x" * (site_settings.IDEAS_FILE_SIZE + 1 + number)),
    "too many files": lambda number: {
        "attachments": [SimpleUploadedFile(f"{one}.txt", b"x") for one in range(site_settings.IDEAS_FILES + 1 + number)]
    },
    "a huge text": in_turn(TEXTS, lambda number: "\U0001f600" * 4001 * (number + 1)),
    "nothing where something is needed": in_turn(
        ("title", "problem", "proposal", "email"), lambda number: " " * number
    ),
    "null bytes": in_turn(
        ("title", "problem", "name", "email"), lambda number: f"Let the offices ask {number}.\0 Or not"
    ),
    "a header in an address": lambda number: {"email": f"a{number}@example.org\r\nBcc: b@example.org"},
    "no consent": lambda number: {"consent": "", "name": f"Person {number}"},
    "terms that were never shown": lambda number: {"terms": f"{number:064d}"},
    "a choice that does not exist": in_turn(("theme", "country", "stage"), lambda number: f"' OR {number}=1 --"),
    "a call that does not exist": lambda number: {"campaign": f"{number:08d}-0000-4000-8000-000000000000"},
    "a proof that is forged": lambda number: {"ticket": base64.b64encode(b"{}" * number).decode()},
}


def test_two_hundred_bad_ideas_of_twenty_kinds_are_refused_with_a_sentence(settings: Any) -> None:
    """Each from another connection, through all that a request passes, the check of the form's token included."""
    client = Client(enforce_csrf_checks=True)
    settings.IDEAS_FORM_LIFE = timedelta(seconds=-2)
    expired = fill_in(client)["ticket"]
    settings.IDEAS_FORM_LIFE = timedelta(hours=1)
    spent = fill_in(client)
    assert client.post(FORM, spent).status_code == 302
    values = fill_in(client, email="bakyt@example.org")
    unsolved = fill_in(client, solve=False)["ticket"]
    kinds = KINDS | {
        "a proof that was made easier": lambda number: altered(number, unsolved),
        "a proof that has served": lambda number: {"ticket": spent["ticket"], "email": f"a{number}@example.org"},
        "a proof that is too old": lambda number: {"ticket": expired, "title": f"Another idea of the {number} kind"},
    }
    before, refused = kept(), 0
    for kind, differs in kinds.items():
        for number in range(VARIANTS):
            response = client.post(FORM, values | differs(number), REMOTE_ADDR=f"203.0.113.{refused}")
            assert refusal(response), kind
            refused += 1
    assert (len(kinds), refused, kept()) == (20, 200, before)
    assert client.post(FORM, values).status_code == 302, "whoever is right is still heard"


def test_ten_thousand_posts_at_once_are_answered_shortly_and_without_a_question_to_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    """Ten thousand requests from one address to the view itself, after the last that is let through to the form.

    That one goes through the whole site. Those before it are only counted: each would render the form once more.
    """
    values = fill_in(client) | {"title": "x"}
    factory = RequestFactory()
    for _post in range(FLOOD.times - 1):
        FLOOD.allows(factory.post(FORM, {}))
    assert refusal(client.post(FORM, values)), "the last one is answered with the form"
    before = kept()
    with django_assert_num_queries(0):
        answers = [views.send(factory.post(FORM, {})) for _post in range(10_000)]
    assert {answer.status_code for answer in answers} == {429}
    assert max(len(answer.content) for answer in answers) < 200
    assert kept() == before
    assert client.get(FORM).status_code == 200
    assert client.post(FORM, fill_in(client), REMOTE_ADDR="198.51.100.7").status_code == 302
