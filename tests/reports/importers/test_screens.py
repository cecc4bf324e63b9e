"""Sending statistics in the administration: a dry run, its report, the import by a worker; and who may do what."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from reports.choices import Origin, UploadState
from reports.importers import uploads
from reports.models import ImportRun, Observation, StatisticsUpload, UploadedFile
from tests.contracts.test_permission_matrix import NOBODY, enter, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
ROLES = (Role.DATA_MANAGER, Role.FOCAL_POINT, Role.EDITOR, NOBODY)
POPULATION = "Country Name,Country Code,Year,Value\nKazakhstan,KAZ,2018,10\nNowhere,ZZZ,2018,=1\n"
FIGURES = "indicator,country,period,value,status,note\nNAT.STAFF,KZ,2020,7,,\nNAT.STAFF,GE,2020,8,,\n"


@pytest.fixture(scope="module")
def staff(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """A member of staff for each role, the focal point being that of Kazakhstan."""

    def make() -> None:
        install_roles()
        kazakhstan, _georgia = make_country("KZ"), make_country("GE")
        make_indicator("NAT.STAFF", frequency="A")
        for role in ROLES:
            make_member(role, kazakhstan)

    made_once(make)


@pytest.fixture
def send(client: Client, staff: None) -> Callable[..., Any]:
    """Send a file in somebody's role; the answer."""

    def send_file(role: str, profile: str, name: str, content: str | bytes, **facts: Any) -> Any:
        enter(client, role)
        data = content.encode() if isinstance(content, str) else content
        sent = {"profile": profile, "sent": SimpleUploadedFile(name, data)} | facts
        return client.post(reverse("statistics_uploads"), sent)

    return send_file


def page(client: Client, upload: StatisticsUpload) -> BeautifulSoup:
    return BeautifulSoup(client.get(reverse("statistics_upload", args=(upload.pk,))).content, "html5lib")


def start(client: Client, upload: StatisticsUpload) -> Any:
    return client.post(reverse("statistics_import", args=(upload.pk,)))


def errors(answer: Any) -> str:
    assert answer.status_code == 200, "the form is shown again"
    assert not StatisticsUpload.objects.exists()
    return " ".join(str(error) for listed in answer.context["form"].errors.values() for error in listed)


def test_files_are_checked_first_and_then_imported(client: Client, send: Callable[..., Any]) -> None:
    answer = send(Role.DATA_MANAGER, "worldbank", "population.csv", POPULATION)
    upload = StatisticsUpload.objects.get()
    assert answer.url == reverse("statistics_upload", args=(upload.pk,))
    assert upload.state == UploadState.CHECKED
    assert not Observation.objects.exists()
    cells = [cell.text.strip() for cell in page(client, upload).select("table.listing")[0].select("td")]
    assert cells[:6] == ["population.csv", "2", "1", "0", "0", "1"]

    start(client, upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.IMPORTED
    assert not UploadedFile.objects.exists(), "what is imported is not kept a second time"
    run = ImportRun.objects.get()
    assert (run.user.username, run.added, run.file_name) == (str(Role.DATA_MANAGER), 1, "population.csv")  # type: ignore[union-attr]  # it has one
    assert Observation.objects.current().get().value == 10


def test_an_import_happens_once(client: Client, send: Callable[..., Any]) -> None:
    send(Role.DATA_MANAGER, "worldbank", "population.csv", POPULATION)
    upload = StatisticsUpload.objects.get()
    start(client, upload)
    start(client, upload)
    uploads.work_on(upload.pk, UploadState.IMPORTING)
    assert ImportRun.objects.count() == 1


def test_the_rejects_can_be_downloaded(client: Client, send: Callable[..., Any]) -> None:
    send(Role.DATA_MANAGER, "worldbank", "population.csv", POPULATION.replace("ZZZ", "=ZZZ"))
    answer = client.get(reverse("statistics_rejects", args=(StatisticsUpload.objects.get().pk,)))
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["File"], row["Line"], row["Column"], row["Value"]) == ("population.csv", "3", "Country Code", "'=ZZZ")


def test_a_refused_file_says_why_and_cannot_be_imported(client: Client, send: Callable[..., Any]) -> None:
    send(Role.DATA_MANAGER, "worldbank", "population.csv", "<b>Country</b>,Year\nKAZ,2018\n")
    upload = StatisticsUpload.objects.get()
    assert upload.state == UploadState.REFUSED
    shown = page(client, upload)
    assert "population.csv, line 1, column “Country Name”: This column is missing." in shown.text
    assert not shown.select(f"form[action='{reverse('statistics_import', args=(upload.pk,))}']")
    start(client, upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("figures.exe", b"MZ", "is not taken in"),
        ("figures.csv.exe", b"MZ", "is not taken in"),
        ("figures.csv", b"", "empty"),
    ],
)
def test_what_is_no_file_of_statistics_is_not_received(
    send: Callable[..., Any], name: str, content: bytes, sentence: str
) -> None:
    assert sentence in errors(send(Role.DATA_MANAGER, "worldbank", name, content))


def test_files_that_are_too_large_are_not_received(send: Callable[..., Any], settings: Any) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 100
    assert "larger than 100" in errors(send(Role.DATA_MANAGER, "worldbank", "population.csv", POPULATION * 2))


