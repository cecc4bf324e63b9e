"""Many pages go to translators in one archive; an archive that comes back is unpacked with caution."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail_localize.models import StringTranslation

from cms.translation.exchange import archive as module
from cms.translation.exchange.archive import archive, read_archive
from cms.translation.exchange.formats import FORMATS, kind_of, translation_of_file
from cms.translation.exchange.problems import ExchangeError, Problem
from cms.translation.exchange.texts import MAX_BYTES
from tests.factories.pages import make_news, make_practice
from tests.translation.test_exchange import page_of, translation_of

pytestmark = pytest.mark.one_database

Member = tuple[str | zipfile.ZipInfo, bytes]


def packed(*members: Member, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content, **options)
    return buffer.getvalue()


def problems(data: bytes) -> tuple[Problem, ...]:
    """Those for which an archive is refused."""
    with pytest.raises(ExchangeError) as error:
        read_archive(data)
    return error.value.problems


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("kind", FORMATS)
def test_every_page_and_language_is_a_file(kind: str) -> None:
    pages = make_practice(title="One window", slug="one-window"), make_news(title="Очень / «важно» ", slug="news")
    translations = [translation_of(page, language) for page in pages for language in ("ru", "kk")]
    data = archive(translations, kind)
    ending = FORMATS[kind].endings[0]
    files = read_archive(data)
    assert [name for name, _content in files] == [
        f"{one.target_locale.language_code}/{slug}-{one.pk}{ending}"
        for one, slug in zip(translations, ["one-window", "one-window", "news", "news"], strict=True)
    ]
    assert [translation_of_file(content, kind_of(name) or "") for name, content in files] == translations
    assert [content for _name, content in files] == [FORMATS[kind].write(one) for one in translations]
    assert archive(translations, kind) == data


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_to_be_reviewed_is_asked_of_each_translation(kind: str) -> None:
    translation = page_of(("title", "One", "Один"))
    needs_review = {StringTranslation.objects.get().pk: "Former"}
    ((_name, content),) = read_archive(archive([translation], kind, lambda one: needs_review if one else {}))
    assert content == FORMATS[kind].write(translation, needs_review)
    assert b"Former" in content


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("slug", "name"), [("../../etc", "etc"), ("", "handbook"), ("қазақша", "page"), ("a" * 200, "a" * 80)]
)
def test_names_are_safe(slug: str, name: str) -> None:
    translation = translation_of(make_news(title="Handbook"))
    source = translation.source
    source.object_repr, source.content_json = "" if name == "page" else "Handbook", json.dumps({"slug": slug})
    ((found, _content),) = read_archive(archive([translation], "po"))
    assert found == f"ru/{name}-{translation.pk}.po"


def with_flag(name: str, flag: int) -> bytes:
    """An archive whose one member says of itself that it is encrypted."""
    data = bytearray(packed((name, b"content")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= flag
    return bytes(data)


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


ELSEWHERE = "leads out of the archive"
REFUSED = {
    "above": (packed(("../ru/a.po", b"x")), "../ru/a.po", ELSEWHERE),
    "above, further down": (packed(("ru/../../a.po", b"x")), "ru/../../a.po", ELSEWHERE),
    "from the root": (packed(("/ru/a.po", b"x")), "/ru/a.po", ELSEWHERE),
    "on a drive": (packed(("C:a.po", b"x")), "C:a.po", ELSEWHERE),
    "as Windows writes it": (packed(("..\\a.po", b"x")), "..\\a.po", ELSEWHERE),
    "with a line end": (packed(("a\n.po", b"x")), "a\n.po", ELSEWHERE),
    "with an end that nobody sees": (packed(("a.po_.exe", b"x")).replace(b"a.po_", b"a.po\0"), "a.po\0.exe", ELSEWHERE),
    "with no name that is seen": (packed(("_a.po", b"x")).replace(b"_a.po", b"\0a.po"), "\0a.po", ELSEWHERE),
    "a link": (packed((link("a.po"), b"/etc/passwd")), "a.po", ELSEWHERE),
    "a program": (packed(("ru/a.exe", b"x")), "ru/a.exe", "Files of this kind are not taken in"),
    "an archive": (packed(("ru/a.zip", packed(("a.po", b"x")))), "ru/a.zip", "Files of this kind"),
    "without an ending": (packed(("README", b"x")), "README", "Files of this kind"),
    "encrypted": (with_flag("a.po", 0x1), "a.po", "protected with a password"),
    "unusual": (packed(("a.po", b"x"), compress_type=zipfile.ZIP_LZMA), "a.po", "compressed in an unusual way"),
}


@pytest.mark.parametrize(("data", "place", "words"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_opened(data: bytes, place: str, words: str) -> None:
    (problem,) = problems(data)
    assert problem.place == place
    assert words in problem.sentence


def test_all_files_that_are_not_opened_are_named() -> None:
    data = packed(("a.po", b"1"), ("b.exe", b"2"), ("../c.po", b"3"), ("A.po", b"4"))
    assert [problem.place for problem in problems(data)] == ["b.exe", "../c.po", "A.po"]
    assert "two files of this name" in problems(data)[2].sentence


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive(data: bytes) -> None:
    (problem,) = problems(data)
    assert "not a ZIP archive, or it is damaged" in problem.sentence


def test_an_archive_without_files() -> None:
    for data in (packed(), packed(("ru/", b"")), packed(("__MACOSX/ru/._a.po", b"x"), (".DS_Store", b"x"))):
        (problem,) = problems(data)
        assert "holds no files" in problem.sentence


def test_what_an_operating_system_adds_is_passed_over() -> None:
    data = packed(("ru/", b""), ("ru/a.po", b"x"), ("__MACOSX/ru/._a.po", b"y"), ("ru/.DS_Store", b"z"))
    assert read_archive(data) == [("ru/a.po", b"x")]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(limits: dict[str, int], *members: Member) -> list[str]:
        with monkeypatch.context() as context:
            for name, limit in limits.items():
                context.setattr(module, name, limit)
            return [str(problem) for problem in problems(packed(*members))]

    two = ("a.po", b"x" * 50), ("b.po", b"y" * 50)
    assert len(read_archive(packed(*two))) == 2
    assert words({"MAX_FILES": 1}, *two) == ["The archive holds 2 files, and may hold 1. Send them in parts."]
    assert "b.po: The file is larger than" in words({"MAX_BYTES": 50}, two[0], ("b.po", b"y" * 51))[0]
    assert "The archive is larger than" in words({"MAX_ARCHIVE_BYTES": 100}, *two)[0]
    assert "when unpacked" in words({"MAX_CONTENT_BYTES": 99}, *two)[0]


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_contents", pytest.fail)
    data = packed(*((f"{number}.po", b"0" * MAX_BYTES) for number in range(21)))
    assert len(data) < MAX_BYTES
    (problem,) = problems(data)
    assert "when unpacked" in problem.sentence


def test_a_bomb_that_says_it_is_small() -> None:
    data = bytearray(packed(("a.po", b"0" * 3 * MAX_BYTES)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(signature) + offset
        data[place : place + 4] = (10).to_bytes(4, "little")
    (problem,) = problems(bytes(data))
    assert (problem.place, problem.sentence) == ("a.po", "The file is damaged in the archive. Pack the files again.")


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 30), st.binary(max_size=4)), max_size=3))
def test_an_archive_with_any_damage_is_read_or_refused(damages: list[tuple[int, int, bytes]]) -> None:
    files = [(f"ru/page-{number}.po", f"{number}".encode() * 40) for number in range(3)]
    data = packed(*files)
    for place, length, part in damages:
        data = data[:place] + part + data[place + length :]
    try:
        found = read_archive(data)
    except ExchangeError:
        found = []
    assert {content for _name, content in found} <= {content for _name, content in files}
