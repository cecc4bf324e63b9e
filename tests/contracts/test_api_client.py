"""A client generated from the description of the API reads every endpoint of a running site, and loses nothing."""

from __future__ import annotations

import datetime
import importlib
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from wagtail.contrib.redirects.models import Redirect

from cms.api.description import document
from cms.delivery import services as ledger
from taxonomy.choices import Scheme
from tests.contracts.snapshots import FOLDER
from tests.factories.examples import FULL
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_adaptation
from tests.factories.site import build_site, homes
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "generated_client"


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client as a package that can be imported."""
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(FOLDER / "openapi.json"), "--config", str(tmp_path / "config.yml")]
    subprocess.run([*command, "--output-path", str(tmp_path / PACKAGE), "--fail-on-warning"], check=True)
    monkeypatch.syspath_prepend(tmp_path)


def make_content() -> dict[str, Any]:
    """Something of everything; the keys are those of the paths."""
    if not homes():
        build_site()
    country = make_country("KZ", region="142", subregion="143")
    make_theme("digital")
    make_organisation(logo=make_image("Logo"))
    make_concept(Scheme.LEVEL, "national")
    pages = {name: make() for name, make in FULL.items()}
    make_adaptation(pages["practice"])
    observe(make_indicator(), make_country("GE"), {"2021-01-01": 40.5, "2022-01-01": None})
    measure = make_measure(country)
    picture = make_image(focal_point_x=10, focal_point_y=10, focal_point_width=4, focal_point_height=4)
    redirect = Redirect.objects.create(old_path="/old", redirect_page=pages["news"].page_ptr)
    return {
        "redirects": [redirect.pk],
        "pages": [page.pk for page in pages.values()],
        "images": [picture.pk],
        "documents": [make_document().pk],
        "measures": [measure.pk],
    }


def keys_of(path: str, operation: dict[str, Any], made: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The arguments for the keys in a path, one call after the other."""
    (name, *_rest) = path.strip("/").split("/")
    keys = [one for one in operation["parameters"] if one["in"] == "path"]
    if not keys:
        return [()]
    return [(key,) for key in made.get(name, [keys[0]["example"]])]


@pytest.mark.django_db(transaction=True)
def test_a_generated_client_reads_every_endpoint(generated: None, live_server: Any) -> None:
    made, read = make_content(), []
    ledger.begin()
    assert ledger.settle()
    with importlib.import_module(PACKAGE).Client(base_url=f"{live_server.url}/api/v2") as client:
        for path, methods in document()["paths"].items():
            operation = methods["get"]
            asks = importlib.import_module(f"{PACKAGE}.api.{operation['tags'][0].lower()}.{operation['operationId']}")
            for keys in keys_of(path, operation, made):
                answer = asks.sync_detailed(*keys, client=client, **options_of(operation, made))
                if "302" in operation["responses"]:
                    assert (answer.status_code, path) == (302, path)
                    assert re.search(rf"{path.replace('find', '[0-9]+')}", answer.headers["Location"])
                    continue
                assert (answer.status_code, path) == (200, path)
                assert answer.parsed.to_dict() == sent(answer), path
            read.append(path)
    assert read == list(document()["paths"])


def options_of(operation: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """What has to be asked, all fields where these can be chosen, and an id where something is found by it."""
    query = [one for one in operation["parameters"] if one["in"] == "query"]
    if "302" in operation["responses"]:
        return {"id": made[operation["operationId"].removeprefix("find_")][0]}
    required = {one["name"]: one["example"] for one in query if one["required"]}
    return required | {one["name"]: "*" for one in query if one["name"] == "fields"}


def sent(answer: Any) -> Any:
    """What stood on the wire, moments written as Python writes them."""
    moment = re.compile(r'"([0-9-]{10}T[0-9:]{8}(?:\.[0-9]+)?)(?:Z|\+00:00)"')
    text = moment.sub(
        lambda found: f'"{datetime.datetime.fromisoformat(found[1]).isoformat()}+00:00"', answer.content.decode()
    )
    return json.loads(text)
