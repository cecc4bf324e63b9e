"""Files on their way from somebody's screen to a worker: lost rights, lost workers, several at once, none for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.users.models import UserProfile

from cms.background import services as background
from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from reports.choices import UploadState
from reports.importers import uploads
from reports.importers.forms import MAX_FILES, UploadForm
from reports.importers.uploads import KEPT, forget_old, receive, start_import, work_on
from reports.models import ImportRun, Observation, StatisticsUpload, UploadedFile
from tests.background.conftest import QUEUE
from tests.background.effects import claimed, work
from tests.contracts.test_permission_matrix import enter, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
POPULATION = "Country Name,Country Code,Year,Value\nKazakhstan,KAZ,2018,10\nGeorgia,GEO,2018,3\n"
FIGURES = "indicator,country,period,value,status,note\nNAT.STAFF,KZ,2020,7,,\n"
GONE = "a profile of an earlier version"


@pytest.fixture(scope="module")
def staff(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """A data manager, and the focal point of Kazakhstan."""

    def make() -> None:
        install_roles()
        kazakhstan, _georgia = make_country("KZ"), make_country("GE")
        make_indicator("NAT.STAFF", frequency="A")
        make_indicator("WB.SP.POP.TOTL", frequency="A")
        for role in (Role.DATA_MANAGER, Role.FOCAL_POINT):
            make_member(role, kazakhstan)

    made_once(make)


@pytest.fixture
def queued(settings: Any, staff: None) -> None:
    settings.TASKS = QUEUE


def by(role: str) -> User:
    return User.objects.get(username=role)


def sent(
    content: str = POPULATION, *, role: str = Role.DATA_MANAGER, name: str = "population.csv", **facts: Any
) -> StatisticsUpload:
    file = SimpleUploadedFile(name, content.encode())
    return receive(by(role), [file], **{"profile": "worldbank", "indicator": "", "country": None, **facts})


def figures(**facts: Any) -> StatisticsUpload:
    own = {"role": Role.FOCAL_POINT, "name": "figures.csv", "profile": "template", "country": make_country("KZ")}
    return sent(FIGURES, **(own | facts))


def state(upload: StatisticsUpload) -> str:
    upload.refresh_from_db()
    return upload.state


def shown(client: Client, upload: StatisticsUpload) -> str:
    answer = client.get(reverse("statistics_upload", args=(upload.pk,)))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html5lib").get_text(" ", strip=True)


def fail_for_good() -> None:
    """Let workers fail on what waits until they give up."""
    while DBTaskResult.objects.ready().exists():
        work()
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


@pytest.mark.usefixtures("queued")
class TestWorkers:
    def test_files_on_which_workers_fail_are_refused_and_not_checked_for_ever(self, client: Client) -> None:
        upload = sent(profile=GONE)
        assert (work(), state(upload)) == (1, UploadState.CHECKING), "it is tried again"
        DBTaskResult.objects.update(run_after=timezone.now())
        fail_for_good()
        assert state(upload) == UploadState.REFUSED
        assert not UploadedFile.objects.exists()
        text = shown(enter(client, Role.DATA_MANAGER), upload)
        assert "The site failed on these files" in text
        assert "Nothing was changed." in text
        assert GONE in text, "a form that no longer exists has no name, and its screen opens all the same"

    def test_an_import_on_which_workers_fail_is_refused_and_changes_nothing(self) -> None:
        upload = sent()
        work()
        assert start_import(upload.pk)
        StatisticsUpload.objects.update(profile=GONE)
        fail_for_good()
        assert state(upload) == UploadState.REFUSED
        assert [model.objects.count() for model in (Observation, ImportRun, UploadedFile)] == [0, 0, 0]

    def test_files_whose_workers_are_killed_again_and_again_are_refused(self) -> None:
        upload = sent()
        for _attempt in range(5):
            DBTaskResult.objects.update(run_after=timezone.now())
            claimed()
            background.recover()
        assert state(upload) == UploadState.REFUSED

    def test_a_worker_that_is_killed_once_leaves_the_files_to_the_next(self) -> None:
        upload = sent()
        claimed()
        background.recover()
        assert work() == 1
        assert state(upload) == UploadState.CHECKED

    @pytest.mark.parametrize("after", [UploadState.CHECKED, UploadState.IMPORTED, UploadState.REFUSED])
    def test_what_has_come_to_an_end_meanwhile_is_not_given_up(self, after: UploadState) -> None:
        upload = sent()
        StatisticsUpload.objects.update(state=after, problem="as it was")
        uploads.give_up(upload.pk)
        uploads.give_up(10**9)
        assert (state(upload), upload.problem) == (after, "as it was")
        assert UploadedFile.objects.count() == 1

    def test_what_went_wrong_is_said_in_the_language_of_who_sent_the_files(self) -> None:
        UserProfile.objects.create(user=by(Role.DATA_MANAGER), preferred_language="ru")
        upload = sent("Country Name,Year\nKazakhstan,2018\n")
        work()
        assert state(upload) == UploadState.REFUSED
        assert "строка 1" in upload.problem

    def test_a_screen_says_how_far_the_files_are_and_an_import_waits_for_the_check(self, client: Client) -> None:
        upload = sent()
        assert "Being checked" in shown(enter(client, Role.DATA_MANAGER), upload)
        client.post(reverse("statistics_import", args=(upload.pk,)))
        assert state(upload) == UploadState.CHECKING, "nothing is imported that nobody has checked"
        work()
        client.post(reverse("statistics_import", args=(upload.pk,)))
        assert "Being imported" in shown(client, upload)


@pytest.mark.usefixtures("queued")
class TestSeveralAtOnce:
    def test_of_two_uploads_of_one_file_the_second_changes_nothing(self) -> None:
        one, two = sent(), sent()
        work()
        assert [upload.found[0]["added"] for upload in StatisticsUpload.objects.all()] == [2, 2]
        assert start_import(one.pk)
        assert start_import(two.pk)
        work()
        one.refresh_from_db()
        two.refresh_from_db()
        found = [(each.found[0]["added"], each.found[0]["unchanged"]) for each in (one, two)]
        assert found == [(2, 0), (0, 2)], "the numbers are those of the import, not of the dry run"
        assert Observation.objects.count() == 2

    def test_that_one_is_refused_holds_up_no_other(self) -> None:
        bad, good = sent("Year\n2018\n"), sent()
        work()
        assert [state(bad), state(good)] == [UploadState.REFUSED, UploadState.CHECKED]

    def test_files_of_one_upload_are_imported_together_or_not_at_all(self) -> None:
        files = [SimpleUploadedFile(name, POPULATION.encode()) for name in ("population.csv", "unknown.csv")]
        upload = receive(by(Role.DATA_MANAGER), files, profile="worldbank", indicator="", country=None)
        work()
        assert state(upload) == UploadState.REFUSED
        assert upload.problem.startswith("unknown.csv: ")
        assert upload.found == []


@pytest.mark.usefixtures("queued")
class TestTime:
    def test_files_are_kept_for_a_week_after_something_has_last_happened_to_them(self) -> None:
        old, young = sent(), sent()
        work()
        moment = timezone.now() - KEPT
        StatisticsUpload.objects.filter(pk=old.pk).update(changed_at=moment - timedelta(seconds=1))
        StatisticsUpload.objects.filter(pk=young.pk).update(changed_at=moment + timedelta(minutes=1))
        forget_old()
        assert list(StatisticsUpload.objects.all()) == [young]
        assert UploadedFile.objects.get().upload == young

    def test_an_import_that_somebody_has_just_started_is_not_thrown_away(self) -> None:
        upload = sent()
        work()
        StatisticsUpload.objects.update(changed_at=timezone.now() - KEPT + timedelta(seconds=1))
        assert start_import(upload.pk)
        StatisticsUpload.objects.update(created_at=timezone.now() - 2 * KEPT)
        forget_old()
        work()
        assert state(upload) == UploadState.IMPORTED
        upload.refresh_from_db()
        assert timezone.now() - upload.changed_at < timedelta(minutes=1)

    def test_what_was_thrown_away_is_not_found_and_not_worked_on(self, client: Client) -> None:
        upload = sent()
        StatisticsUpload.objects.all().delete()
        enter(client, Role.DATA_MANAGER)
        for name in ("statistics_upload", "statistics_rejects"):
            assert client.get(reverse(name, args=(upload.pk,))).status_code == 404
        assert client.post(reverse("statistics_import", args=(upload.pk,))).status_code == 404
        assert work() == 1
        assert not DBTaskResult.objects.filter(status="FAILED").exists()

    def test_an_import_is_started_by_a_button_and_by_no_link(self, client: Client) -> None:
        upload = sent()
        work()
        assert enter(client, Role.DATA_MANAGER).get(reverse("statistics_import", args=(upload.pk,))).status_code == 405
        assert state(upload) == UploadState.CHECKED


@pytest.mark.usefixtures("queued")
class TestRights:
    @pytest.mark.parametrize(
        "change",
        [
            lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
            lambda user: user.groups.clear(),
            lambda user: user.delete(),
        ],
        ids=["a closed account", "a lost role", "a deleted account"],
    )
    def test_who_has_lost_them_since_the_check_imports_nothing(self, change: Callable[[User], Any]) -> None:
        upload = figures()
        work()
        assert start_import(upload.pk)
        change(by(Role.FOCAL_POINT))
        work()
        assert state(upload) == UploadState.REFUSED
        assert "may not import them any more" in upload.problem
        assert not Observation.objects.exists()

    def test_a_focal_point_of_another_country_by_now_imports_nothing(self) -> None:
        upload = figures(country=make_country("GE"))
        work()
        assert state(upload) == UploadState.REFUSED

    def test_published_figures_are_none_of_a_focal_point_even_for_the_own_country(self, client: Client) -> None:
        """Somebody who was in charge of data when the files were sent, and is a focal point now."""
        upload = sent(role=Role.FOCAL_POINT, country=make_country("KZ"))
        work()
        assert state(upload) == UploadState.REFUSED
        enter(client, Role.FOCAL_POINT)
        assert is_refused(client.get(reverse("statistics_upload", args=(upload.pk,))))
        assert upload not in client.get(reverse("statistics_uploads")).context["uploads"]

    def test_a_focal_point_does_not_start_what_a_data_manager_has_sent_in_another_form(self, client: Client) -> None:
        upload = sent(country=make_country("KZ"))
        work()
        assert is_refused(enter(client, Role.FOCAL_POINT).post(reverse("statistics_import", args=(upload.pk,))))
        assert state(upload) == UploadState.CHECKED

    def test_one_country_is_chosen_for_files_of_any_form(self) -> None:
        upload = sent(country=make_country("KZ"))
        work()
        upload.refresh_from_db()
        assert (upload.found[0]["added"], upload.found[0]["rejected"]) == (1, 1)


@pytest.mark.usefixtures("staff")
class TestForm:
    def form(self, *names: str, countries: frozenset[int] | None = None, **data: Any) -> UploadForm:
        files: Any = SimpleFiles([SimpleUploadedFile(name, b"content") for name in names])
        return UploadForm({"profile": "worldbank", **data}, files, countries=countries)

    @pytest.mark.parametrize(
        "name",
        ["a.csv", "A.CSV", "a.csv.gz", "a.json", "datapackage.json.gz", "a.xlsx", "a b (1).csv", "население.csv"],
    )
    def test_files_of_these_names_are_received(self, name: str) -> None:
        form = self.form(name)
        assert form.is_valid(), form.errors
        assert [file.name for file in form.cleaned_data["sent"]] == [name]

    @pytest.mark.parametrize("name", ["a.xls", "a.gz", "a.zip", "a.csv.zip", "a", "csv", "a.xlsm"])
    def test_files_of_other_names_are_named(self, name: str) -> None:
        form = self.form("good.csv", name)
        assert not form.is_valid()
        assert "is not taken in" in str(form.errors["sent"])

    def test_many_files_are_received_and_not_more(self) -> None:
        assert self.form(*[f"{number}.csv" for number in range(MAX_FILES)]).is_valid()
        form = self.form(*[f"{number}.csv" for number in range(MAX_FILES + 1)])
        assert f"at most {MAX_FILES} files" in str(form.errors["sent"])

    def test_all_files_together_have_the_size_of_one_document(self, settings: Any) -> None:
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 14
        assert self.form("a.csv", "b.csv").is_valid()
        assert "larger than" in str(self.form("a.csv", "b.csv", "c.csv").errors["sent"])

    def test_a_focal_point_chooses_among_the_own_countries_and_no_indicator(self) -> None:
        kazakhstan, georgia = make_country("KZ"), make_country("GE")
        own = frozenset({kazakhstan.pk})
        form = self.form("a.csv", countries=own, profile="template", country=kazakhstan.pk, indicator="WB.X")
        assert form.is_valid()
        assert "indicator" not in form.cleaned_data
        assert set(self.form("a.csv", countries=own, profile="worldbank").errors) == {"profile", "country"}
        assert set(self.form("a.csv", countries=own, profile="template", country=georgia.pk).errors) == {"country"}

    def test_without_files_there_is_nothing_to_check(self) -> None:
        assert "required" in str(self.form().errors["sent"])


class SimpleFiles(dict[str, Any]):
    """Files of one field, as a request holds them."""

    def __init__(self, files: list[SimpleUploadedFile]) -> None:
        super().__init__(sent=files[-1] if files else None)
        self.files = files

    def getlist(self, _name: str) -> list[SimpleUploadedFile]:
        return self.files


@pytest.mark.usefixtures("queued")
def test_a_long_name_is_cut_and_the_content_is_kept() -> None:
    upload = sent(name="x" * 300 + ".csv")
    kept = UploadedFile.objects.get(upload=upload)
    assert len(kept.name) == 255
    assert bytes(kept.content) == POPULATION.encode()


@pytest.mark.usefixtures("queued")
def test_a_state_is_worked_on_from_itself_alone() -> None:
    upload = sent()
    work_on(upload.pk, UploadState.IMPORTING)
    assert state(upload) == UploadState.CHECKING
    work()
    work_on(upload.pk, UploadState.CHECKING)
    assert (state(upload), ImportRun.objects.count()) == (UploadState.CHECKED, 0)
