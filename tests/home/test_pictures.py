from __future__ import annotations

import io

from PIL import Image

from home.demo.pictures import HEIGHT, WIDTH, cover


def test_a_cover_is_a_jpeg_of_the_stated_size() -> None:
    with Image.open(io.BytesIO(cover("one"))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT))
        assert len(set(picture.resize((32, 18)).get_flattened_data())) > 20


def test_the_same_item_gets_the_same_picture_and_another_item_another() -> None:
    assert cover("one") == cover("one")
    assert cover("one") != cover("two")
