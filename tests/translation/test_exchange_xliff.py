"""The XLIFF files of a page keep to the specification, version 1.2, with the strict schema.

The part of it that is written here is checked by a validator of its own: what an element may hold in which order, what
attributes it has and must have, and what values those may take.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml import ElementTree
from wagtail_localize.models import StringTranslation

from cms.translation.exchange.formats import FORMATS
from tests.factories.examples import FULL
from tests.translation.test_exchange import page_of, row, translation_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("site")]

XML = "{http://www.w3.org/XML/1998/namespace}"
NAMESPACE = "{urn:oasis:names:tc:xliff:document:1.2}"
INLINE = "((g|bpt|ept|ph|it|mrk|x|bx|ex) )*"
# What stands in an element, as a pattern of the names of its children; those of `WORDS` hold text, too.
CONTENT = {
    "xliff": "(file )+",
    "file": "(header )?body ",
    "header": "(skl )?(phase-group )?((glossary|reference|count-group|note|tool) )*",
    "note": "",
    "tool": "",
    "body": "((group|trans-unit|bin-unit) )*",
    "trans-unit": "source (seg-source )?(target )?((context-group|count-group|note|alt-trans) )*",
    "alt-trans": "(source )?(seg-source )?target (context-group )*(note )*",
    "source": INLINE,
    "target": INLINE,
    "bpt": "(sub )*",
    "ept": "(sub )*",
    "ph": "(sub )*",
    "it": "(sub )*",
    "x": "",
}
WORDS = {"note", "source", "target", "bpt", "ept", "ph", "it"}
STATES = "final|needs-(review-)?(adaptation|l10n|translation)|new|signed-off|translated"
QUALIFIERS = (
    "(exact|fuzzy|id)-match|leveraged-(glossary|inherited|mt|repository|tm)|mt-suggestion"
    "|rejected-(grammar|inaccurate|length|spelling)|tm-suggestion"
)
OWN = r"x-[^\s]+"
YES_NO = "yes|no"
LANGUAGE = "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"
ANY, SOME = r"[\s\S]*", r"[\s\S]+"
# The attributes of an element with the values that they may have; those with a star must be there.
ATTRIBUTES = {
    "xliff": {"version*": r"1\.2"},
    "file": {
        "original*": ANY,
        "source-language*": LANGUAGE,
        "target-language": LANGUAGE,
        "datatype*": f"html|plaintext|xml|{OWN}",
        "date": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
        "tool-id": ANY,
    },
    "note": {"from": ANY, f"{XML}lang": LANGUAGE, "priority": "[1-9]|10", "annotates": "source|target|general"},
    "tool": {"tool-id*": SOME, "tool-name*": ANY, "tool-version": ANY, "tool-company": ANY},
    "trans-unit": {
        "id*": SOME,
        "resname": ANY,
        "approved": YES_NO,
        "translate": YES_NO,
        f"{XML}space": "default|preserve",
    },
    "alt-trans": {"alttranstype": f"proposal|previous-version|rejected|reference|accepted|{OWN}"},
    "target": {"state": f"{STATES}|{OWN}", "state-qualifier": f"{QUALIFIERS}|{OWN}", f"{XML}lang": LANGUAGE},
    "bpt": {"id*": SOME, "rid": SOME, "ctype": f"bold|italic|underlined|link|{OWN}"},
    "ept": {"id*": SOME, "rid": SOME},
    "it": {"id*": SOME, "pos*": "open|close", "ctype": f"bold|italic|underlined|link|{OWN}"},
    "ph": {"id*": SOME, "ctype": f"image|pb|lb|{OWN}"},
    "x": {"id*": SOME, "ctype": f"image|pb|lb|{OWN}"},
}


def objections(data: bytes) -> list[str]:
    """What the specification has against a file."""
    root = ElementTree.fromstring(data)
    found = [] if root.tag == f"{NAMESPACE}xliff" else [f"the root is {root.tag}"]
    for element in root.iter():
        found += _objections_to_element(element)
    tools = {tool.get("tool-id") for tool in root.iter(f"{NAMESPACE}tool")}
    for file in root.iter(f"{NAMESPACE}file"):
        if file.get("tool-id") not in {None, *tools}:
            found.append("file: no such tool")
        ids = [unit.get("id") for unit in file.iter(f"{NAMESPACE}trans-unit")]
        found += [f"trans-unit: {one} is there twice" for one in set(ids) if ids.count(one) > 1]
    for text in ("source", "target"):
        for element in root.iter(f"{NAMESPACE}{text}"):
            found += _objections_to_codes(element)
    return found


def _objections_to_element(element: Element) -> list[str]:
    name = element.tag.removeprefix(NAMESPACE)
    if name not in CONTENT:
        return [f"{name}: unknown"]
    found = []
    children = "".join(f"{child.tag.removeprefix(NAMESPACE)} " for child in element)
    if not re.fullmatch(CONTENT[name], children):
        found.append(f"{name}: holds {children}")
    if name not in WORDS and "".join([element.text or "", *(child.tail or "" for child in element)]).strip():
        found.append(f"{name}: holds text")
    allowed = ATTRIBUTES.get(name, {})
    for attribute, value in element.attrib.items():
        pattern = allowed.get(attribute) or allowed.get(f"{attribute}*")
        if pattern is None or not re.fullmatch(pattern, value):
            found.append(f"{name}: {attribute}={value!r}")
    required = {attribute[:-1] for attribute in allowed if attribute.endswith("*")}
    return found + [f"{name}: without {attribute}" for attribute in sorted(required - {*element.attrib})]


def _objections_to_codes(element: Element) -> list[str]:
    """Codes that begin end, and no number stands for two codes."""
    begun = [code.get("id") for code in element.iter(f"{NAMESPACE}bpt")]
    ended = [code.get("id") for code in element.iter(f"{NAMESPACE}ept")]
    single = [code.get("id") for name in ("it", "ph", "x") for code in element.iter(f"{NAMESPACE}{name}")]
    found = [] if sorted(map(str, begun)) == sorted(map(str, ended)) else ["codes begin and do not end"]
    numbers = [*begun, *single]
    return found + ([] if len(set(numbers)) == len(numbers) else ["two codes have one number"])


def test_words_are_written_as_readers_see_them() -> None:
    """But what they would be taken for a tag by, or an escape of their own, is a code."""
    translation = page_of(("title", "R&amp;D &lt; 3 &gt; 2", "&lt;b&gt; is bold"), ("summary", "&amp;nbsp;", ""))
    root = ElementTree.fromstring(FORMATS["xliff"].write(translation))
    words, tag, escape = (
        root.find(f".//{NAMESPACE}trans-unit[{place}]/{NAMESPACE}{name}")
        for place, name in ((1, "source"), (1, "target"), (2, "source"))
    )
    assert (words.text, len(words)) == ("R&D < 3 > 2", 0)
    assert [(code.tag.removeprefix(NAMESPACE), code.text, code.tail) for code in [*tag, *escape]] == [
        ("ph", "&lt;", "b"),
        ("ph", "&gt;", " is bold"),
        ("ph", "&amp;", "nbsp;"),
    ]


@pytest.mark.parametrize("page_type", FULL)
def test_a_page_of_every_type_is_valid(page_type: str) -> None:
    data = FORMATS["xliff"].write(translation_of(FULL[page_type]()))
    assert data.count(b"<trans-unit ") > 30
    assert objections(data) == []


@pytest.fixture
def everything() -> bytes:
    """A file with all that such a file may have."""
    bold, link = "<b>bold <i>both</i></b>", '<a id="a1">here</a>'
    translation = page_of(
        ("title", f"{bold}, {link}<br/>&nbsp;R&amp;D\x0b", f"{link} <b>and</b> <i>or</b></i> <br> x < y & z > a"),
        ("machine", "Two", "Два"),
        ("former", "Three", "Три"),
        ("absent", "Four", ""),
    )
    StringTranslation.objects.filter(data="Два").update(translation_type="machine")
    StringTranslation.objects.filter(context__path="title").update(has_error=True)
    return FORMATS["xliff"].write(translation, {row(translation, "former").pk: f"The {bold}"})


def test_everything_is_valid(everything: bytes) -> None:
    assert objections(everything) == []
    used = {element.tag.removeprefix(NAMESPACE) for element in ElementTree.fromstring(everything).iter()}
    assert used == {*CONTENT}


def test_the_same_code_has_the_same_number_in_both_languages(everything: bytes) -> None:
    unit = next(ElementTree.fromstring(everything).iter(f"{NAMESPACE}trans-unit"))
    numbers: dict[str, dict[str, Any]] = {"source": {}, "target": {}}
    for name, found in numbers.items():
        for code in unit.find(f"{NAMESPACE}{name}"):
            found.setdefault(code.text, code.get("id"))
    for code in ("<b>", "</b>", '<a id="a1">', "</a>"):
        assert numbers["source"][code] == numbers["target"][code]
    assert numbers["source"]["<br/>"] != numbers["target"]["<br>"]


DAMAGE = {
    "another order": (
        '<source>Two</source>\n<target state="needs-review-translation" state-qualifier="leveraged-mt">Два</target>',
        "<target>Два</target><source>Two</source>",
        "trans-unit: holds target source",
    ),
    "another version": ('version="1.2"', 'version="1.1"', "xliff: version='1.1'"),
    "no namespace": (' xmlns="urn:oasis:names:tc:xliff:document:1.2"', "", "the root is xliff"),
    "no attribute": (' datatype="html"', "", "file: without datatype"),
    "no language": ('source-language="en"', 'source-language="en_GB"', "file: source-language='en_GB'"),
    "no state": ('state="new"', 'state="empty"', "target: state='empty'"),
    "no tool": ('tool-id="site" tool-name', 'tool-id="other" tool-name', "file: no such tool"),
    "an end without a beginning": ("<ept id=", "<ept id='9' rid=", "codes begin and do not end"),
    "an unknown attribute": ("resname=", "name=", "trans-unit: name='title'"),
    "text between units": ("<body>", "<body>text", "body: holds text"),
    "a header at the end": ("</body>", "</body><header/>", "file: holds header body header"),
}


@pytest.mark.parametrize(("old", "new", "objection"), DAMAGE.values(), ids=DAMAGE)
def test_the_validator_notices(everything: bytes, old: str, new: str, objection: str) -> None:
    damaged = everything.decode().replace(old, new, 1)
    assert damaged != everything.decode()
    assert any(one.startswith(objection) for one in objections(damaged.encode()))


def test_the_validator_notices_a_unit_that_is_there_twice(everything: bytes) -> None:
    unit = re.search(rb"<trans-unit .*?</trans-unit>", everything, re.DOTALL)
    assert unit
    assert "is there twice" in objections(everything.replace(unit[0], unit[0] * 2))[0]
