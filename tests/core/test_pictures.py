"""Sizes of pictures for others: told without drawing, drawn at signed addresses, as Wagtail draws them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image as Picture

from cms.core.pictures import CARD, SPECS, focal_point, renditions, size_of
from cms.core.serialisers import image_json
from cms.media.models import Rendition
from tests.factories.media import make_image

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SIZES = [(64, 48), (480, 480), (1000, 600), (1600, 2000), (2400, 1000)]


def path_of(told: Any) -> str:
    return str(told["url"]).removeprefix("http://testserver")


@pytest.mark.parametrize("size", SIZES)
def test_the_sizes_are_those_that_wagtail_draws(size: tuple[int, int]) -> None:
    image = make_image(size=size, focal_point_x=20, focal_point_y=20, focal_point_width=10, focal_point_height=10)
    for spec in SPECS:
        drawn = image.get_rendition(spec)
        assert size_of(image, spec) == (drawn.width, drawn.height), spec


def test_telling_draws_nothing() -> None:
    assert len(renditions(make_image(size=(2000, 1500)))) == 8
    assert not Rendition.objects.exists()


def test_a_small_picture_is_offered_once_in_each_format() -> None:
    told = renditions(make_image(size=(300, 157)))
    assert sorted((one["width"], one["height"], one["type"]) for one in told) == [
        (300, 157, "image/jpeg"),
        (300, 157, "image/webp"),
    ]


def test_what_is_told_is_what_is_given(client: Client) -> None:
    for told in renditions(make_image(size=(1000, 700))):
        answer: Any = client.get(path_of(told))
        assert (answer.status_code, answer["Content-Type"]) == (200, told["type"])
        with Picture.open(BytesIO(b"".join(answer.streaming_content))) as drawn:
            assert drawn.size == (told["width"], told["height"])


@pytest.mark.parametrize("change", [("width-480", "width-481"), ("webp", "png"), ("images/", "images/x")])
def test_no_other_size_can_be_asked_for(client: Client, change: tuple[str, str]) -> None:
    told = renditions(make_image(size=(1000, 700)))[0]
    assert client.get(path_of(told).replace(*change, 1)).status_code in {403, 404}
    assert not Rendition.objects.exists()


def test_a_signature_is_of_one_picture(client: Client) -> None:
    first, second = make_image("One", size=(600, 400)), make_image("Two", size=(600, 400))
    path = path_of(renditions(first)[0]).replace(f"/{first.pk}/", f"/{second.pk}/", 1)
    assert client.get(path).status_code == 403


def test_the_focal_point_is_told_in_pixels() -> None:
    image = make_image(size=(200, 100), focal_point_x=50, focal_point_y=40, focal_point_width=20, focal_point_height=10)
    assert focal_point(image) == {"x": 50, "y": 40, "width": 20, "height": 10}
    assert focal_point(make_image()) is None


def test_a_card_shows_what_must_be_seen() -> None:
    image = make_image(
        size=(3000, 3000), focal_point_x=50, focal_point_y=40, focal_point_width=20, focal_point_height=10
    )
    assert size_of(image, f"{CARD}|format-jpeg") == (1200, 630)


def test_a_picture_without_words_is_named_by_its_title() -> None:
    told = image_json(make_image("Desk"))
    assert told is not None
    assert told["alt"] == "Desk"
