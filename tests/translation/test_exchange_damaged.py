"""A file that is damaged, or of something else, is refused with the place and the reason, and nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from wagtail_localize.models import StringTranslation, Translation

from cms.translation.exchange import texts
from cms.translation.exchange.formats import FORMATS, kind_of, translation_of_file
from cms.translation.exchange.problems import MOST_PROBLEMS, ExchangeError, Problem
from tests.factories.pages import make_news
from tests.factories.site import locale
from tests.translation.test_exchange import page_of, translation_of, with_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("site")]
every_kind = pytest.mark.parametrize("kind", FORMATS)

LINKED = 'Two <b>b</b> <a id="a1">l</a>'
TEXTS = [("title", "One", "Один"), ("body.a", LINKED, "Два"), ("body.c", "Three", "")]


@dataclass(frozen=True)
class Damage:
    """What becomes of a file, a text that stands in the line of the problem, the place, and words of the sentence."""

    old: str
    new: str
    marker: str
    place: str
    words: str


AGAIN = '\nmsgctxt "title"\nmsgid "One"\nmsgstr "1"\n'
NEW = '\nmsgctxt "body.new"\nmsgid "New"\nmsgstr "Новое"\n'
LAST = "\n#. body.c"
NO_LINE, NO_PLACE = "no line of a PO file, or it was cut off", "no msgctxt or no msgid"
CONTROL, CHANGED = "control character (U+0007)", "original text was changed"
IN_PO = {
    "a text without an end": Damage('"Один"', '"Один', '"Один', "title", NO_LINE),
    "a text without quotation marks": Damage('"Один"', "Один", "Один", "title", NO_LINE),
    "a quotation mark in a text": Damage('"Один"', '"О"дин"', "дин", "title", NO_LINE),
    "an unknown escape": Damage('"Один"', '"Од\\ин"', "Од", "title", "no character “\\и”"),
    "a text without a keyword": Damage(
        "#. title", '#. title\n"lost"', '"lost"', "", "without msgctxt, msgid or msgstr"
    ),
    "an entry without a translation": Damage('msgstr "Один"', "", 'msgctxt "title"', "title", "it has no msgstr"),
    "an entry without an original": Damage('msgid "One"', "", 'msgctxt "title"', "title", NO_PLACE),
    "an entry without a place": Damage('msgctxt "title"', "", 'msgid "One"', "", NO_PLACE),
    "plural forms": Damage(
        'msgid "One"', 'msgid "One"\nmsgid_plural "1"', "msgid_plural", "title", "no “msgid_plural”"
    ),
    "a domain": Damage('msgid "One"', 'domain "x"\nmsgid "One"', "domain", "title", "no “domain”"),
    "another place": Damage('"body.c"', '"body.d"', '"body.d"', "body.d", "no text in this place"),
    "another original": Damage('"Three"', '"Four"', 'msgctxt "body.c"', "body.c", CHANGED),
    "an entry of no page": Damage(LAST, NEW + LAST, 'msgctxt "body.new', "body.new", "no text in this place"),
    "an entry twice": Damage(LAST, AGAIN + LAST, AGAIN[1:], "title", "stands in line 18 already"),
    "no identity": Damage("-TranslationID: ", "-ID: ", "msgid", "", "no “X-WagtailLocalize-TranslationID”"),
    "no fingerprint": Damage("X-Source-Fingerprint", "X-Print", "msgid", "", "no “X-Source-Fingerprint”"),
    "no language": Damage("Language: ru", "Language: ", "msgid", "", "no “Language”"),
    "another language": Damage("Language: ru", "Language: kk", "msgid", "", "en → kk. They must be en → ru"),
    "a similar language": Damage("Language: en", "Language: eno", "msgid", "", "eno → ru. They must be en → ru"),
    "another encoding": Damage("charset=UTF-8", "charset=KOI8-R", "msgid", "", "encoding is KOI8-R"),
    "a second header": Damage(LAST, '\nmsgid ""\nmsgstr "A: b"\n' + LAST, 'msgid ""\nmsgstr "A', "", "a second header"),
    "a control character": Damage("Один", "Од\x07ин", "Од", "", CONTROL),
    "a character of no value": Damage("Один", "Од\0ин", "Од", "", "control character (U+0000)"),
    "an escaped control character": Damage("Один", "Од\\aин", 'msgctxt "title"', "title", CONTROL),
}
BOLD = '<bpt id="1" ctype="bold">&lt;b&gt;</bpt>'
UNIT = '<trans-unit id="new" resname="body.new"><source>New</source></trans-unit>\n</body>'
DEEP = "<mrk>" * 60 + "Два" + "</mrk>" * 60
ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]>\n<xliff '
A, C = 'resname="body.a"', 'resname="body.c"'
NO_12, NO_CODE = "not an XLIFF file of version 1.2", "holds no code here"
IN_XLIFF = {
    "an element without an end": Damage(
        "</source>", "", "</trans-unit>", "", "damaged or was cut off here (mismatched"
    ),
    "no well-formed text": Damage("Один", "Один & два", "Один", "", "not well-formed"),
    "an entity that does not exist": Damage("Один", "Один&nbsp;", "Один", "", "undefined entity"),
    "a reference to a control character": Damage("Один", "Один&#7;", "Один", "", "invalid character number"),
    "a control character": Damage("Один", "Од\x07ин", "Од", "", CONTROL),
    "a document type": Damage("<xliff ", "<!DOCTYPE xliff>\n<xliff ", "<!DOCTYPE", "", "document type or entities"),
    "an entity": Damage("<xliff ", ENTITY, "<!DOCTYPE", "", "document type or entities"),
    "another version": Damage('version="1.2"', 'version="2.0"', "<xliff", "", NO_12),
    "another namespace": Damage("document:1.2", "document:1.1", "<xliff", "", NO_12),
    "another encoding": Damage("UTF-8", "ISO-8859-1", "<?xml", "", "encoding is ISO-8859-1"),
    "two files": Damage("</header>", "</header></file>\n<file>", "<xliff", "", "this one has 2"),
    "no name": Damage("original=", "origin=", "<file", "", "<file> has no attribute “original”"),
    "no kind": Damage("datatype=", "type=", "<file", "", "<file> has no attribute “datatype”"),
    "no source language": Damage("source-language=", "lang=", "<file", "", "no attribute “source-language”"),
    "no target language": Damage("target-language=", "lang=", "<file", "", "no attribute “target-language”"),
    "another language": Damage('e="ru"', 'e="kk"', "<file", "", "en → kk. They must be en → ru"),
    "no identity": Damage('"translation"', '"me"', "<header", "", 'no <note from="translation">'),
    "no fingerprint": Damage('"fingerprint"', '"me"', "<header", "", 'no <note from="fingerprint">'),
    "no identifier": Damage("unit id=", "unit name=", "<trans-unit", "title", "<trans-unit> has no attribute “id”"),
    "no original": Damage("<source>Three</source>", "", C, "body.c", "one <source>, and this one has 0"),
    "two translations": Damage(
        '<target state="new" />', "<target/>" * 2, C, "body.c", "one <target>, and this one has 2"
    ),
    "another original": Damage(">Three<", ">Four<", C, "body.c", CHANGED),
    "another code in the original": Damage("&lt;b&gt;", "&lt;i&gt;", A, "body.a", CHANGED),
    "a unit of no page": Damage("</body>", UNIT, 'id="new"', "body.new", "no text with the identifier new"),
    "an element of another kind": Damage("Два", '\n<g id="1">Два</g>', "<g ", "body.a", f"<g> {NO_CODE}"),
    "a code that is empty": Damage("Два", 'Два\n<ph id="1"/>', "<ph", "body.a", f"<ph> {NO_CODE}"),
    "a code without a number": Damage("Два", "\n<ph>&lt;br&gt;</ph>", "<ph", "body.a", "<ph> has no attribute “id”"),
    "no character": Damage("Два", '\n<x id="1" ctype="x-char-yes"/>', "<x ", "body.a", f"<x> {NO_CODE}"),
    "a character beyond all": Damage("Два", '\n<x id="1" ctype="x-char-110000"/>', "<x ", "body.a", f"<x> {NO_CODE}"),
    "a placeholder": Damage("Два", 'Два\n<x id="1" ctype="lb"/>', "<x ", "body.a", f"<x> {NO_CODE}"),
    "half a pair of codes": Damage("Два", f"Два {BOLD}б", A, "body.a", "The tag <b> has no partner"),
    "a control character as a code": Damage("Два", '<x id="9" ctype="x-char-0007"/>', A, "body.a", CONTROL),
    "elements in elements": Damage("Два", DEEP, "<mrk>", "", "nested too deeply"),
}
HTML = {
    "Два <b>б": "The tag <b> has no partner",
    "Два б</b>": "The tag </b> has no partner",
    "<b>Два <i>б</b></i>": "The tag <b> has no partner",
    "<p>Два</p>": "<p> tag is not allowed",
    "<script>alert(1)</script>": "<script> tag is not allowed",
    '<b class="x">Два</b>': "cannot have any HTML tags with attributes",
    '<a href="https://e.org">Два</a>': "cannot have any HTML tags with attributes",
    '<a id="a2">Два</a>': "Unrecognised id found in an <a> tag: a2",
    "2 < 3": "“<” that belongs to no tag",
    "Два <!-- б -->": "“<” that belongs to no tag",
    "Два <b": "“<” that belongs to no tag",
}


@pytest.fixture
def translation() -> Translation:
    return page_of(*TEXTS)


def kept() -> list[Any]:
    return list(StringTranslation.objects.order_by("pk").values())


def problems(data: bytes, translation: Translation, kind: str) -> tuple[Problem, ...]:
    """Those for which a file is refused."""
    before = kept()
    with pytest.raises(ExchangeError) as error:
        FORMATS[kind].read(data, translation)
    assert kept() == before
    return error.value.problems


def line_of(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


@pytest.mark.parametrize(
    ("kind", "damage"),
    [*(("po", damage) for damage in IN_PO.values()), *(("xliff", damage) for damage in IN_XLIFF.values())],
    ids=[f"{kind}: {name}" for kind, cases in (("po", IN_PO), ("xliff", IN_XLIFF)) for name in cases],
)
def test_one_damage_is_one_problem(translation: Translation, kind: str, damage: Damage) -> None:
    text = FORMATS[kind].write(translation).decode()
    assert damage.old in text
    found = text.replace(damage.old, damage.new, 1)
    (problem,) = problems(found.encode(), translation, kind)
    assert damage.words in problem.sentence
    assert (problem.line, problem.place) == (line_of(found, damage.marker), damage.place)


def test_an_xliff_file_without_header_or_file(translation: Translation) -> None:
    text = FORMATS["xliff"].write(translation).decode()
    for old, new, element, count in (("header>", "head>", "<file", 2), ("file", "fill", "<xliff", 1)):
        found = problems(text.replace(old, new).encode(), translation, "xliff")
        assert [problem.line for problem in found] == [line_of(text, element)] * count


@pytest.mark.parametrize("depth", [21, 5000])
def test_tags_in_tags(translation: Translation, depth: int) -> None:
    """What puts the page together would call itself for each."""
    target = "<b>" * depth + "x" + "</b>" * depth
    text = FORMATS["po"].write(translation).decode().replace("Два", target)
    (problem,) = problems(text.encode(), translation, "po")
    assert "Tags are nested too deeply" in problem.sentence


@pytest.mark.parametrize(("target", "words"), HTML.items())
def test_html_that_a_page_does_not_take_in_po(translation: Translation, target: str, words: str) -> None:
    text = FORMATS["po"].write(translation).decode()
    quoted = target.replace('"', '\\"')
    (problem,) = problems(text.replace('"Два"', f'"{quoted}"').encode(), translation, "po")
    assert words in problem.sentence
    assert (problem.line, problem.place) == (line_of(text, 'msgctxt "body.a"'), "body.a")


@pytest.mark.parametrize("target", ['&lt;a id="a2"&gt;', "&lt;p&gt;", '&lt;b id="x"&gt;'])
def test_html_that_a_page_does_not_take_in_xliff(translation: Translation, target: str) -> None:
    name = target[4]
    code = f'<bpt id="1">{target}</bpt>Два<ept id="1">&lt;/{name}&gt;</ept>'
    text = FORMATS["xliff"].write(translation).decode().replace("Два", code)
    (problem,) = problems(text.encode(), translation, "xliff")
    assert (problem.line, problem.place) == (line_of(text, 'resname="body.a"'), "body.a")


def test_words_in_xliff_are_no_html(translation: Translation) -> None:
    text = FORMATS["xliff"].write(translation).decode().replace("Два", "2 &lt; 3 &gt; R&amp;D &amp; b&lt;")
    assert FORMATS["xliff"].read(text.encode(), translation)[1].target == "2 &lt; 3 &gt; R&amp;D &amp; b&lt;"


def test_tags_that_a_program_writes_as_words_are_tags(translation: Translation) -> None:
    """As Weblate does, which shows the codes of the original so."""
    text = FORMATS["xliff"].write(translation).decode()
    words = "&lt;b&gt;Д&lt;/b&gt;&amp;nbsp;&lt;a id=&quot;a1&quot;&gt;R&amp;D&lt;/a&gt; &amp;amp;"
    units = FORMATS["xliff"].read(text.replace("Два", words).encode(), translation)
    assert units[1].target == '<b>Д</b>&nbsp;<a id="a1">R&amp;D</a> &amp;'
    (problem,) = problems(text.replace("Два", "&lt;p&gt;Два&lt;/p&gt;").encode(), translation, "xliff")
    assert "<p> tag is not allowed" in problem.sentence


@every_kind
def test_a_text_that_is_unsound_already_does_not_stand_in_the_way(translation: Translation, kind: str) -> None:
    StringTranslation.objects.filter(data="Два").update(data="<p>Два", has_error=True)
    units = FORMATS[kind].read(FORMATS[kind].write(translation), translation)
    assert [unit.target for unit in units] == ["Один", "<p>Два", ""]


def of_other_page(data: bytes, kind: str) -> bytes:
    other = with_texts(translation_of(make_news(title="Other")), TEXTS)
    return FORMATS[kind].write(other)


def of_other_language(data: bytes, kind: str) -> bytes:
    source = Translation.objects.get().source
    return FORMATS[kind].write(Translation.objects.create(source=source, target_locale=locale("kk")))


def to_nothing(data: bytes, kind: str) -> bytes:
    identity = str(Translation.objects.get().uuid).encode()
    return data.replace(identity, b"none")


def of_nothing(data: bytes, kind: str) -> bytes:
    identity = str(Translation.objects.get().uuid).encode()
    return data.replace(identity, identity[::-1])


@every_kind
@pytest.mark.parametrize(
    ("other", "name"),
    [
        (of_other_page, "Other (ru)"),
        (of_other_language, "Handbook published (kk)"),
        (to_nothing, "none"),
        (of_nothing, "-"),
    ],
)
def test_a_file_of_another_translation(
    translation: Translation, kind: str, other: Callable[[bytes, str], bytes], name: str
) -> None:
    data = other(FORMATS[kind].write(translation), kind)
    (problem,) = problems(data, translation, kind)
    assert "belongs to another translation: " in problem.sentence
    assert name in problem.sentence
    assert problem.line == line_of(data.decode(), "<file" if kind == "xliff" else "msgid")


BINARY = {
    "empty": (b"", "The file is empty", None),
    "blank": (b"\n \t\n", "The file is empty", None),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8 text", 1),
    "UTF-16": ('\ufeff<?xml version="1.0"?>'.encode("utf-16-le"), "not UTF-8 text", 1),
    "plain text": (b"Dear colleagues\nhere it is", "", 1),
    "a page of the web": (b"<!DOCTYPE html><p>Not found</p>", "", 1),
    "another kind of XML": (b"<?xml version='1.0'?>\n<tmx version='1.4'/>", "", 1),
    "an archive": (b"PK\x03\x04\x14\0\0\0\x08\0", "control character (U+0003)", 1),
    "a header only": (b'msgid ""\nmsgstr ""\n', "", 1),
    "a declaration only": (b"<?xml version='1.0'?>", "", 1),
}


@every_kind
@pytest.mark.parametrize(("data", "words", "line"), BINARY.values(), ids=BINARY)
def test_what_is_no_such_file(translation: Translation, kind: str, data: bytes, words: str, line: int | None) -> None:
    (problem, *_more) = problems(data, translation, kind)
    assert words in problem.sentence
    assert problem.line is None if line is None else problem.line in {1, 2}


@every_kind
def test_a_byte_order_mark_says_nothing(translation: Translation, kind: str) -> None:
    data = FORMATS[kind].write(translation)
    assert FORMATS[kind].read(b"\xef\xbb\xbf" + data, translation) == FORMATS[kind].read(data, translation)


@every_kind
def test_ends_of_lines_are_those_of_any_system(translation: Translation, kind: str) -> None:
    data = FORMATS[kind].write(translation)
    assert FORMATS[kind].read(data.replace(b"\n", b"\r\n"), translation) == FORMATS[kind].read(data, translation)


@every_kind
def test_a_file_in_another_encoding_names_the_line(translation: Translation, kind: str) -> None:
    text = FORMATS[kind].write(translation).decode()
    (problem,) = problems(text.encode("cp1251"), translation, kind)
    assert problem.line == line_of(text, "Один")


@every_kind
def test_a_file_that_was_cut_off(translation: Translation, kind: str) -> None:
    """Wherever that was, so that what is left is never taken for all there was."""
    data = FORMATS[kind].write(translation)
    for length in range(len(data.rstrip())):
        before = kept()
        with pytest.raises(ExchangeError):
            FORMATS[kind].read(data[:length], translation)
        assert kept() == before


def test_a_po_file_without_its_header_in_its_place(translation: Translation) -> None:
    text = FORMATS["po"].write(translation).decode()
    start = text.index("#. title")
    for found in (text[start:], text[start:] + "\n" + text[:start]):
        (problem,) = problems(found.encode(), translation, "po")
        assert "does not begin with the header" in problem.sentence
        assert problem.line == 1


def test_a_po_file_that_was_cut_off_between_two_entries(translation: Translation) -> None:
    text = FORMATS["po"].write(translation).decode()
    (problem,) = problems(text[: text.index("#. body.c")].encode(), translation, "po")
    assert "1 text of the page is missing from the file, in body.c" in problem.sentence
    assert problem.line == line_of(text, 'msgctxt "body.a"')
    (problem,) = problems(text[: text.index("#. title")].encode(), translation, "po")
    assert "3 texts of the page are missing from the file, the first in title" in problem.sentence


@every_kind
def test_an_outdated_file_that_is_not_whole_is_refused_all_the_same(translation: Translation, kind: str) -> None:
    data = FORMATS[kind].write(translation)
    with_texts(translation, [*TEXTS[:2], ("body.c", "Three and four", "")])
    assert len(FORMATS[kind].read(data, translation, accept_outdated=True)) == 3
    for old, new in ((b"One", b"Won"), (b"Three", b"Thee")):
        with pytest.raises(ExchangeError, match=r"original text was changed|were changed"):
            FORMATS[kind].read(data.replace(old, new), translation, accept_outdated=True)
    end = data.index(b"#. body.c") if kind == "po" else None
    if end:
        with pytest.raises(ExchangeError, match="Texts are missing from the file"):
            FORMATS[kind].read(data[:end], translation, accept_outdated=True)


@every_kind
def test_a_file_that_is_too_large(translation: Translation, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FORMATS[kind].write(translation)
    monkeypatch.setattr(texts, "MAX_BYTES", len(data))
    assert FORMATS[kind].read(data, translation)
    (problem,) = problems(data + b"\n", translation, kind)
    assert "The file is larger than" in problem.sentence


def test_an_xliff_unit_that_is_there_twice(translation: Translation) -> None:
    text = FORMATS["xliff"].write(translation).decode()
    unit = text[text.index("<trans-unit") : text.index("</trans-unit>") + 13]
    found = text.replace("</body>", f"{unit}\n</body>")
    (problem,) = problems(found.encode(), translation, "xliff")
    assert problem.sentence.startswith(f"This text stands in line {line_of(found, '<trans-unit')} already")
    assert problem.line == found[: found.rindex("<trans-unit")].count("\n") + 1


def test_all_problems_are_named_at_once(translation: Translation) -> None:
    text = FORMATS["po"].write(translation).decode()
    found = text.replace('"Один"', '"<b>Один"').replace('"Два"', '"<p>Два"').replace('"Three"', '"Free"')
    assert [problem.place for problem in problems(found.encode(), translation, "po")] == ["body.c", "title", "body.a"]
    assert len(problems(text.encode() + b"x\n" * 1000, translation, "po")) == MOST_PROBLEMS == 100


def test_the_name_of_a_file_is_not_that_file(translation: Translation, tmp_path: Path) -> None:
    """Which polib would open."""
    file = tmp_path / "msgid"
    file.write_bytes(FORMATS["po"].write(translation))
    (problem,) = problems(str(file).encode(), translation, "po")
    assert "not a PO file" in problem.sentence


def test_a_file_that_an_entity_names_is_not_read(translation: Translation, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    text = FORMATS["xliff"].write(translation).decode()
    found = text.replace("<xliff ", f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]><xliff ')
    found = found.replace("Один", "&a;")
    (problem,) = problems(found.encode(), translation, "xliff")
    assert "document type or entities" in problem.sentence


@every_kind
def test_a_file_says_what_it_is_of(translation: Translation, kind: str) -> None:
    data = FORMATS[kind].write(translation)
    assert translation_of_file(data, kind) == translation
    for damaged in (to_nothing(data, kind), of_nothing(data, kind)):
        with pytest.raises(ExchangeError, match="does not exist here") as error:
            translation_of_file(damaged, kind)
        assert error.value.problems[0].line
    with pytest.raises(ExchangeError):
        translation_of_file(b"nothing", kind)


def test_the_name_of_a_file_tells_its_kind() -> None:
    names = ["ru/a.po", "a.PO", "a.xlf", "a.xliff", "a.po.txt", "po", "a"]
    assert [kind_of(name) for name in names] == ["po", "po", "xliff", "xliff", None, None, None]


def test_a_problem_quotes_no_more_than_fits(translation: Translation) -> None:
    text = FORMATS["po"].write(translation).decode()
    found = text.replace('"body.a"', f'"{"a" * 9999}"').replace('"Один"', f'"<{"b" * 9999}>"')
    unknown, *_others = problems(found.encode(), translation, "po")
    assert (unknown.place, len(unknown.place)) == ("a" * 199 + "…", 200)
    (problem,) = problems(text.replace('"Один"', f'"<{"b" * 9999}>"').encode(), translation, "po")
    assert len(problem.sentence) == 500


def test_a_problem_says_where_it_is() -> None:
    found = [Problem("Bad.", 3, "title"), Problem("Bad.", 3), Problem("Bad.", place="a.po"), Problem("Bad.")]
    assert list(map(str, found)) == ["Line 3, title: Bad.", "Line 3: Bad.", "a.po: Bad.", "Bad."]
    assert str(ExchangeError(found[2:])) == "a.po: Bad.\nBad."
