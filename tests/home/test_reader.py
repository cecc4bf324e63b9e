from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from home.demo.reader import Item, read_items, read_table

if TYPE_CHECKING:
    from pathlib import Path


def test_the_source_language_comes_first() -> None:
    item = Item("an-item", {"source_language": "kk", "en": {}, "ru": {}, "kk": {}})
    assert item.languages == ["kk", "en", "ru"]


def test_an_item_has_only_the_languages_that_it_is_written_in() -> None:
    assert Item("an-item", {"source_language": "ru", "ru": {}}).languages == ["ru"]


def test_uids_depend_on_the_item_and_the_part() -> None:
    one, other = Item("one", {}), Item("other", {})
    assert one.uid() == Item("one", {"days_ago": 3}).uid()
    assert len({one.uid(), other.uid(), one.uid("result", 0), one.uid("result", 1)}) == 4


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('title = "unclosed', encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.toml"):
        read_table(path)


@pytest.mark.parametrize(
    ("folder", "at_least"), [("practices", 24), ("countries", 20), ("reports", 8), ("news", 12), ("events", 6)]
)
def test_there_is_enough_of_each_kind(folder: str, at_least: int) -> None:
    assert len(read_items(folder)) >= at_least


def test_half_of_the_practices_exist_in_three_languages_and_every_status_appears() -> None:
    practices = read_items("practices")
    assert sum(len(item.languages) == 3 for item in practices) >= 12
    assert {item.facts["status"] for item in practices} == {"planned", "pilot", "operation", "scaled", "ended"}
    assert {item.facts.get("state", "live") for item in practices} == {
        "live",
        "draft",
        "in_review",
        "scheduled",
        "outdated",
    }


def test_events_lie_in_the_past_and_in_the_future() -> None:
    starts = [item.facts["starts_in_days"] for item in read_items("events")]
    assert min(starts) < 0 < max(starts)


@pytest.mark.parametrize("folder", ["practices", "countries", "reports", "news", "events", "pages"])
def test_summaries_fit_and_every_language_has_a_title(folder: str) -> None:
    for item in read_items(folder):
        for language in item.languages:
            text = item.text(language)
            assert text["title"].strip(), item.slug
            assert 0 < len(text["summary"]) <= 360, f"{item.slug} {language}: {len(text['summary'])}"
