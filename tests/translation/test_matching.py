"""Which sentence comes from which: a page's places are numbers here, and its sentences too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.translation.matching import Sentence, similarity, successors

OLD = "The counter is open on five days a week."
NEW = "The counter is open on six days a week."
OTHER = "Parking is free of charge for visitors."


def text(*places: tuple[int, str]) -> list[Sentence]:
    return [Sentence(context, sum(map(ord, words)), words) for context, words in places]


def came_from(before: list[Sentence], after: list[Sentence]) -> dict[str, str | None]:
    return {new.text: old.text if old else None for new, old in successors(before, after).items()}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([(1, OLD)], [(1, OLD)], {}),
        ([(1, OLD)], [(1, NEW)], {NEW: OLD}),
        ([(1, OLD)], [(1, OTHER)], {OTHER: OLD}),
        ([(1, OLD)], [], {}),
        ([], [(1, NEW)], {NEW: None}),
        ([(1, OLD), (1, OTHER)], [(1, OTHER), (1, NEW)], {NEW: OLD}),
        ([(1, OLD), (1, OTHER)], [(1, OLD), (1, NEW), (1, OTHER)], {NEW: None}),
        ([(1, OLD), (1, OTHER)], [(1, OLD), (1, "Bring a card.")], {"Bring a card.": None}),
        ([(1, OLD)], [(2, OLD)], {OLD: OLD}),
        ([(1, OLD)], [(2, NEW)], {NEW: OLD}),
        ([(1, OLD)], [(2, OTHER)], {OTHER: None}),
        ([(1, OLD)], [(1, OLD), (2, OLD)], {OLD: OLD}),
        ([(1, OLD), (2, OTHER)], [(1, OTHER), (2, OLD)], {OTHER: OTHER, OLD: OLD}),
    ],
    ids=[
        "nothing changed",
        "changed",
        "another sentence in its only place",
        "gone",
        "new page",
        "changed and moved within a place",
        "added",
        "one of several replaced by another",
        "moved elsewhere",
        "moved elsewhere and changed",
        "another sentence elsewhere",
        "said a second time",
        "changed places",
    ],
)
def test_where_a_sentence_comes_from(
    before: list[tuple[int, str]], after: list[tuple[int, str]], expected: dict[str, str | None]
) -> None:
    assert came_from(text(*before), text(*after)) == expected


pytestmark = pytest.mark.one_database


def test_the_most_similar_belong_together() -> None:
    before = text((1, OLD), (1, OLD.replace("counter", "office")))
    after = text((1, NEW.replace("counter", "office")), (1, NEW))
    assert came_from(before, after) == {
        NEW: OLD,
        NEW.replace("counter", "office"): OLD.replace("counter", "office"),
    }


def test_equal_sentences_in_one_place_are_one() -> None:
    assert came_from(text((1, OLD), (1, OLD)), text((1, NEW), (1, NEW))) == {NEW: OLD}


def test_few_words_are_compared_by_letters() -> None:
    assert similarity("Results 2024", "Results 2025") > 0.9
    assert similarity("Results", "Sources") < 0.6


sentences = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from([OLD, NEW, OTHER, "Bring a card.", "Bring your card.", "Open", "Closed"])
    ),
    max_size=12,
)


@given(sentences, sentences)
def test_every_new_sentence_has_an_answer_from_the_text_before(
    before: list[tuple[int, str]], after: list[tuple[int, str]]
) -> None:
    old, new = text(*before), text(*after)
    found = successors(old, new)
    assert set(found) == set(new) - set(old)
    assert set(found.values()) - {None} <= set(old)
    moved = {one for one in found if one.text in {former.text for former in old}}
    assert all(found[one] is not None for one in moved)
    changed = [former for one, former in found.items() if former and former.text != one.text]
    assert len(changed) == len(set(changed))
