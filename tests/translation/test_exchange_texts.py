"""Whatever a text consists of, it comes back the same; and whatever a file consists of, it is read or refused."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

import polib
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail_localize.models import StringTranslation, Translation

from cms.translation.exchange.formats import FORMATS
from cms.translation.exchange.markup import Kind, flaw, hidden, pieces, plain, shown
from cms.translation.exchange.po_syntax import entries, written
from cms.translation.exchange.problems import ExchangeError, Findings
from cms.translation.exchange.services import apply
from tests.factories.pages import make_news
from tests.translation.test_exchange import rows_of, translation_of, with_texts
from tests.translation.test_exchange_xliff import objections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cms.translation.exchange.units import Unit
    from tests.translation.test_exchange import Text

# Beautiful Soup warns of texts that look like a file's name.
pytestmark = [
    pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning"),
    pytest.mark.one_database,
]

# What has been trouble in one format or another.
HARD = ["]]>", "<![CDATA[", "&amp;", "&lt;b&gt;", "&nbsp;", "&#10;", "&", "<", ">", '"', "'", "\\", "\\n", "\\\\"]
HARD += ["\n", "\r", "\r\n", "\t", " ", "  ", "\N{NEXT LINE}", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}", "\xa0"]
HARD += ["👩‍🦰", "שלום", "مرحبا", "\N{RIGHT-TO-LEFT OVERRIDE}", "ый", "қ", "e\N{COMBINING ACUTE ACCENT}", "\U0010fffe"]
HARD += ["#", "#~ msgid", 'msgid "', "%s", "%(x)d", "{0}", "<!--", "-->", "<?xml", "\ufeff"]
TAGS = ["<b>", "</b>", "<i>", "</i>", '<a id="a1">', "</a>", "<br/>", "<br>", "<p>", "<b", "<a href='x'>", "</ b>"]
ENDS = {"<b>": "</b>", "<i>": "</i>", '<a id="a1">': "</a>", "<br/>": "", "": ""}
CHARACTERS = st.characters(exclude_categories=["Cs"])
KEPT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # as PostgreSQL has it
# What a translator may write: no control characters and none that XML forbids, which an original may hold.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
WORDS = st.one_of(st.sampled_from(HARD), st.text(LETTERS))
ANYTHING = st.lists(st.one_of(WORDS, st.sampled_from(TAGS)), max_size=8).map("".join)
ORIGINALS = st.one_of(ANYTHING, st.text(KEPT, min_size=1)).filter(bool)
PATHS = st.one_of(st.sampled_from(["title", "body.0b7f.text", "results.'x\\'y'"]), st.text(KEPT, min_size=1))
PARTS = st.lists(st.tuples(WORDS, st.sampled_from([*ENDS])), min_size=1, max_size=6)
# HTML that a page takes: words with their escapes, and tags in pairs.
SOUND = PARTS.map(lambda parts: "".join(f"{tag}{escape(word, quote=False)}{ENDS[tag]}" for word, tag in parts))
by_example = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)
every_kind = pytest.mark.parametrize("kind", FORMATS)


@pytest.fixture
def translation(site: Any) -> Translation:
    return translation_of(make_news())


@contextmanager
def undone() -> Iterator[None]:
    """Undo what a block does to the database: examples share that of the test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(ORIGINALS)
def test_pieces_together_are_the_text(text: str) -> None:
    found = pieces(text)
    assert "".join(piece.raw for piece in found) == text
    assert all(hidden(shown(piece.raw)) == piece.raw for piece in found if piece.kind == Kind.TEXT)
    for place, piece in enumerate(found):
        if piece.kind in {Kind.OPENING, Kind.CLOSING}:
            assert piece.partner is not None
            assert found[piece.partner].partner == place
            assert found[piece.partner].name == piece.name
    open_and_closed = Counter(piece.kind for piece in found)
    assert open_and_closed[Kind.OPENING] == open_and_closed[Kind.CLOSING]


def test_tags_that_cross_or_stand_alone_have_no_partner() -> None:
    found = pieces("<b>1<i>2</b>3</i> &nbsp;<br> 1 < 2")
    assert [(piece.kind.value, piece.raw) for piece in found if piece.kind != Kind.TEXT] == [
        ("it", "<b>"),
        ("bpt", "<i>"),
        ("it", "</b>"),
        ("ept", "</i>"),
        ("ph", "&nbsp;"),
        ("ph", "<br>"),
        ("ph", "<"),
    ]
    assert plain("<b>R&amp;D</b> <i>x</i>") == "R&D x"


@given(SOUND)
def test_sound_html_has_no_flaw(text: str) -> None:
    assert flaw('<a id="a1">x</a>', text) == ""


@given(st.text(CHARACTERS))
def test_a_text_in_po_is_what_it_was(text: str) -> None:
    lines = "\n".join([*written("msgctxt", text), *written("msgid", f"{text}!"), *written("msgstr", text)])
    findings = Findings()
    (entry,) = entries(lines, findings)
    assert not findings.problems
    assert (entry.texts, entry.line) == ({"msgctxt": text, "msgid": f"{text}!", "msgstr": text}, 1)
    assert not set(lines) & {chr(code) for code in range(32)} - {"\n"}


