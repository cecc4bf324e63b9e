"""What the places of segments are called, in which order they come, and how much fits into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cms.translation.places import AFTER_ALL, Place, places_of
from tests.factories.examples import FULL
from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Site

every_type = pytest.mark.parametrize("kind", FULL)
pytestmark = pytest.mark.one_database


def paths_of(page: Any) -> list[str]:
    return [value.path for value in extract_segments(page) if isinstance(value, StringSegmentValue)]


@pytest.fixture(scope="module")
def pages(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    made: dict[str, Any] = made_once(lambda: {kind: make() for kind, make in FULL.items()})
    return made


@every_type
def test_every_place_of_a_page_has_a_name_for_people_and_an_order(pages: dict[str, Any], kind: str, db: None) -> None:
    places = places_of(pages[kind], paths_of(pages[kind]))
    assert places
    for path, place in places.items():
        assert place.label, path
        assert "_" not in place.label, place.label
        assert not any(part in place.label for part in path.split(".")[1:2]), "an id is no name"
        assert place.order < AFTER_ALL or path == "slug", path


def test_places_stand_in_the_order_of_the_edit_view(pages: dict[str, Any], db: None) -> None:
    places = places_of(pages["practice"], ["problem", "title", "summary", "slug", "advice"])
    in_order = sorted(places, key=lambda path: places[path].order)
    assert in_order[:3] == ["title", "summary", "problem"]
    assert in_order.index("problem") < in_order.index("advice")


def test_a_block_is_named_with_what_it_stands_in(site: Site) -> None:
    body = [
        {"type": "text", "value": "<p>Text.</p>", "id": "a"},
        {"type": "quote", "value": {"text": "Said.", "attribution": "Somebody"}, "id": "b"},
    ]
    page = make_practice(title="One window", body=body)
    places = places_of(page, ["body.a", "body.b.text", "body.gone.text"])
    assert places["body.a"].label == "Text"
    assert places["body.b.text"].label == "Quotation › Quotation"
    assert places["body.gone.text"] == Place("", places["body.a"].order)


@pytest.mark.parametrize(
    ("path", "longest"), [("title", 255), ("summary", 400), ("problem", None), ("results.x.unit", 60)]
)
def test_it_is_known_how_much_fits(pages: dict[str, Any], path: str, longest: int | None, db: None) -> None:
    (place,) = places_of(pages["practice"], [path]).values()
    assert place.longest == longest


def test_a_field_that_the_page_has_no_more_keeps_its_path(pages: dict[str, Any], db: None) -> None:
    paths = ["former.field", "results.x.former"]
    assert places_of(pages["practice"], paths) == {path: Place(path) for path in paths}


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("body.block-quote.former", "Quotation"),
        ("body.block-key_figures.figures.item-0.former", "Key figures › Numbers"),
        ("body.block-key_figures.figures.gone.label", "Key figures › Numbers"),
        ("body.block-text.deeper.still", "Text"),
        ("body.block-table.9-9", "Table"),
    ],
)
def test_a_block_that_has_changed_since_is_named_as_far_as_it_is_known(
    pages: dict[str, Any], path: str, label: str, db: None
) -> None:
    assert places_of(pages["practice"], [path])[path].label == label
