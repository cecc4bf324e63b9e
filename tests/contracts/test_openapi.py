"""The description of the API: valid, committed, complete, with examples that work, and true of every answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from cms.api.description import document
from cms.api.operations import page_types
from cms.api.registries import endpoints
from cms.core.blocks import BodyBlock
from cms.delivery.services import begin, settle
from cms.delivery.views import waiting
from cms.media.models import Document, Image
from reports.models import Measure
from taxonomy.choices import Scheme
from taxonomy.models import Membership
from tests.contracts.snapshots import assert_matches
from tests.factories.examples import FULL
from tests.factories.ideas import make_campaign, make_published_idea
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_adaptation
from tests.factories.site import translate
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from django.test import Client

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What is generated is the same on every database; a stricter one than SQLite gets enough to show what it cannot hold.
REQUESTS, REQUESTS_ELSEWHERE = 5000, 500


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """Something of everything that the API shows."""

    def make() -> None:
        country = make_country("KZ", region="142", subregion="143")
        Membership.objects.create(country=country, role="founder", since="2012-01-01")
        make_theme("digital")
        make_organisation(logo=make_image("Logo"))
        make_concept(Scheme.LEVEL, "national")
        pages = {
            name: make(**({"title": "A good practice"} if name == "practice" else {})) for name, make in FULL.items()
        }
        make_adaptation(pages["practice"])
        translate(pages["practice"], "ru")
        observe(make_indicator(), make_country("GE"), {"2021-01-01": 40, "2022-01-01": None})
        make_measure(country)
        make_image(focal_point_x=10, focal_point_y=10, focal_point_width=4, focal_point_height=4)
        make_document()
        Redirect.objects.create(old_path="/old", redirect_page=pages["news"].page_ptr)
        make_published_idea()
        make_campaign()
        begin()
        settle()

    made_once(make)


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [(path, methods["get"]) for path, methods in document()["paths"].items()]


def test_the_description_is_valid_and_the_committed_one() -> None:
    validate(document())
    assert_matches("openapi.json", document())


def test_the_description_is_served_as_it_is(client: Client, site: Any) -> None:
    answer = client.get("/api/v2/openapi.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == document()


def test_everything_is_described() -> None:
    undescribed = []
    for path, operation in operations():
        undescribed += [(path, one["name"]) for one in operation["parameters"] if not one["description"]]
        undescribed += [(path, status) for status, one in operation["responses"].items() if not one["description"]]
        assert {"400", "401", "403", "429"} <= set(operation["responses"]), path
    assert undescribed == []
    assert set(document()["components"]["schemas"]) >= {model.__name__ for model in page_types()}
    kinds = document()["components"]["schemas"]["BodyBlock"]["anyOf"]
    assert len(kinds) == len(BodyBlock().child_blocks)
    assert {path.split("/")[0] for path in endpoints()} <= {path.split("/")[1] for path, _operation in operations()}


def test_every_internal_field_is_left_out() -> None:
    text = str(document())
    assert [
        name for name in ("contact_email", "contact_name", "join_url", "uploaded_by", "owner") if f"'{name}'" in text
    ] == []


def example_addresses() -> list[str]:
    found = []
    for path, operation in operations():
        keys = {one["name"]: one.get("example") for one in operation["parameters"] if one["in"] == "path"}
        found += [f"/api/v2{path.format(**keys)}?{query}" for query in operation["x-examples"] if "{id}" not in path]
    return [address for address in found if "/measures/1/" not in address]


@pytest.mark.parametrize("address", example_addresses())
def test_examples_find_something(client: Client, content: None, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, address
    if answer["Content-Type"] == "application/json":
        found = answer.json()
        assert found.get("items", found), address


def test_the_page_for_people_shows_all_and_runs_nothing(client: Client, content: None) -> None:
    answer = client.get("/api/v2/docs/", headers={"accept-language": "ru"})
    assert answer.status_code == 200
    page = html5lib.parse(answer.content, namespaceHTMLElements=False)
    assert page.get("lang") == "en"
    words = "".join(page.itertext())
    assert [path for path, _operation in operations() if f"/api/v2{path}" not in words] == []
    main = next(page.iter("main"))
    assert [one.tag for one in main.iter() if one.tag in {"script", "style", "iframe"} or one.get("style")] == []
    links = [one.get("href", "") for one in main.iter("a")]
    assert [link for link in links if not link.startswith("/")] == []


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests are handled within the transaction of the test, as the test client of Django does it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def nobody_may_wait() -> Iterator[None]:
    """Whoever asks the change feed to wait is answered at once, as when enough wait already."""
    held = 0
    while waiting.acquire(blocking=False):
        held += 1
    yield
    waiting.release(held)


def known_values(operation: Any) -> dict[str, list[Any]]:
    """What finds something, by the name of a parameter."""
    (name, *_rest) = operation.path.strip("/").split("/")
    models: dict[str, Any] = {"pages": Page, "images": Image, "documents": Document, "redirects": Redirect}
    described = document()["paths"][operation.path]["get"]["parameters"]
    known: dict[str, list[Any]] = {one["name"]: [one["example"]] for one in described if "example" in one}
    known |= {"offset": [0, 1], "since": [0, 1], "fields": ["*", "_,id", "*,-title", "title"]}
    if name in models:
        known["id"] = list(models[name].objects.values_list("pk", flat=True))
        known["type"] = [model._meta.label for model in page_types()]
    if name == "measures":
        known["code"] = list(Measure.objects.values_list("pk", flat=True))
    return known


def made_meaningful(case: Any, known: dict[str, list[Any]], required: set[str], dice: Random) -> None:
    """Most of what was made up is left out, or becomes something that is there: otherwise all answers were refusals."""
    for name in set(case.path_parameters) & set(known):
        case.path_parameters[name] = dice.choice(known[name])
    for name in list(case.query):
        throw = dice.random()
        if throw < 0.4 and name not in required:
            del case.query[name]
        elif throw < 0.9 and name in known:
            case.query[name] = dice.choice(known[name])


@pytest.mark.usefixtures("content", "one_connection", "nobody_may_wait")
def test_whatever_is_asked_the_answer_is_described() -> None:
    """Generated requests to every operation: as described, with what is there or made up, and as not described."""
    schema = schemathesis.openapi.from_wsgi("/api/v2/openapi.json", WSGIHandler())
    wanted = REQUESTS if connection.vendor == "sqlite" else REQUESTS_ELSEWHERE
    each = -(-wanted // len(operations()))
    answered: dict[str, Counter[int]] = {}
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # of a description that is valid
        statuses = answered[operation.path] = Counter[int]()
        described = document()["paths"][operation.path]["get"]["parameters"]
        known, required = known_values(operation), {one["name"] for one in described if one["required"]}
        made_up = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @seed(2026)
        @settings(
            max_examples=each,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(made_up[0], made_up[0], made_up[1]), is_made_up=st.booleans(), dice=st.randoms())
        def ask(case: Any, is_made_up: bool, dice: Random) -> None:
            if not is_made_up:
                made_meaningful(case, known, required, dice)  # noqa: B023 - called before the next operation
            statuses[case.call_and_validate(checks=CHECKS).status_code] += 1  # noqa: B023 - as above

        ask()
    assert sum(map(Counter.total, answered.values())) >= wanted
    # What is drawn by lot: of few requests, as on PostgreSQL, there may be none of a kind.
    least = each / 100 if wanted == REQUESTS else 0
    found = {path: statuses[200] + statuses[302] for path, statuses in answered.items()}
    assert {path: number for path, number in found.items() if number < least} == {}
    refused = {path: statuses[400] + statuses[404] for path, statuses in answered.items()}
    assert {path: number for path, number in refused.items() if number < least} == {}