def test_a_focal_point_sends_national_figures_of_the_own_country_alone(
    client: Client, send: Callable[..., Any]
) -> None:
    kazakhstan, georgia = make_country("KZ"), make_country("GE")
    assert errors(send(Role.FOCAL_POINT, "worldbank", "population.csv", POPULATION, country=kazakhstan.pk))
    assert errors(send(Role.FOCAL_POINT, "template", "figures.csv", FIGURES, country=georgia.pk))
    assert errors(send(Role.FOCAL_POINT, "template", "figures.csv", FIGURES))
    send(Role.FOCAL_POINT, "template", "figures.csv", FIGURES, country=kazakhstan.pk)
    start(client, StatisticsUpload.objects.get())
    figure = Observation.objects.get()
    assert (figure.country.code, figure.origin) == ("KZ", Origin.NATIONAL)
    assert figure.value == 7


@pytest.mark.parametrize("role", ROLES)
def test_uploads_are_seen_and_started_by_those_who_may(client: Client, staff: None, role: str) -> None:
    """Those of the own country by its focal point, all by those who manage data, none by others."""
    own = StatisticsUpload.objects.create(profile="template", country=make_country("KZ"), state=UploadState.CHECKED)
    other = StatisticsUpload.objects.create(profile="template", country=make_country("GE"), state=UploadState.CHECKED)
    every = StatisticsUpload.objects.create(profile="worldbank", state=UploadState.CHECKED)
    enter(client, role)
    visible: dict[str, set[StatisticsUpload]] = {Role.DATA_MANAGER: {own, other, every}, Role.FOCAL_POINT: {own}}
    may = visible.get(role, set())
    for upload in (own, other, every):
        for name in ("statistics_upload", "statistics_rejects"):
            assert is_refused(client.get(reverse(name, args=(upload.pk,)))) == (upload not in may)
        assert is_refused(start(client, upload)) == (upload not in may)
        upload.refresh_from_db()
        assert (upload.state == UploadState.CHECKED) == (upload not in may)
    listed = client.get(reverse("statistics_uploads"))
    assert (set(listed.context["uploads"]) if may else is_refused(listed)) == (may or True)


def test_who_has_lost_the_right_meanwhile_imports_nothing(client: Client, send: Callable[..., Any]) -> None:
    send(Role.DATA_MANAGER, "worldbank", "population.csv", POPULATION)
    upload = StatisticsUpload.objects.get()
    upload.state = UploadState.IMPORTING
    upload.save()
    User.objects.get(username=Role.DATA_MANAGER).groups.clear()
    uploads.work_on(upload.pk, UploadState.IMPORTING)
    upload.refresh_from_db()
    assert (upload.state, upload.problem) == (
        UploadState.REFUSED,
        "Who has sent the files may not import them any more.",
    )
    assert not Observation.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_empty_form_can_be_filled_in_and_sent(client: Client, send: Callable[..., Any], kind: str) -> None:
    enter(client, Role.FOCAL_POINT)
    answer = client.get(reverse("statistics_template"), {"country": "KZ", "kind": kind})
    assert f"national-figures-KZ.{kind}" in answer["Content-Disposition"]
    if kind == "csv":
        filled = answer.content + b"NAT.STAFF,KZ,2020,7,,\r\n"
    else:
        book = load_workbook(io.BytesIO(answer.content))
        assert any("NAT.STAFF" in row for row in book.worksheets[1].iter_rows(values_only=True))
        book.worksheets[0].append(["NAT.STAFF", "KZ", 2020, 7])
        target = io.BytesIO()
        book.save(target)
        filled = target.getvalue()
    send(Role.FOCAL_POINT, "template", f"figures.{kind}", filled, country=make_country("KZ").pk)
    upload = StatisticsUpload.objects.get()
    assert (upload.problem, upload.rejects) == ("", [(f"figures.{kind}", [])])
    start(client, upload)
    assert Observation.objects.get().value == 7


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [
        (Role.FOCAL_POINT, {"country": "GE", "kind": "csv"}, 302),
        (Role.DATA_MANAGER, {"country": "GE", "kind": "csv"}, 200),
        (Role.DATA_MANAGER, {"country": "XX", "kind": "csv"}, 404),
        (Role.DATA_MANAGER, {"country": "GE", "kind": "exe"}, 404),
        (Role.DATA_MANAGER, {"country": "\x00", "kind": "csv"}, 404),
        (Role.EDITOR, {"country": "KZ", "kind": "csv"}, 302),
    ],
)
def test_the_empty_form_is_for_those_who_may_send_it(
    client: Client, staff: None, role: str, query: dict[str, str], status: int
) -> None:
    enter(client, role)
    assert client.get(reverse("statistics_template"), query).status_code == status


def test_what_was_sent_long_ago_is_thrown_away(client: Client, send: Callable[..., Any]) -> None:
    send(Role.DATA_MANAGER, "worldbank", "population.csv", POPULATION)
    uploads.forget_old()
    assert StatisticsUpload.objects.count() == 1
    StatisticsUpload.objects.update(changed_at="2020-01-01T00:00:00Z")
    uploads.forget_old()
    assert (StatisticsUpload.objects.count(), UploadedFile.objects.count()) == (0, 0)
