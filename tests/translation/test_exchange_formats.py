"""The files as they are written, word for word, and the syntax that is read, case by case."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.utils import translation as language
from wagtail_localize.models import StringTranslation, Translation, TranslationContext, TranslationSource

from cms.translation.exchange.formats import FORMATS
from cms.translation.exchange.nodes import Node, tree
from cms.translation.exchange.po_syntax import Entry, entries, written
from cms.translation.exchange.problems import ExchangeError, Findings
from cms.translation.exchange.texts import in_one_line, text_of
from cms.translation.exchange.units import units_of
from cms.translation.exchange.verification import Identity
from tests.factories.site import locale
from tests.translation.test_exchange import page_of, row

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.one_database

PO = r"""msgid ""
msgstr ""
"Project-Id-Version: Handbook published\n"
"POT-Creation-Date: 2022-06-01 12:00+0000\n"
"PO-Revision-Date: 2022-06-01 12:00+0000\n"
"Last-Translator: \n"
"Language-Team: \n"
"Language: ru\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"X-Source-Language: en\n"
"X-WagtailLocalize-TranslationID: 12345678-1234-5678-1234-567812345678\n"
"X-Source-Fingerprint: ebb5a9d6a5e678d2feede8bf61a7596099567eb2ca3ef5ec31ea8ff032602a50\n"

#. title
#: 687f87b1-a919-5a37-b33b-2f8c604eb5e3
msgctxt "title"
msgid "Be <b>brave</b>"
msgstr "Смелей"

#. body.text
#: 830ea291-8a11-54d5-9d69-bee1d90515ec
#, fuzzy
#| msgid "Say \"now\""
msgctxt "body.0b7f"
msgid "Say \"no\" & go"
msgstr ""
"Скажи «нет»\n"
"и \\ уйди"

