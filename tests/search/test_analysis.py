"""Words of a query: other forms of them are found, and shown as found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import EXCERPT_LENGTH, MAX_QUERY_LENGTH, MAX_WORDS, Words, stem


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("en", "policies", "policy"),
        ("en", "practices", "practice"),
        ("en", "report", "Reporting"),
        ("en", "administration", "administrative"),
        ("ru", "практика", "практиками"),
        ("ru", "практиками", "практик"),
        ("ru", "услуга", "услуг"),
        ("ru", "отчет", "отчётами"),
        ("ru", "отчётов", "отчет"),
        ("ru", "государственная", "государственного"),
        ("ru", "мера", "мерами"),
        ("ru", "темы", "теме"),
        ("kk", "тәжірибелерді", "тәжірибе"),
        ("kk", "тәжірибесін", "тәжірибелер"),
        ("kk", "есеп", "есебі"),
        ("kk", "есебінде", "есептер"),
        ("kk", "көрсеткіштердің", "көрсеткіші"),
        ("kk", "қызметтеріміз", "Қызмет"),
    ],
)
def test_a_word_finds_its_other_forms(language: str, typed: str, written: str) -> None:
    assert Words.of(typed, language).match(f"about {written}, and more")


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("ru", "мера", "мероприятие"),
        ("ru", "тема", "темп"),
        ("kk", "ел", "еленді"),
        ("en", "ai", "aims"),
        ("en", "waiting times", "waiting rooms"),
        ("en", "port", "report"),
    ],
)
def test_a_word_does_not_find_what_only_looks_alike(language: str, typed: str, written: str) -> None:
    assert not Words.of(typed, language).match(written)


def test_all_words_must_be_there_in_any_order_and_place() -> None:
    words = Words.of("Time, waiting!", "en")
    assert words.match("Waiting", "in no time")
    assert not words.match("Waiting")


@pytest.mark.parametrize(("word", "language"), [("дом", "ru"), ("іс", "kk"), ("data", "en"), ("测试", "zh")])
def test_short_and_foreign_words_stay_as_they_are(word: str, language: str) -> None:
    assert stem(word, language) == word


def test_a_query_is_cut_to_a_reasonable_size() -> None:
    words = Words.of(" ".join(f"word{number}" for number in range(100)), "en")
    assert len(words.typed) == len(words.variants) == MAX_WORDS
    assert Words.of("x" * 1000, "en").typed == ("x" * MAX_QUERY_LENGTH,)


@pytest.mark.parametrize("typed", ["", "   ", "!?", "😀", "\0", '"', "'; --", "_", "* AND"])
def test_only_letters_and_digits_are_words(typed: str) -> None:
    assert Words.of(typed, "en").typed == (("and",) if "AND" in typed else ())


def test_finds_are_marked_in_escaped_text() -> None:
    words = Words.of("services risk", "en")
    assert words.mark("Risky <b>service</b> & more") == (
        "<mark>Risky</mark> &lt;b&gt;<mark>service</mark>&lt;/b&gt; &amp; more"
    )
    assert Words.of("ai", "en").mark("AI aims") == "<mark>AI</mark> aims"


def test_an_excerpt_stands_around_the_first_find() -> None:
    text = f"{'before ' * 60}needle {'after ' * 60}"
    excerpt = Words.of("needle", "en").excerpt(text)
    assert "<mark>needle</mark>" in excerpt
    assert excerpt.startswith("… before ")
    assert excerpt.endswith("after …")
    assert len(excerpt) < EXCERPT_LENGTH + 30


def test_an_excerpt_without_a_find_is_the_beginning() -> None:
    excerpt = Words.of("needle", "en").excerpt("straw " * 100)
    assert excerpt.startswith("straw straw")
    assert excerpt.endswith(" …")


def test_a_short_text_is_shown_whole() -> None:
    assert Words.of("x", "en").excerpt("A short text.") == "A short text."


@given(text=st.text(max_size=600), query=st.text(max_size=60), language=st.sampled_from(["en", "ru", "kk"]))
def test_no_text_and_no_query_break_the_marking(text: str, query: str, language: str) -> None:
    words = Words.of(query, language)
    marked = words.mark(text).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in marked
    plain = words.excerpt(text).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
