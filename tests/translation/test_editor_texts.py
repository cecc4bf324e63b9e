"""What helps a translator with a sentence: word differences, terms, and what to look at again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.translation.editor.differences import word_diff
from cms.translation.editor.glossary import Glossary, Term, as_written, is_said
from cms.translation.editor.memory import keys_of
from cms.translation.editor.proofreading import number_of, remarks
from cms.translation.editor.sheets import text_to_edit, text_to_keep
from cms.translation.models import GlossaryTerm, GlossaryWording

if TYPE_CHECKING:
    from decimal import Decimal

TEXTS = st.text(alphabet="ab де ,.", max_size=30)


def marked(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[part.kind].format(part.text) for part in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("One counter.", "One counter.", "One counter."),
        ("", "New.", "[+New.+]"),
        ("Old.", "", "[-Old.-]"),
        ("A counter for all.", "A window for all.", "A [-counter-][+window+] for all."),
        ("one two three", "one six seven", "one [-two three-][+six seven+]"),
        ("Paid in <b>five</b> days.", "Paid in <b>six</b> days.", "Paid in [-five-][+six+] days."),
        ("R&amp;D grew", "R&amp;D shrank", "R&D [-grew-][+shrank+]"),
        ("Бір терезе", "Екі терезе", "[-Бір-][+Екі+] терезе"),
    ],
)
def test_differences_are_told_word_by_word(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_from_their_difference(before: str, after: str) -> None:
    parts = word_diff(before, after)
    assert "".join(part.text for part in parts if part.kind != "added") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after
    assert all(one.kind != other.kind for one, other in pairwise(parts))


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("civil servant", "Civil servants were asked."),
        ("государственная служба", "О государственной службе и о людях"),
        ("мемлекеттік қызмет", "Мемлекеттік қызметке қабылданды"),
        ("one-stop shop", "A <b>one-stop shop</b> for all"),
        ("R&D", "Spent on R&amp;D"),
        ("ел", "Ел есебі"),
        ("citizens’ panel", "The citizens' panels met"),
        ("civil service", "The civil <b>ser</b>vices"),
        ("NGO", "Asked many NGOs"),
        ("ООН", "В ООН"),
    ],
)
def test_a_term_is_found_in_other_forms_of_its_words(wording: str, text: str) -> None:
    assert is_said(wording, as_written(text))


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("civil servant", "A servant who was civil"),
        ("мера", "Мерамида"),
        ("report", "An unreported case"),
        ("", "Anything"),
        ("ел", "Елорданың"),
        ("UN", "Under a unit"),
        ("IT", "It is said of it"),
        ("AI", "Aims of aids"),
        ("one-stop shop", "A shop that is one-stop"),
        ("lay-off", "The layoff"),
        ("…", "Well…"),
    ],
)
def test_other_words_are_not_taken_for_a_term(wording: str, text: str) -> None:
    assert not is_said(wording, as_written(text))


@pytest.mark.django_db
def test_terms_have_a_wording_in_both_languages() -> None:
    service = GlossaryTerm.objects.create(meaning="The staff of the state")
    service.wordings = [
        GlossaryWording(language="en", text="civil service"),
        GlossaryWording(language="ru", text="государственная служба", note="не «госслужба»"),
    ]
    service.save()
    only = GlossaryTerm.objects.create()
    only.wordings = [GlossaryWording(language="en", text="service"), GlossaryWording(language="kk", text="қызмет")]
    only.save()
    found = Glossary("en", "ru").terms_in("The civil service and its services.")
    assert found == [Term("civil service", "государственная служба", "не «госслужба»", "The staff of the state")]
    assert [term.target for term in Glossary("en", "kk").terms_in("Service")] == ["қызмет"]
    assert Glossary("ru", "ar").terms_in("государственная служба") == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Ел", "Елде қызмет көп.", "Бұл елге"])
def test_a_short_term_is_found_in_other_forms_too(text: str) -> None:
    term = GlossaryTerm.objects.create()
    term.wordings = [GlossaryWording(language="kk", text="ел"), GlossaryWording(language="ru", text="страна")]
    term.save()
    assert [one.target for one in Glossary("kk", "ru").terms_in(text)] == ["страна"]


@pytest.mark.parametrize(
    ("source", "target", "word"),
    [
        ("We paid 1,200.50 to 15 people.", "Мы выплатили 1 200,50 шести людям.", "15"),
        ("We paid nobody.", "Мы выплатили 7 людям.", "7"),
        ("Dear {name}, hello.", "Уважаемый {имя}, привет.", "{name}"),
        ("Of %(count)s pages.", "Страниц много.", "%(count)s"),
        ("Write to us at hub@example.org today.", "Напишите нам сегодня, пожалуйста.", "hub@example.org"),
        ("See https://example.org/a.", "См. сайт.", "https://example.org/a"),
        ('See <a id="a1">the guide</a>.', "См. руководство.", "1 link"),
        ("It was closed.", "Оно было закрыто", "ends with “.”"),
        ("Closed on Monday", "Закрыто по понедельникам.", "ends without “.”"),
        ("A practice that works.", "Хорошая прaктика для всех.", "прaктика"),
        ("Short and quite clear text here.", "Очень " * 20 + ".", "more than twice"),
        ("A long sentence about how people queue for hours.", "Очередь.", "less than half"),
        ("Up by 1.5 per cent.", "Рост на 15 процентов.", "1.5"),
        ("Costs 1,200 a day.", "Стоит 1,20 в день.", "1,200"),
        ("From 9 to 17, 5 days.", "С 9 до 175 дней.", "17, 5"),
        ("Paid 2 times to 2 people.", "Выплачено 2 людям.", "2"),
    ],
)
def test_what_differs_is_named(source: str, target: str, word: str) -> None:
    assert word in remarks(source, target)[0]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("We paid 1,200.50 to 15 people.", "Мы выплатили 1 200,50 сома 15 людям."),
        ("10,000 pages on 3.5 days", "10 000 страниц за 3,5 дня"),
        ("Dear {name}!", "{name}, здравствуйте!"),
        ('See <a id="a1">the guide</a>.', 'См. <a id="a1">руководство</a>.'),
        ("“Closed.”", "«Закрыто».".replace("».", ".»")),
        ("SMS codes", "SMS-коды"),
        ("Anything at all that is long enough.", "   "),
        ("Open from 9 to 17.", "٩ – ١٧."),
        ("1,200.50 people in 3.5 days.", "١٬٢٠٠٫٥٠ شخص في ٣٫٥ أيام."),
        ("1200.5 and 1,000,000.", "۱۲۰۰٫۵ ، ۱٬۰۰۰٬۰۰۰."),
        ("Grew by 50% in 2020-2021.", "Рост на 50 % в 2020–2021 гг."),
        ("Open at 9:00, on 01.02.2020.", "Открыто в 9.00, 01/02/2020."),
        ("In 2020 300 people on pages 1,2,3.", "В 2020 году 300 человек, стр. 1, 2, 3."),
        ("The 1st of 21 500 (1’000).", "1-й из 21\u00a0500 (1\u202f000)."),
        ("Wait...", "Ждите…"),
        ("Closed.", "مغلق.\u200f"),
        ("Say ‘yes.’", "Скажите „да.“"),
    ],
)
def test_what_is_said_otherwise_for_good_reason_is_not_named(source: str, target: str) -> None:
    assert remarks(source, target) == []


def test_a_term_that_was_not_used_is_named() -> None:
    term = Term("practice", "практика", "", "")
    assert remarks("A practice", "Опыт", [term]) == ["The glossary has “практика” for “practice”."]
    assert remarks("A practice", "О практике", [term]) == []


@pytest.mark.parametrize("text", ["R&D and <b>more</b>", "a < b", "&lt;b&gt; is a tag", "x &amp; y &nbsp; z"])
def test_what_is_kept_is_shown_as_it_is_edited(text: str) -> None:
    kept = text_to_keep(text)
    assert text_to_keep(text_to_edit(kept)) == kept


PARTS = st.sampled_from(
    ["<", ">", "&", ";", "/", "b", "lt", "amp", "nbsp", "#160", "<b>", "</b>", "<br/>", " ", "\n", "д"]
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_whoever_saves_what_the_field_shows_changes_nothing(text: str) -> None:
    kept = text_to_keep(text)
    assert text_to_keep(text_to_edit(kept)) == kept


@given(
    st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from([",", ".", "٫"]), st.sampled_from(" '٬\u202f")
)
def test_a_number_is_the_same_however_it_is_written(number: Decimal, decimal: str, thousands: str) -> None:
    english = f"{number:,.2f}"
    other = english.translate({ord(","): thousands, ord("."): decimal})
    assert number_of(other) == number_of(english)
    assert number_of(english.replace(".", "")) != number_of(english)


def test_like_sentences_share_a_key_and_others_do_not() -> None:
    sentence = "Citizens waited for hours at seven different counters of the city hall"
    like = "Citizens waited for days at seven different counters of the city hall"
    other = "The ministry publishes its budget in an open format every quarter"
    assert keys_of(sentence) & keys_of(like)
    assert not keys_of(sentence) & keys_of(other)
    assert keys_of("…") == set()
    assert all(-(2**63) <= key < 2**63 for key in keys_of(sentence))
