"""The API is Wagtail's own and more: the same generated requests to Wagtail's views as they come, and to ours.

Ours may say more (`ADDED`), refuse what makes Wagtail's fail, and writes labels in the language of a page: Wagtail's
are asked in that language.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as site_settings
from django.test import Client, RequestFactory
from django.utils import translation
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.contrib.redirects.api import RedirectsAPIViewSet
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from cms.core import links
from cms.delivery import answers
from cms.delivery.services import begin, settle
from cms.media.models import Document, Image
from tests.api.test_ledger import BROKEN, FIRST, LIST_PARAMETERS, fields, whole
from tests.factories.examples import FULL
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_news, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db
API = "/api/v2/"
ADDED = {"translations", "is_fallback", "alt", "focal_point", "renditions", "size", "is_permanent"}
FAILS, LEAST = 500, 5
VIEWS: dict[str, Any] = {
    "pages": PagesAPIViewSet,
    "images": ImagesAPIViewSet,
    "documents": DocumentsAPIViewSet,
    "redirects": RedirectsAPIViewSet,
}
STOCK: dict[str, Any] = {
    name: type(view.__name__, (view,), {"renderer_classes": [JSONRenderer]}) for name, view in VIEWS.items()
}
router = WagtailAPIRouter("wagtailapi")
for kind, view in STOCK.items():
    router.register_endpoint(kind, view)

TITLES = ["Reading room", "Counter", "Reading desk", "x"]
FILE_FIELDS = {
    "images": ["title", "width", "height", "tags", "download_url", "credit", "licence_note", "id", "type", "alt_text"],
    "documents": ["title", "tags", "download_url", "language", "id", "type", "detail_url", "file"],
    "redirects": ["old_path", "location", "id", "type", "detail_url", "redirect_link", "site"],
}
FILE_PARAMETERS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "images": {"width": whole("x"), "height": whole("48"), "title": st.sampled_from(TITLES), "credit": st.just("x")},
    "documents": {"title": st.sampled_from(TITLES), "language": st.sampled_from(["kk", "", "x"])},
    "redirects": {"old_path": st.sampled_from(["/old", "/x"])},
}
SHARED: dict[str, st.SearchStrategy[str]] = {
    "limit": whole("x", "101", ""),
    "offset": whole("-1", "1000"),
    "order": st.sampled_from(["id", "-id", "title,id", "-title,id", "nothing", ""]),
    "search": st.sampled_from(["reading", "desk", "handbook", "nothing like it"]),
    "search_operator": st.sampled_from(["and", "or"]),
    "id": whole("x"),
    "nothing": st.just("1"),
}


@pytest.fixture(scope="module")
def content(made_once: Callable[..., Any]) -> dict[str, list[int]]:
    """Of everything something that is public, and something that is not; the ids of all."""

    def make() -> dict[str, list[int]]:
        pages = {name: one() for name, one in FULL.items()}
        translate(make_practice(title="Second window", country=make_country("GE")), "ru", title="Второе окно")
        translate(make_news(title="More news"), "kk")
        make_news(title="A window that was").unpublish()
        hidden = make_news(title="A closed window")
        PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
        closed = Collection.get_first_root_node().add_child(name="Internal")
        CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
        for title in TITLES[:3]:
            make_image(title, credit="Press office").tags.add("rooms", "all")
            make_document(title, language="kk").tags.add("papers")
        make_image("Reading nobody", collection=closed)
        make_document("Reading nobody", collection=closed)
        Redirect.objects.create(old_path="/old", redirect_page=pages["news"].page_ptr)
        Redirect.objects.create(old_path="/out", redirect_link="https://example.org/")
        begin()
        settle()
        models = {"pages": Page, "images": Image, "documents": Document, "redirects": Redirect}
        return {name: sorted(model.objects.values_list("pk", flat=True)) for name, model in models.items()}

    made: dict[str, list[int]] = made_once(make)
    return made


def ask_stock(kind: str, action: str, query: str, language: str, **names: Any) -> tuple[int, Any]:
    """What Wagtail answers: a status, and the content or the address that it leads to."""
    request: Any = RequestFactory().get(API, QUERY_STRING=query, HTTP_HOST="testserver")
    request.wagtailapi_router = router
    with translation.override(language), links.published_in(language):
        try:
            answer = STOCK[kind].as_view({"get": action})(request, **names)
        except Exception as error:  # noqa: BLE001 - whatever it fails of
            return FAILS, repr(error)
    if answer.status_code == 302:
        return 302, answer["Location"]
    return answer.status_code, json.loads(answer.render().content)


def ask_ours(path: str, query: str) -> tuple[int, Any]:
    answer = Client().get(f"{API}{path}?{query}")
    return answer.status_code, answer["Location"] if answer.status_code == 302 else answer.json()


def differences(stock: Any, ours: Any, place: str = "") -> list[str]:
    """Where ours does not say what Wagtail's does, or says more than is documented."""
    if isinstance(stock, dict) and isinstance(ours, dict):
        missing = [f"{place}.{name} is missing" for name in stock.keys() - ours.keys()]
        more = [f"{place}.{name} is new" for name in ours.keys() - stock.keys() - ADDED]
        both = [
            one
            for name in stock.keys() & ours.keys()
            for one in differences(stock[name], ours[name], f"{place}.{name}")
        ]
        return missing + more + both
    if isinstance(stock, list) and isinstance(ours, list) and len(stock) == len(ours):
        return [
            one
            for number, pair in enumerate(zip(stock, ours, strict=True))
            for one in differences(*pair, f"{place}[{number}]")
        ]
    is_so = stock == ours or (not stock and place == ".message")  # Wagtail does not always find words
    return [] if is_so else [f"{place}: {stock!r} is {ours!r}"]


