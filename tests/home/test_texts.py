from __future__ import annotations

import pytest

from home.demo import texts
from home.demo.reader import Item


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.", "<p>One.</p>"),
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("A line\nthat goes on.", "<p>A line that goes on.</p>"),
        ("- first\n- second", "<ul><li>first</li><li>second</li></ul>"),
        ("- first\n  goes on\n- second", "<ul><li>first goes on</li><li>second</li></ul>"),
        ("Two ways:\n- first\n- second", "<p>Two ways:</p><ul><li>first</li><li>second</li></ul>"),
        ("**Bold** and *italic*", "<p><b>Bold</b> and <i>italic</i></p>"),
        ("2 * 3 * 4 & 5 < 6", "<p>2 * 3 * 4 &amp; 5 &lt; 6</p>"),
        ("", ""),
    ],
)
def test_plain_text_becomes_rich_text(text: str, html: str) -> None:
    assert texts.rich_text(text) == html


def body_of(text: str) -> list[dict[str, object]]:
    return texts.body(Item("an-item", {}), text, lambda kind, name: {"kind": kind} if name != "absent" else None)


def test_headings_quotes_and_callouts_become_blocks_of_their_own() -> None:
    blocks = body_of("Before.\n\n## Part\n> “Said so.” | A clerk\n@callout Mind **this**.\n\nAfter.")
    assert [block["type"] for block in blocks] == ["text", "heading", "quote", "callout", "text"]
    assert blocks[2]["value"] == {"text": "Said so.", "attribution": "A clerk"}
    assert blocks[3]["value"] == {"title": "", "text": "<p>Mind <b>this</b>.</p>"}


def test_charts_and_timelines_are_filled_by_the_directive() -> None:
    blocks = body_of("@chart deaths\n@timeline closures\n@chart absent")
    assert [block["type"] for block in blocks] == ["indicator_chart", "measure_timeline"]
    assert blocks[0]["value"] == {"kind": "chart"}


def test_ids_are_the_same_at_every_run_and_differ_within_a_body() -> None:
    first, again = body_of("## A\n\nText.\n\n## B"), body_of("## Б\n\nТекст.\n\n## В")
    assert [block["id"] for block in first] == [block["id"] for block in again]
    assert len({block["id"] for block in first}) == len(first)
