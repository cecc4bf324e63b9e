"""What partners and programs are given: the ledger, its feed, webhooks, kept answers and the examples of the API.

The words for what is not public are those of `test_nothing_leaks`, and some more for what only partner managers,
imports and the media library know.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.api.description import document
from cms.delivery.answers import forget
from cms.delivery.models import Delivery, Entry, Published, Subscription
from cms.delivery.registries import kinds
from cms.delivery.services import begin, settle
from cms.delivery.webhooks.services import message, new_secret
from cms.partners.services import issue
from reports.models import Measure
from tests.delivery.readers import process
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import published
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import make_country
from tests.integration import test_nothing_leaks as walk

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
MORE = {
    "a picture for a draft": "jackalpicture",
    "a file for a draft": "weaselfile",
    "a picture that was replaced": "badgerpicture",
    "a picture of a change that is not published": "ferretpicture",
    "the name of a partner's key": "walrusrecipient",
    "a webhook": "otterhook",
    "a problem of a delivery": "stoatproblem",
    "the key of an import": "mongooseimport",
}
SHOWN = "Heron picture"


def leaks(text: str) -> set[str]:
    return walk.leaks(text) | {cause for cause, word in MORE.items() if word in text.lower()}


def answer(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return (response.getvalue() if response.streaming else response.content).decode()


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    return made_once(make_content)


def make_content() -> dict[str, Any]:
    shown = walk.make_content()["shown"]
    make_files()
    measure = make_measure(
        make_country("KZ"), titles={"en": "Lighthouses closed"}, import_key=MORE["the key of an import"]
    )
    issue(name=MORE["the name of a partner's key"])
    word = MORE["a webhook"]
    hook = Subscription.objects.create(name=word, url=f"https://{word}.example.org/{word}/", secret=new_secret())
    problem = {"problem": MORE["a problem of a delivery"], "sent_at": timezone.now(), "milliseconds": 1}
    Delivery.objects.create(subscription=hook, **problem)
    begin()
    settle()
    return {"shown": shown, "measure": measure}


def make_files() -> None:
    """Pictures and files of pages that are not public, or no longer or not yet show them."""
    images = {cause: make_image(word) for cause, word in MORE.items() if "picture" in cause}
    file = make_document(MORE["a file for a draft"])
    body = [{"type": "file", "value": {"document": file.pk, "title": ""}}]
    draft = make_standard_page(
        title="Not public", cover_image=images["a picture for a draft"], cover_alt="It", body=body
    )
    draft.unpublish()
    page = make_standard_page(
        title="Herons", cover_image=images["a picture that was replaced"], cover_alt="A heron", slug="herons"
    )
    page.cover_image = make_image(SHOWN)
    page = published(page)
    page.cover_image = images["a picture of a change that is not published"]
    page.save_revision()


def whole_feed(client: Client, more: str) -> str:
    """All of the feed, page by page, as a partner reads it."""
    found, since = "", 0
    while True:
        text = answer(client, f"/api/v2/changes/?include=payload&limit=50&since={since}{more}")
        meta = json.loads(text)["meta"]
        found += text
        if meta["next"] >= meta["version"]:
            return found
        since = meta["next"]


@pytest.mark.parametrize("more", ["", "&newest=true", "&kind=images,documents", "&locale=ru"])
def test_the_feed_tells_what_is_public_and_nothing_else(client: Client, more: str) -> None:
    text = whole_feed(client, more)
    expected = {"&kind=images,documents": SHOWN, "&locale=ru": "Lighthouse practice"}
    assert expected.get(more, "Lighthouses closed") in text
    assert leaks(text) == set()


def test_the_ledger_holds_nothing_else_of_any_kind() -> None:
    rows = Published.objects.all()
    assert {row.kind for row in rows} == set(kinds()), "otherwise nothing is said of some kinds"
    assert leaks(json.dumps([[row.payload, row.parent, row.card, row.path] for row in rows])) == set()


def test_webhooks_tell_what_the_feed_tells() -> None:
    bodies = [message(entry) for entry in Entry.objects.all()]
    assert SHOWN in "".join(bodies)
    assert leaks("".join(bodies)) == set()
    assert all(set(json.loads(body)) == {"type", "timestamp", "data"} for body in bodies)


@pytest.mark.parametrize("language", walk.LANGUAGES)
def test_surfaces_that_the_ledger_answers_for_keep_back_the_same_and_so_do_kept_answers(
    client: Client, content: Any, language: str
) -> None:
    forget()
    addresses = [address.format(language=language) for address in walk.SURFACES if address.startswith("/api/")]
    addresses += [address for address in walk.SURFACES_WITHOUT_LANGUAGE if address.startswith("/api/v2/")]
    addresses += [f"/api/v2/pages/{versions[language].pk}/" for versions in content["shown"].values()]
    # What lies in an open collection of the library is public at its own endpoints, as in all of Wagtail.
    library = {address for address in addresses if "/images/" in address or "/documents/" in address}
    for _first_and_kept in range(2):
        found = {address: leaks(answer(client, address)) for address in addresses if address not in library}
        assert {address: causes for address, causes in found.items() if causes} == {}
        assert walk.leaks("".join(answer(client, address) for address in library)) == set()


@pytest.mark.parametrize("language", walk.LANGUAGES)
def test_kept_pages_keep_back_the_same_from_those_who_did_not_ask_first(
    content: Any, admin_user: Any, language: str
) -> None:
    """An editor, who may read what is hidden, asks before them each time; of that, all read the address alone."""
    editor = process()
    editor.force_login(admin_user)
    reader = Client()
    reader.handler = editor.handler
    own = [address.replace("{language}", language) for address in walk.SURFACES if not address.startswith("/api/")]
    addresses = [address for address in own if "{" not in address]
    addresses += [page.url for page in Page.objects.filter(depth__gt=1) if page.url]
    for _time in range(2):
        for address in addresses:
            editor.get(address)
            response = reader.get(address)
            text = (response.getvalue() if response.streaming else response.content).decode(errors="replace")
            assert leaks(text.replace(address.split("/", 2)[2], "")) == set(), address
    assert sum("ETag" in reader.get(address) for address in addresses) > len(addresses) / 2


def test_every_example_of_the_description_keeps_it_back(client: Client) -> None:
    addresses = [
        f"/api/v2{path}{'?' if query else ''}{query}"
        for path, methods in document()["paths"].items()
        for query in methods["get"]["x-examples"]
        if "{" not in path and "/find/" not in path
    ]
    assert len(addresses) > 20
    found = {address: client.get(address) for address in addresses}
    texts = {
        address: one.getvalue().decode() if one.streaming else one.content.decode() for address, one in found.items()
    }
    library = ("/api/v2/images/", "/api/v2/documents/")
    told = {address: (walk.leaks if address.startswith(library) else leaks)(text) for address, text in texts.items()}
    assert {address: causes for address, causes in told.items() if causes} == {}
    assert leaks(answer(client, "/api/v2/openapi.json") + answer(client, "/api/v2/docs/")) == set()


def test_a_measure_keeps_the_traces_of_its_import_to_itself(client: Client, content: Any) -> None:
    measure = content["measure"]
    text = answer(client, f"/api/v2/measures/{measure.pk}/")
    assert "Lighthouses closed" in text
    assert leaks(text) == set()
    internal = {"import_key", "import_digest"}
    assert internal <= {field.name for field in Measure._meta.get_fields()}
    assert internal & set(json.loads(text)) == set()


@pytest.mark.parametrize("token", ["", "x", "1:1:x", "eyJwIjoxfQ:1:x"])
def test_a_preview_needs_a_token_that_somebody_was_given(client: Client, settings: Any, token: str) -> None:
    settings.HEADLESS_PREVIEW_URL = "https://front.example.org/preview/"
    for address in ("/api/v2/page_preview/", "/api/v2/page_preview/1/", "/api/v2/page_preview/find/"):
        response = client.get(address, {"token": token} if token else {})
        assert response.status_code in {400, 404}, address
        assert leaks(response.content.decode()) == set()


@pytest.mark.parametrize("part", ["webhooks", "partner-keys", "partners"])
def test_screens_of_keys_and_webhooks_are_no_public_addresses(client: Client, part: str) -> None:
    for address in (f"/api/v2/{part}/", f"/en/{part}/", f"/{part}/"):
        response = client.get(address, follow=True)
        assert response.status_code == 404, address
        assert leaks(response.content.decode()) == set()
    response = client.get(f"/admin/{part}/")
    assert response.status_code in {302, 404}
    assert leaks(response.content.decode()) == set()


@pytest.mark.parametrize("how", ["unpublished", "login", "password", "deleted"])
def test_what_was_kept_of_a_page_ends_with_the_page(client: Client, how: str) -> None:
    """Before the change is settled and after it; whoever has a copy is told of its end and not of its content."""
    image = make_image("Vanishing picture")
    news = make_news(title="Vanishing", slug="vanishing", cover_image=image, cover_alt="It", country=make_country("KZ"))
    settle()
    pk, since = news.pk, Entry.objects.latest("version").version
    addresses = [f"/api/v2/pages/{pk}/", "/api/v2/pages/?type=news.NewsPage&limit=100", "/api/v2/pages/?country=KZ"]
    addresses += ["/api/v2/changes/?newest=true&include=payload&limit=1000", "/api/v2/search/?q=vanishing"]
    tags = {address: client.get(address).headers.get("ETag", "") for address in addresses}
    assert {address for address in addresses if "anishing" not in client.get(address).content.decode()} == set()
    if how == "deleted":
        news.delete()
    elif how == "unpublished":
        news.unpublish()
    else:
        PageViewRestriction.objects.create(
            page=news, restriction_type=how, password=walk.WORDS["the password of a page"]
        )
    for _before_and_after in range(2):
        for address in addresses:
            response = client.get(address, headers={"If-None-Match": tags[address]})
            assert response.status_code in {200, 404}, address
            assert "Vanishing" not in response.content.decode(), address
        settle()
    told = client.get(f"/api/v2/changes/?since={since}&include=payload").json()["items"]
    gone = {(one["kind"], one["id"]): one for one in told if one["operation"] == "withdrawn"}
    assert gone.keys() == {("pages", pk), ("images", image.pk)}
    assert {(one["payload"], one["etag"]) for one in gone.values()} == {(None, "")}