@pytest.mark.django_db
@every_kind
@by_example
@given(texts=st.lists(st.tuples(PATHS, ORIGINALS, ANYTHING), min_size=1, max_size=4))
def test_every_text_goes_and_comes_back(translation: Translation, kind: str, texts: list[Text]) -> None:
    with undone():
        with_texts(translation, texts)
        kept = rows_of(translation)
        data = FORMATS[kind].write(translation)
        units = FORMATS[kind].read(data, translation)
        assert {(unit.path, unit.source) for unit in units} == {(path, source) for path, source, _target in texts}
        assert {(unit.path, unit.source): unit.target for unit in units if unit.target} == kept
        assert apply(translation, units, None, kind).changed == []
        if kind == "xliff":
            assert objections(data) == []


@pytest.mark.django_db
@every_kind
@by_example
@given(texts=st.lists(st.tuples(PATHS, SOUND, SOUND), min_size=1, max_size=4))
def test_every_sound_translation_is_written(translation: Translation, kind: str, texts: list[Text]) -> None:
    links = '<a id="a1">.</a>'
    with undone():
        # A field of the page takes so many characters only.
        with_texts(translation, [(f"body.{path}", f"{source}{links}", f"{target}.") for path, source, target in texts])
        kept = rows_of(translation)
        data = FORMATS[kind].write(translation)
        StringTranslation.objects.all().delete()
        assert len(apply(translation, FORMATS[kind].read(data, translation), None, kind).changed) == len(kept)
        assert rows_of(translation) == kept
        assert not StringTranslation.objects.filter(has_error=True).exists()


@pytest.mark.django_db
@every_kind
def test_characters_that_no_file_holds(translation: Translation, kind: str) -> None:
    odd = "".join(map(chr, [*range(1, 32), 127, 133, 0xFFFE, 0xFFFF]))
    texts = [("body.a", f"a{odd}1b", f"b{odd}2c"), ("body.b", "plain", "простой"), (f"body.{odd}", "x", "y")]
    with_texts(translation, texts)
    data = FORMATS[kind].write(translation)
    assert not set(data) & {*range(9), 11, 12, *range(14, 32), 13}
    StringTranslation.objects.all().delete()
    assert len(apply(translation, FORMATS[kind].read(data, translation), None, kind).changed) == 3
    assert rows_of(translation) == {(path, source): target for path, source, target in texts}


def is_read_by_polib(text: str) -> bool:
    """It takes each of these for the end of a line of the file, and cannot read what is exported of them."""
    return not set(text) & set("\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}")


@pytest.mark.django_db
@by_example
@given(texts=st.lists(st.tuples(WORDS.filter(bool), SOUND.filter(bool), SOUND), min_size=1, max_size=4))
def test_polib_reads_the_same(translation: Translation, texts: list[Text]) -> None:
    with undone():
        with_texts(translation, [text for text in texts if all(map(is_read_by_polib, text))])
        file = polib.pofile(FORMATS["po"].write(translation).decode())
        found = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in file}
        assert {key: text for key, text in found.items() if text} == rows_of(translation)


LINKED = 'Two <b>b</b> <a id="a1">l</a>'
DAMAGES = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.sampled_from([0, 1, 1, 1, 3, 40]),
        st.one_of(st.sampled_from([b"", b'"', b"<", b"&", b"\n", b"\\", b"/>"]), st.binary(max_size=2), st.none()),
    ),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, damages: list[tuple[int, int, bytes | None]]) -> bytes:
    """The file with some of its bytes replaced by others, or by a part of itself where none are given."""
    for place, length, part in damages:
        start = place % (len(data) or 1)
        data = data[:start] + (data[start // 2 :][:60] if part is None else part) + data[start + length :]
    return data


def outcome(data: bytes, translation: Translation, kind: str) -> list[Unit] | ExchangeError:
    try:
        return FORMATS[kind].read(data, translation)
    except ExchangeError as error:
        return error


@pytest.fixture
def files(translation: Translation) -> dict[str, bytes]:
    texts = [("title", "One", "Один"), ("body.a", LINKED, "Два <b>б</b>\n"), ("body.c", "3", "")]
    with_texts(translation, texts)
    return {kind: one.write(translation) for kind, one in FORMATS.items()}


@pytest.mark.django_db
@every_kind
@settings(by_example, max_examples=500)
@given(damages=DAMAGES)
def test_a_file_with_any_damage_is_read_or_refused(
    translation: Translation, files: dict[str, bytes], kind: str, damages: list[tuple[int, int, bytes | None]]
) -> None:
    answer = outcome(damaged(files[kind], damages), translation, kind)
    if isinstance(answer, ExchangeError):
        assert answer.problems
        assert all(problem.sentence.endswith((".", "…")) for problem in answer.problems)
    else:
        assert {unit.source for unit in answer} == {"One", LINKED, "3"}
    assert {*rows_of(translation).values()} == {"Один", "Два <b>б</b>\n"}