#. summary
#: fbb476ae-6946-54db-b82d-c38adda79a7d
msgctxt "summary"
msgid "Two"
msgstr ""
"""
XLIFF = """<?xml version='1.0' encoding='UTF-8'?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="news/newspage/87654321-4321-8765-4321-876543218765" source-language="en" target-language="ru" \
datatype="html" date="2022-06-01T12:00:00Z" tool-id="site">
<header>
<note from="translation">12345678-1234-5678-1234-567812345678</note>
<note from="fingerprint">ebb5a9d6a5e678d2feede8bf61a7596099567eb2ca3ef5ec31ea8ff032602a50</note>
<tool tool-id="site" tool-name="Shared Practice" />
</header>
<body>
<trans-unit id="687f87b1-a919-5a37-b33b-2f8c604eb5e3" resname="title" approved="yes" xml:space="preserve">
<source>Be <bpt id="1" ctype="bold">&lt;b&gt;</bpt>brave<ept id="1">&lt;/b&gt;</ept></source>
<target state="translated">Смелей</target>
<note from="place">title</note>
</trans-unit>
<trans-unit id="830ea291-8a11-54d5-9d69-bee1d90515ec" resname="body.0b7f" approved="no" xml:space="preserve">
<source>Say "no" <ph id="1" ctype="x-html-character">&amp;</ph> go</source>
<target state="needs-review-translation">Скажи «нет»
и \\ уйди</target>
<alt-trans alttranstype="previous-version">
<source>Say "now"</source>
<target>Скажи «нет»
и \\ уйди</target>
</alt-trans>
<note from="place">body.text</note>
</trans-unit>
<trans-unit id="fbb476ae-6946-54db-b82d-c38adda79a7d" resname="summary" approved="no" xml:space="preserve">
<source>Two</source>
<target state="new" />
<note from="place">summary</note>
</trans-unit>
</body>
</file>
</xliff>"""


@pytest.fixture
def handbook(site: Any) -> Translation:
    """A page with known identity and date: a translation that is done, one of a former text, and none."""
    page_of(
        ("title", "Be <b>brave</b>", "Смелей"),
        ("body.0b7f", 'Say "no" & go', "Скажи «нет»\nи \\ уйди"),
        ("summary", "Two", ""),
    )
    Translation.objects.update(uuid=UUID("12345678-1234-5678-1234-567812345678"))
    noon = datetime.datetime(2022, 6, 1, 12, tzinfo=datetime.UTC)
    TranslationSource.objects.update(last_updated_at=noon)
    TranslationContext.objects.filter(path="body.0b7f").update(field_path="body.text")
    return Translation.objects.get()


@pytest.mark.django_db
def test_po_word_for_word(handbook: Translation) -> None:
    needs_review = {row(handbook, "body.0b7f").pk: 'Say "now"'}
    assert FORMATS["po"].write(handbook, needs_review).decode() == PO


@pytest.mark.django_db
def test_xliff_word_for_word(handbook: Translation) -> None:
    needs_review = {row(handbook, "body.0b7f").pk: 'Say "now"'}
    data = FORMATS["xliff"].write(handbook, needs_review).decode()
    assert data.replace(str(handbook.source.object_id), "87654321-4321-8765-4321-876543218765") == XLIFF


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "file"), [("po", PO), ("xliff", XLIFF)])
def test_files_that_were_written_before_are_read(handbook: Translation, kind: str, file: str) -> None:
    """Identifiers and fingerprints stay the same from one release to the next."""
    before = units_of(handbook)
    StringTranslation.objects.all().delete()
    read = FORMATS[kind].read(file.encode(), handbook)
    assert [(one.id, one.path, one.source, one.target) for one in read] == [
        (one.id, one.path, one.source, one.target) for one in before
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMATS)
def test_remarks_are_in_the_language_of_whoever_exports(handbook: Translation, kind: str) -> None:
    StringTranslation.objects.filter(data="Смелей").update(has_error=True, field_error="Слишком коротко.")
    with language.override("ru"):
        russian = FORMATS[kind].write(handbook).decode()
    assert russian.count("Слишком коротко.") == 1
    with language.override("ru"):
        read = FORMATS[kind].read(russian.encode(), handbook)
    assert read == FORMATS[kind].read(FORMATS[kind].write(handbook), handbook)


WRITTEN = {
    "": ['msgid ""'],
    "one": ['msgid "one"'],
    'a "b" \\ c': ['msgid "a \\"b\\" \\\\ c"'],
    "end\n": ['msgid "end\\n"'],
    "\n": ['msgid "\\n"'],
    "a\nb": ['msgid ""', '"a\\n"', '"b"'],
    "a\n\nb\n": ['msgid ""', '"a\\n"', '"\\n"', '"b\\n"'],
    "\t\r\a\b\f\v": ['msgid "\\t\\r\\a\\b\\f\\v"'],
    "\x01" + "7": ['msgid "\\0017"'],
    "\N{LINE SEPARATOR}": ['msgid "\N{LINE SEPARATOR}"'],
}


@pytest.mark.parametrize(("text", "lines"), WRITTEN.items())
def test_a_text_as_it_is_written_in_po(text: str, lines: list[str]) -> None:
    assert list(written("msgid", text)) == lines


READ = {
    "comments": ('#. a\n#: b\n# c\n#| msgid "d"\nmsgid "e"\nmsgstr "f"\n#~ msgid "g"', [("e", "f", set(), 5)]),
    "flags": (
        '#, fuzzy, c-format\nmsgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"',
        [
            ("a", "b", {"fuzzy", "c-format"}, 2),
            ("c", "d", set(), 4),
        ],
    ),
    "flags of the next one": (
        'msgid "a"\nmsgstr "b"\n#, fuzzy\nmsgid "c"\nmsgstr "d"',
        [
            ("a", "b", set(), 1),
            ("c", "d", {"fuzzy"}, 4),
        ],
    ),
    "folded": ('msgid ""\n"a "\n  "b"\nmsgstr\t"c"\n"d"\r\n\n', [("a b", "cd", set(), 1)]),
    "escapes": (r'msgid "\\a\\\\n\"\101\x41\0017"' + '\nmsgstr ""', [('\\a\\\\n"AA\x017', "", set(), 1)]),
    "nothing": ("# only a comment\n", []),
}


@pytest.mark.parametrize(("text", "found"), READ.values(), ids=READ)
def test_entries_as_they_are_read_from_po(text: str, found: list[tuple[str, str, set[str], int]]) -> None:
    def facts(entry: Entry) -> tuple[str, str, set[str], int]:
        return entry.texts["msgid"], entry.texts["msgstr"], entry.flags, entry.line

    findings = Findings()
    assert [facts(entry) for entry in entries(text, findings)] == found
    assert findings.problems == []


def test_xml_as_it_is_read() -> None:
    root = tree('<a xmlns="urn:a" b="1">x &amp; <!-- no -->y\r\n<c xmlns="urn:c">&#13;</c>\n<a>z</a><?p?>!</a>')
    assert (root.tag, root.attributes, root.line, root.text) == ("{urn:a}a", {"b": "1"}, 1, "x & y\n\n!")
    inner, last = (node for node in root.content if isinstance(node, Node))
    assert (inner.tag, inner.text, inner.line) == ("{urn:c}c", "\r", 2)
    assert (root.child("{urn:a}a"), root.child("c")) == (last, None)
    assert (last.line, [*root.children("{urn:a}a", "{urn:c}c")]) == (3, [inner, last])


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "UTF8", "us-ascii"])
def test_xml_that_says_it_is_utf_8(encoding: str) -> None:
    assert tree(f"<?xml version='1.0' encoding='{encoding}'?><a>ы</a>").text == "ы"


def refused(read: Callable[[], Any]) -> str:
    with pytest.raises(ExchangeError) as error:
        read()
    return str(error.value)


def test_elements_may_be_nested_as_deep_as_any_program_nests_them() -> None:
    assert tree("<a>" * 50 + "</a>" * 50).tag == "a"
    assert "nested too deeply" in refused(lambda: tree("<a>" * 51 + "</a>" * 51))


def test_text_without_what_no_text_needs() -> None:
    assert text_of("\ufeffa\tb\r\n\x7f\x85".encode()) == "a\tb\r\n\x7f\x85"
    assert in_one_line(" a\n\n b\N{LINE SEPARATOR}c\0d\ufffe ") == "a b c d"
    assert refused(lambda: text_of(b"a\nb\n\x1f")).startswith("Line 3: There is a control character (U+001F)")
    assert refused(lambda: text_of(b"a\nb\xff\n")).startswith("Line 2: The file is not UTF-8 text.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "target", "is_right"),
    [
        ("en", "ru", True),
        ("EN", "RU", True),
        ("en-GB", "ru_RU", True),
        ("en_US", "ru-RU", True),
        ("en", "uk", False),
        ("ru", "en", False),
        ("eng", "ru", False),
        ("en", "r", False),
    ],
)
def test_languages_of_a_file(handbook: Translation, source: str, target: str, is_right: bool) -> None:
    identity = Identity(str(handbook.uuid), "", source, target, 1)
    if is_right:
        identity.check(handbook)
    else:
        assert f"{source} → {target}. They must be en → ru." in refused(partial(identity.check, handbook))


@pytest.mark.django_db
def test_a_language_with_a_region_is_no_other_region(handbook: Translation) -> None:
    handbook.target_locale = locale("pt-br")
    Identity(str(handbook.uuid), "", "en", "pt_BR", 1).check(handbook)
    for other in ("pt", "pt-PT"):
        identity = Identity(str(handbook.uuid), "", "en", other, 1)
        assert "They must be en → pt-br." in refused(partial(identity.check, handbook))
