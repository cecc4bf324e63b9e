"""Translations go out as files and come back: who may, what changes, and what is said of files that are no good."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation

from cms.translation.models import ChangedSegment
from cms.translation.services import request_translations
from tests.factories.pages import make_practice
from tests.factories.site import published
from tests.factories.translations import fill, translated
from tests.factories.vocabularies import make_country
from tests.workflows.people import hire, person

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

KINDS = ("po", "xliff")


@pytest.fixture
def practice(site: Site) -> Any:
    hire()
    return make_practice(title="One window", summary="A counter for everything.", country=make_country("KZ"))


def translation_into(code: str) -> Translation:
    return Translation.objects.get(target_locale__language_code=code)


def download(client: Client, translation: Translation, kind: str) -> Any:
    name = "wagtail_localize:download_pofile" if kind == "po" else "translation_page_xliff"
    return client.get(reverse(name, args=(translation.pk,)))


def upload(client: Client, translation: Translation, data: bytes, name: str) -> Any:
    address = reverse("wagtail_localize:upload_pofile", args=(translation.pk,))
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


def texts() -> dict[str, str]:
    return dict(StringTranslation.objects.order_by("pk").values_list("context__path", "data"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_goes_out_and_comes_back(client: Client, practice: Any, kind: str) -> None:
    translated(practice)
    client.force_login(person("reviewer-ru"))
    answer = download(client, translation_into("ru"), kind)
    ending = {"po": ".po", "xliff": ".xlf"}[kind]
    assert answer["Content-Disposition"].startswith(f'attachment; filename="ru-{practice.slug}-')
    assert answer["Content-Disposition"].endswith(f'{ending}"')
    changed = answer.content.replace(b"ru One window", "Одно окно".encode())
    back = upload(client, translation_into("ru"), changed, f"back{ending}")
    assert back.status_code == 302
    assert texts()["title"] == "Одно окно"
    assert StringTranslation.objects.get(context__path="title").last_translated_by == person("reviewer-ru")
    assert texts()["summary"] == "ru A counter for everything."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "may"), [("editor", True), ("reviewer-ru", True), ("other-focal", False), ("nobody", False)]
)
def test_who_may_take_a_page_out_and_bring_it_back(
    client: Client, practice: Any, kind: str, name: str, *, may: bool
) -> None:
    translated(practice)
    client.force_login(person("administrator"))
    data = download(client, translation_into("ru"), kind).content.replace(b"ru One window", b"Taken over")
    client.force_login(person(name))
    assert (download(client, translation_into("ru"), kind).status_code == 200) == may
    upload(client, translation_into("ru"), data, f"a.{kind}" if kind == "po" else "a.xlf")
    assert (texts()["title"] == "Taken over") == may


def test_the_other_language_is_closed(client: Client, practice: Any) -> None:
    translated(practice, "kk")
    client.force_login(person("reviewer-ru"))
    for kind in KINDS:
        assert download(client, translation_into("kk"), kind).status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.po", b'msgid "x"\nmsgstr "y"\n', "a.po"),
        ("a.po", b"\xff\xfe\x00", "UTF-8"),
        ("a.xlf", b"<xliff", "a.xlf"),
        ("a.docx", b"x", "Send a .po, .xlf or .xliff file."),
        ("a.zip", b"x", "Send a .po, .xlf or .xliff file."),
    ],
)
def test_a_file_that_is_no_good_changes_nothing_and_says_why(
    client: Client, practice: Any, name: str, data: bytes, said: str
) -> None:
    translated(practice)
    before = texts()
    client.force_login(person("editor"))
    answer = upload(client, translation_into("ru"), data, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Nothing was changed." in answer.content.decode()
    assert texts() == before


def test_without_a_file_that_is_said(client: Client, practice: Any) -> None:
    translated(practice)
    client.force_login(person("editor"))
    answer = client.post(reverse("wagtail_localize:upload_pofile", args=(translation_into("ru").pk,)))
    assert answer.status_code == 422
    assert "No file was sent." in answer.content.decode()


def test_the_line_is_named(client: Client, practice: Any) -> None:
    translated(practice)
    client.force_login(person("editor"))
    data = download(client, translation_into("ru"), "po").content.replace(b'msgid "One window"', b'msgid "Two windows"')
    line = data[: data.index(b'msgid "Two windows"')].count(b"\n") + 1
    answer = upload(client, translation_into("ru"), data, "a.po").content.decode()
    assert any(f"Line {number}, a.po" in answer for number in range(line - 2, line + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_outdated_is_marked_and_settled_when_it_comes_back_as_done(
    client: Client, practice: Any, kind: str
) -> None:
    translated(practice)
    practice.summary = "A desk for everything."
    published(practice)
    client.force_login(person("editor"))
    data = download(client, translation_into("ru"), kind).content.decode()
    mark = {"po": "#, fuzzy", "xliff": "needs-review-translation"}[kind]
    assert data.count(mark) == 1
    assert "A counter for everything." in data, "the sentence for which the translation was made"
    ending = {"po": "po", "xliff": "xlf"}[kind]
    upload(client, translation_into("ru"), data.encode(), f"a.{ending}")
    assert ChangedSegment.objects.get().resolved_at is None, "it came back as it went out"
    done = data.replace("ru A counter for everything.", "Стол на все случаи.")
    done = (
        done.replace("#, fuzzy\n", "")
        if kind == "po"
        else done.replace(mark, "translated").replace('approved="no"', "")
    )
    upload(client, translation_into("ru"), done.encode(), f"a.{ending}")
    assert texts()["summary"] == "Стол на все случаи."
    assert ChangedSegment.objects.get().resolved_at is not None


@pytest.fixture
def asked(practice: Any) -> Any:
    request = request_translations(person("editor"), [practice, make_practice(title="Two windows")], ["ru", "kk"])
    for translation in Translation.objects.all():
        fill(translation)
    return request


def names(answer: Any) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_goes_out_in_one_archive_and_comes_back(client: Client, asked: Any, kind: str) -> None:
    client.force_login(person("editor"))
    answer = client.get(f"/admin/translations/requests/{asked.pk}/files/{kind}/")
    assert [name.partition("/")[0] for name in names(answer)] == ["ru", "kk", "ru", "kk"]
    archive = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as old, zipfile.ZipFile(archive, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"kk One window", "Бір терезе".encode()))
    sent = SimpleUploadedFile("back.zip", archive.getvalue())
    back = client.post(f"/admin/translations/requests/{asked.pk}/files/", {"file": sent}, follow=True)
    assert "1 translation was changed." in back.content.decode()
    assert StringTranslation.objects.filter(data="Бір терезе", locale__language_code="kk").count() == 1


def test_who_translates_one_language_has_the_files_of_that_one(client: Client, asked: Any) -> None:
    client.force_login(person("reviewer-ru"))
    answer = client.get(f"/admin/translations/requests/{asked.pk}/files/po/")
    assert {name.partition("/")[0] for name in names(answer)} == {"ru"}


def test_an_archive_with_a_file_of_another_language_changes_nothing(client: Client, asked: Any) -> None:
    client.force_login(person("editor"))
    whole = client.get(f"/admin/translations/requests/{asked.pk}/files/po/").content
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b"One window", b"One window").replace(b'msgstr "ru ', b'msgstr "RU ')
            )
    before = texts()
    client.force_login(person("reviewer-ru"))
    sent = SimpleUploadedFile("back.zip", changed.getvalue())
    assert client.post(f"/admin/translations/requests/{asked.pk}/files/", {"file": sent}).status_code == 302
    assert texts() == before


@pytest.mark.parametrize("name", ["other-focal", "publisher", "nobody"])
def test_who_does_not_see_a_request_has_no_files_of_it(client: Client, asked: Any, name: str) -> None:
    client.force_login(person(name))
    assert client.get(f"/admin/translations/requests/{asked.pk}/files/po/").status_code == 302
    sent = SimpleUploadedFile("a.po", b"x")
    assert client.post(f"/admin/translations/requests/{asked.pk}/files/", {"file": sent}).status_code == 302
