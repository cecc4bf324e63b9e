"""A walk over every public surface in two languages: no word that is not public, and each word that is.

Each way in which something is not public has a word of its own, so that a failure says what leaked. The ways of hiding
a page of each type are the matter of `tests/contracts/test_hidden_pages.py`; here it is what a public page keeps back.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import CharField, TextField
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.fields import RichTextField
from wagtail.models import Collection, CollectionViewRestriction, Comment, CommentReply, PageViewRestriction, Revision

from cms.media.models import Document, Image
from cms.users.models import User
from news.models import EventMaterial, EventSpeaker
from practices.models import PracticeLink, PracticeResult
from reports.models import ReportSource
from tests.answers import json_ld
from tests.factories.examples import full_body, full_country, full_event, full_news, full_practice, full_report
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_event, make_news, make_practice, make_standard_page
from tests.factories.site import published, translate
from tests.factories.vocabularies import make_country, make_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

# What is not public, and the word that stands for it. No word is part of another or of anything else.
WORDS = {
    "a draft": "quokkadraft",
    "an unpublished page": "axolotlgone",
    "a page behind a sign-in": "okapilogin",
    "a page behind a password": "tapirword",
    "a page of tomorrow": "narwhallater",
    "a change that is not published": "wombatchange",
    "a change of tomorrow": "pangolinchange",
    "a text that was replaced": "dodopast",
    "the name of a contact": "lemurname",
    "the address of a contact": "lemurmail",
    "the link to join an event": "gibbonlink",
    "a comment of an editor": "marmotcomment",
    "an account": "kakapouser",
    "a private collection": "ibexfile",
    "the password of a page": "yaksesame",
}
SHOWN = "Lighthouse"
LANGUAGES = ("en", "ru")

# Address, and a word that is there: without it the walk would find nothing because there is nothing.
SURFACES = {
    "/{language}/": SHOWN,
    "/{language}/practices/": SHOWN,
    "/{language}/practices/?country=KZ": SHOWN,
    "/{language}/practices/?theme=budget": SHOWN,
    "/{language}/practices/?type=service&level=local": SHOWN,
    "/{language}/practices/?status=scaled&review=verified&year=2019": SHOWN,
    "/{language}/practices/?sort=updated": SHOWN,
    "/{language}/practices/?sort=title": SHOWN,
    "/{language}/countries/": "lighthouse-country",
    "/{language}/reports/?country=KZ&theme=budget&review=verified&year=2021": SHOWN,
    "/{language}/news/?kind=announcement&country=KZ&theme=budget": SHOWN,
    "/{language}/events/?status=held&kind=conference&mode=hybrid&year=2022": SHOWN,
    "/{language}/indicators/": "OXCGRT.STRINGENCY",
    "/{language}/indicators/OXCGRT.STRINGENCY/": "OXCGRT.STRINGENCY",
    "/{language}/search/?q=lighthouse": SHOWN,
    "/{language}/search/?q=lighthouse&type=practices": SHOWN,
    "/{language}/feeds/all.rss": SHOWN,
    "/{language}/feeds/all.atom?country=KZ": SHOWN,
    "/{language}/feeds/practices.rss?status=scaled": SHOWN,
    "/{language}/feeds/practices.atom": SHOWN,
    "/{language}/feeds/reports.atom": SHOWN,
    "/{language}/feeds/news.rss": SHOWN,
    "/{language}/feeds/events.atom": SHOWN,
    "/{language}/feeds/events.ics": "BEGIN:VEVENT",
    "/{language}/data/OXCGRT.STRINGENCY.csv": "OXCGRT.STRINGENCY",
    "/{language}/events/{event}.ics": SHOWN,
    "/{language}/practices-contact/{practice}/": SHOWN,
    "/{language}/practices-contact/{practice}/sent/": SHOWN,
    "/{language}/account/login/": "password",
    "/api/v2/pages/?locale={language}&limit=100&fields=*": SHOWN,
    "/api/v2/pages/?locale={language}&type=practices.PracticePage&fields=*": SHOWN,
    "/api/v2/pages/?locale={language}&type=reports.CountryReportPage&fields=*": SHOWN,
    "/api/v2/pages/?locale={language}&type=reports.CountryPage&fields=*": SHOWN,
    "/api/v2/pages/?locale={language}&type=news.NewsPage&fields=*": SHOWN,
    "/api/v2/pages/?locale={language}&type=news.EventPage&fields=*": SHOWN,
    "/api/v2/pages/?locale={language}&search=lighthouse": SHOWN,
    "/api/v2/pages/?locale={language}&after=&limit=100": SHOWN,
    "/api/v2/pages/?locale={language}&country=KZ&theme=budget": SHOWN,
    "/api/v2/pages/?locale={language}&level=local&updated_after=2000-01-01": SHOWN,
    "/api/v2/pages/?locale={language}&published_after=2000-01-01&limit=100": SHOWN,
    "/api/v2/search/?q=lighthouse&locale={language}": SHOWN,
    "/api/v2/search/?q=lighthouse&locale={language}&country=KZ&theme=budget": SHOWN,
    "/api/v2/countries/?locale={language}": "KZ",
    "/api/v2/themes/?locale={language}": "budget",
    "/api/v2/organisations/?locale={language}": "agency",
    "/api/v2/vocabularies/?locale={language}": "cofog",
    "/api/v2/vocabularies/level/?locale={language}": "local",
    "/api/v2/indicators/?locale={language}": "OXCGRT.STRINGENCY",
    "/api/v2/indicators/OXCGRT.STRINGENCY/?locale={language}": "OXCGRT.STRINGENCY",
    "/api/v2/observations/?locale={language}&origin=all": "OXCGRT.STRINGENCY",
    "/api/v2/observations/?locale={language}&origin=all&format=csv&limit=100": "OXCGRT.STRINGENCY",
    "/api/v2/observations/metadata/?locale={language}": "OXCGRT.STRINGENCY",
    "/api/v2/measures/?locale={language}": "country",
}
SURFACES_WITHOUT_LANGUAGE = {
    "/api/v2/images/?fields=*": "Reading room",
    "/api/v2/documents/?fields=*": "Handbook",
    "/api/v2/redirects/?fields=*": "/old-lighthouse",
    "/api/v2/countries/": "KZ",
    "/api/v2/organisations/": "agency",
    "/api/v2/openapi.json": "PracticePage",
    "/api/v2/docs/": "/api/v2/pages/",
    "/sitemap.xml": "sitemap-practicepage.xml",
    "/sitemap-practicepage.xml": "lighthouse-practice",
    "/sitemap-countryreportpage.xml": "lighthouse-report",
    "/sitemap-countrypage.xml": "lighthouse-country",
    "/sitemap-newspage.xml": "lighthouse-news",
    "/sitemap-eventpage.xml": "lighthouse-event",
    "/sitemap-standardpage.xml": "lighthouse-about",
    "/sitemap-indicators.xml": "OXCGRT.STRINGENCY",
    "/robots.txt": "Sitemap",
}
KINDS = {
    "practice": full_practice,
    "country": full_country,
    "report": full_report,
    "news": full_news,
    "event": full_event,
}

HIDDEN = {
    "a draft": "draft",
    "an unpublished page": "unpublished",
    "a page behind a sign-in": "login",
    "a page behind a password": "password",
    "a page of tomorrow": "scheduled",
}


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    return made_once(make_content)


def make_content() -> dict[str, Any]:
    """A full page of every kind in two languages, with all that an editor keeps back in it and around it."""
    staff = User.objects.create_user(f"{WORDS['an account']}", f"{WORDS['an account']}@example.org", first_name="Staff")
    make_private_files(staff)
    hidden = [page for cause in HIDDEN for page in make_hidden(cause)]
    shown = {kind: make_shown(kind, make, hidden[::2], staff) for kind, make in KINDS.items()}
    soon = make_event(title=f"{SHOWN} soon", join_url=f"https://{WORDS['the link to join an event']}.example.org/")
    translate(soon, "ru")
    for number, page in enumerate(hidden):
        Redirect.objects.create(old_path=f"/old-{number}", redirect_page=page.page_ptr, redirect_link="")
    Redirect.objects.create(old_path="/old-lighthouse", redirect_page=shown["practice"]["en"].page_ptr)
    agency = make_organisation("agency")
    agency.logo = Image.objects.get(title=WORDS["a private collection"])
    agency.save()
    about = make_standard_page(
        title=f"{SHOWN} about", slug="lighthouse-about", related=[one.page_ptr for one in hidden]
    )
    word = WORDS["a draft"]
    hide(translate(about, "ru", title=f"{word} about", slug=f"{word}-about"), "draft")
    return {"shown": shown, "hidden": hidden, "about": about}


def make_private_files(staff: User) -> None:
    collection = Collection.get_first_root_node().add_child(name=WORDS["a private collection"])
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=CollectionViewRestriction.LOGIN)
    facts = {"collection": collection, "uploaded_by_user": staff}
    make_image(WORDS["a private collection"], **facts)
    make_document(WORDS["a private collection"], name=f"{WORDS['a private collection']}.pdf", **facts)
    make_image(uploaded_by_user=staff)
    make_document(uploaded_by_user=staff)


def make_hidden(cause: str) -> list[Any]:
    """A practice that is not public, in English and in Russian."""
    word = WORDS[cause]
    texts = {"title": f"{word} practice", "slug": word, "summary": f"{word} in short.", "problem": f"<p>{word}</p>"}
    contact = {"has_contact_form": True, "contact_email": "desk@example.org"}
    english = make_practice(**texts, **contact, country=make_country("KZ"))
    return [hide(page, HIDDEN[cause]) for page in (english, translate(english, "ru", slug=f"{word}-ru"))]


def hide(page: Any, how: str) -> Any:
    if how in {"login", "password"}:
        word = WORDS["the password of a page"] if how == "password" else ""
        PageViewRestriction.objects.create(page=page, restriction_type=how, password=word)
        return page
    if how == "unpublished":
        page.unpublish()
        return page
    page.live, page.first_published_at, page.last_published_at = False, None, None
    page.go_live_at = timezone.now() + datetime.timedelta(days=1) if how == "scheduled" else None
    page.save()
    page.save_revision(approved_go_live_at=page.go_live_at)
    return page


def make_shown(kind: str, make: Any, related: list[Any], staff: User) -> dict[str, Any]:
    """By language, a live page of a kind that once said something else and is about to say something else again."""
    past, title = WORDS["a text that was replaced"], f"{SHOWN} {kind}"
    internal = {
        "practice": {
            "contact_name": WORDS["the name of a contact"],
            "contact_email": f"{WORDS['the address of a contact']}@example.org",
        },
        "event": {"join_url": f"https://{WORDS['the link to join an event']}.example.org/"},
    }
    body = [*full_body(), {"type": "heading", "value": past}]
    related = [*(page.page_ptr for page in related), make_news(title="Public neighbour").page_ptr]
    facts = {"title": past, "slug": f"lighthouse-{kind}", "summary": past, "body": body, "related": related}
    english = make(**facts | internal.get(kind, {}), owner=staff)
    russian = translate(english, "ru")
    return {language: rewrite(page, title, staff) for language, page in zip(LANGUAGES, (english, russian), strict=True)}


def rewrite(page: Any, title: str, staff: User) -> Any:
    """Publish other words, comment on them, schedule others for tomorrow, and begin to write others still."""
    page.title, page.summary, page.seo_title = title, f"{SHOWN} in short.", ""
    del page.body[-1]
    page = published(page)
    word = WORDS["a comment of an editor"]
    comment = Comment.objects.create(page=page, user=staff, text=word, contentpath="title")
    CommentReply.objects.create(comment=comment, user=staff, text=word)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    for cause, moment in (("a change of tomorrow", tomorrow), ("a change that is not published", None)):
        draft = type(page).objects.get(pk=page.pk)
        fill(draft, WORDS[cause])
        draft.go_live_at = moment
        draft.save_revision(user=staff, approved_go_live_at=moment)
    return page


def fill(draft: Any, word: str) -> None:
    """Write a word into the body, into every free text of a page, and into new rows of whatever it has."""
    own = {"title", "slug", "seo_title", "search_description"}
    fields = [one for one in draft._meta.local_fields if type(one) in {CharField, RichTextField, TextField}]
    for name in own | {one.name for one in fields if not one.choices}:
        setattr(draft, name, word)
    draft.summary = word
    draft.body = [{"type": "heading", "value": word}, {"type": "text", "value": f"<p>{word}</p>"}]
    rows = {
        "results": PracticeResult(text=word),
        "links": PracticeLink(title=word, url=f"https://{word}.example.org/"),
        "speakers": EventSpeaker(name=word),
        "materials": EventMaterial(title=word, kind="slides", language="en", url=f"https://{word}.example.org/"),
        "sources": ReportSource(title=word, url=f"https://{word}.example.org/"),
    }
    for name, row in rows.items():
        if hasattr(draft, name):
            setattr(draft, name, [row])


def leaks(text: str) -> set[str]:
    """What of all that is not public an answer tells, whatever its format."""
    unfolded = text.lower().replace("\r\n ", "")
    return {cause for cause, word in WORDS.items() if word in unfolded}


def answer(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    content = response.getvalue() if response.streaming else response.content
    return content.decode(errors="replace")


def test_every_word_is_there_to_be_found(content: Any) -> None:
    """Otherwise the walk would prove nothing."""
    pages = [page for versions in content["shown"].values() for page in versions.values()]
    kept: list[Any] = list(Revision.objects.values_list("content", flat=True))
    kept += [list(model.objects.values()) for model in (Comment, User, Image, Document, PageViewRestriction)]
    kept += [page.serializable_data() for page in (*pages, *content["hidden"])]
    assert leaks(json.dumps(kept, default=str)) == set(WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_shows_what_is_public_and_nothing_else(
    client: Client, content: Any, surface: str, language: str
) -> None:
    ids = {kind: versions[language].pk for kind, versions in content["shown"].items()}
    text = answer(client, surface.format(language=language, **ids))
    assert SURFACES[surface] in text
    assert leaks(text) == set()


@pytest.mark.parametrize("address", SURFACES_WITHOUT_LANGUAGE)
def test_a_surface_of_all_languages_shows_what_is_public_and_nothing_else(client: Client, address: str) -> None:
    text = answer(client, address)
    assert SURFACES_WITHOUT_LANGUAGE[address] in text
    assert leaks(text) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_keeps_its_drafts_its_past_and_its_editors_to_itself(
    client: Client, content: Any, kind: str, language: str
) -> None:
    page = content["shown"][kind][language]
    html = answer(client, page.url)
    assert f"{SHOWN} {kind}" in html
    assert "Public neighbour" in html, "the neighbour exists in English only, and is offered in the other languages"
    assert leaks(html) == set()
    assert leaks(json.dumps(json_ld(client, page.url))) == set()
    assert leaks(answer(client, f"/social-card/{page.uid}.png")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_api_keeps_them_too(client: Client, content: Any, kind: str, language: str) -> None:
    address = f"/api/v2/pages/{content['shown'][kind][language].pk}/?fields=*"
    text = answer(client, address)
    assert f"{SHOWN} {kind}" in text
    assert leaks(text) == set()


def test_the_switch_of_languages_leads_to_no_draft(client: Client, content: Any) -> None:
    text = answer(client, content["about"].url)
    assert 'hreflang="ru"' in answer(client, content["shown"]["news"]["en"].url).split("</head>")[0]
    assert 'hreflang="ru"' not in text.split("</head>")[0]
    assert leaks(text) == set()


@pytest.mark.parametrize(
    "address", ["/api/v2/pages/{0.pk}/", "/social-card/{0.uid}.png", "/en/practices-contact/{0.pk}/"]
)
def test_what_belongs_to_a_hidden_page_cannot_be_told_from_what_never_was(
    client: Client, content: Any, address: str
) -> None:
    assert client.get(address.format(content["shown"]["practice"]["en"])).status_code == 200
    answers = [client.get(address.format(page), follow=True) for page in content["hidden"]]
    assert [one.status_code for one in answers] == [404] * len(content["hidden"])
    assert set().union(*(leaks(one.text) for one in answers)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", WORDS)
def test_a_search_for_what_is_hidden_is_answered_like_one_for_nothing(
    client: Client, cause: str, language: str
) -> None:
    def search(word: str) -> str:
        return answer(client, f"/{language}/search/?q={word}").split("<main")[1].replace(word, "…")

    assert "<mark>" in search("lighthouse")
    assert search(WORDS[cause]) == search("x" * len(WORDS[cause]))


@pytest.mark.parametrize("cause", WORDS)
def test_the_api_finds_nothing_by_what_is_hidden(client: Client, cause: str) -> None:
    def found(kind: str, word: str) -> list[Any]:
        items: list[Any] = client.get(f"/api/v2/{kind}/", {"search": word}).json()["items"]
        return items

    assert found("pages", "lighthouse")
    assert {kind for kind in ("pages", "images", "documents") if found(kind, WORDS[cause])} == set()
    asked = client.get("/api/v2/search/", {"q": WORDS[cause]}).json()
    assert (asked["meta"]["total_count"], asked["items"]) == (0, [])
    assert asked["facets"] == {"kind": [], "country": [], "theme": []}, "numbers tell as much as names"


def test_the_api_numbers_only_what_is_public(client: Client, content: Any) -> None:
    """The count of a list and of each facet is that of the items that are shown."""
    for query in ("country=KZ", "theme=budget", "level=local", "type=practices.PracticePage", "locale=ru"):
        found = client.get(f"/api/v2/pages/?{query}&limit=100").json()
        assert found["meta"]["total_count"] == len(found["items"]), query
    asked = client.get("/api/v2/search/?q=lighthouse&limit=100").json()
    assert sum(one["count"] for one in asked["facets"]["kind"]) == len(asked["items"]) == asked["meta"]["total_count"]


@pytest.mark.parametrize("number", range(10))
def test_a_redirect_to_what_is_hidden_is_not_found(client: Client, content: Any, number: int) -> None:
    assert client.get("/api/v2/redirects/find/", {"html_path": "/old-lighthouse/"}).status_code == 302
    assert client.get("/api/v2/redirects/find/", {"html_path": f"/old-{number}"}).status_code == 404


@pytest.mark.parametrize("name", ["title", "slug", "seo_title", "search_description"])
def test_the_api_filters_by_public_words_only(client: Client, content: Any, name: str) -> None:
    for cause in ("a change that is not published", "a change of tomorrow", "a text that was replaced"):
        response = client.get("/api/v2/pages/", {name: WORDS[cause]})
        assert response.status_code == 400 or response.json()["items"] == [], cause


@pytest.mark.parametrize("how", ["unpublished", "login", "password", "deleted"])
def test_what_everybody_could_read_is_gone_from_everywhere_at_once(client: Client, content: Any, how: str) -> None:
    """Whatever was kept in memory while it was public."""
    news = make_news(title="Vanishing", slug="vanishing", country=make_country("KZ"), is_pinned=True)
    addresses = ["/en/", "/en/news/", "/en/search/?q=vanishing", "/en/feeds/all.atom", "/sitemap-newspage.xml"]
    addresses += ["/api/v2/pages/?type=news.NewsPage&limit=100"]
    assert {address for address in addresses if "/vanishing/" not in answer(client, address)} == set()
    if how == "deleted":
        news.delete()
    else:
        hide(news, how)
    assert {address for address in addresses if "/vanishing/" in answer(client, address)} == set()