class Compared:
    """Asks both, and counts what Wagtail has answered."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()

    def __call__(self, path: str, query: str, action: str, language: str = "en", **names: Any) -> None:
        answers.forget()
        status, stock = ask_stock(path.split("/", maxsplit=1)[0], action, query, language, **names)
        self.statuses[status] += 1
        for _first_and_kept in range(2):
            found, ours = ask_ours(path, query)
            if status == FAILS:
                assert (found, bool(ours["message"])) in {(400, True), (404, True)}, (stock, ours)
            else:
                assert (found, differences(stock, ours)) == (status, []), (stock, ours)


@pytest.fixture
def compared() -> Iterator[Compared]:
    """At the end, something was found, and something was wrong."""
    found = Compared()
    yield found
    assert found.statuses[200] + found.statuses[302] >= LEAST
    assert found.statuses[400] + found.statuses[404] >= LEAST


GENERATED = settings(
    deadline=None,
    max_examples=120,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# A code of a country is ours to understand, and the key of one where the type has it is Wagtail's, which fails of an
# operator that there is not, when nothing else is wrong.
PAGE_PARAMETERS = LIST_PARAMETERS | {
    "country": st.integers(0, 12).map(str),
    "search_operator": st.sampled_from(["and", "or"]),
}
# Whose texts depend on the language in which they are written.
PLAIN_FIELDS = ["", "title", "slug,uid", "summary", "*,-type", "_,id", "_,title,html_url", "parent(title)", "nothing"]


@st.composite
def queries(draw: Any, parameters: dict[str, st.SearchStrategy[str]], often: list[str]) -> dict[str, str]:
    names = draw(st.lists(st.sampled_from([*often, *often, *parameters]), max_size=4, unique=True))
    asked = {name: draw(parameters[name]) for name in names}
    assume(not ADDED & set(re.findall(r"\w+", asked.get("fields", ""))))
    if asked.get("type") != "practices.PracticePage":
        asked.pop("country", None)
    return asked


def of_files(kind: str) -> st.SearchStrategy[dict[str, str]]:
    some = st.lists(st.sampled_from(FILE_FIELDS[kind]), max_size=3, unique=True)
    starts = st.sampled_from([[], [], *([one] for one in FIRST)])
    asked = st.one_of(st.builds(lambda start, rest: ",".join([*start, *rest]), starts, some), st.sampled_from(BROKEN))
    parameters = SHARED | FILE_PARAMETERS[kind] | {"fields": asked}
    return queries(parameters, ["fields", "limit", "offset"])


@GENERATED
@given(language=st.sampled_from(["en", "ru", "kk"]), asked=queries(PAGE_PARAMETERS, ["type", "fields", "order"]))
def test_lists_of_pages(content: Any, compared: Compared, language: str, asked: dict[str, str]) -> None:
    compared("pages/", urlencode({"locale": language} | asked), "listing_view", language)


@GENERATED
@given(plain=st.sampled_from(PLAIN_FIELDS), asked=queries(PAGE_PARAMETERS, ["search", "child_of", "descendant_of"]))
def test_lists_of_pages_in_all_languages(content: Any, compared: Compared, plain: str, asked: dict[str, str]) -> None:
    asked = {name: value for name, value in asked.items() if name not in {"locale", "fields"}} | {"fields": plain}
    compared("pages/", urlencode({name: value for name, value in asked.items() if value}), "listing_view")


@GENERATED
@given(place=st.integers(0, 60), asked=st.none() | fields())
def test_pages(content: Any, compared: Compared, place: int, asked: str | None) -> None:
    assume(not ADDED & set(re.findall(r"\w+", asked or "")))
    pk = ([*content["pages"], 99_999] * 9)[place]
    language = next(iter(Page.objects.filter(pk=pk).values_list("locale__language_code", flat=True)), "en")
    compared(f"pages/{pk}/", "" if asked is None else urlencode({"fields": asked}), "detail_view", language, pk=pk)


@pytest.mark.parametrize("kind", FILE_FIELDS)
@GENERATED
@given(data=st.data())
def test_lists_of_files_and_redirects(content: Any, compared: Compared, kind: str, data: Any) -> None:
    compared(f"{kind}/", urlencode(data.draw(of_files(kind))), "listing_view")


@pytest.mark.parametrize("kind", FILE_FIELDS)
@GENERATED
@given(data=st.data())
def test_files_and_redirects(content: Any, compared: Compared, kind: str, data: Any) -> None:
    pk = data.draw(st.sampled_from([*content[kind], 99_999]))
    asked = {name: value for name, value in data.draw(of_files(kind)).items() if name == "fields"}
    compared(f"{kind}/{pk}/", urlencode(asked), "detail_view", pk=pk)


@pytest.mark.parametrize("kind", VIEWS)
@GENERATED
@given(data=st.data())
def test_what_is_found_by_its_address_or_number(content: Any, compared: Compared, kind: str, data: Any) -> None:
    paths = [*Page.objects.filter(locale__language_code=site_settings.LANGUAGE_CODE).values_list("url_path", flat=True)]
    paths = [f"/{one.split('/', 2)[2]}" for one in paths if one.count("/") > 1]
    known = st.fixed_dictionaries({"id": st.sampled_from([*map(str, content[kind]), "99999", "x", ""])})
    by_path = st.fixed_dictionaries({"html_path": st.sampled_from([*paths, "/old", "/out", "/no/", "", "/x"])})
    ways = [known, by_path] if kind in {"pages", "redirects"} else [known]
    asked = data.draw(st.one_of(*ways, st.just({}))) | data.draw(st.sampled_from([{}, {"fields": "title"}]))
    compared(f"{kind}/find/", urlencode(asked), "find_view")
