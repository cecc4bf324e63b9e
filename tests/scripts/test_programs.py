"""Starting, testing, auditing, measuring: what each program refuses, leaves out and passes on."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polib
import pytest

from cms.users.models import User
from home.models import HomePage
from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client
    from pytest_django import Settings
    from wagtail.models import Site


@pytest.fixture
def run(program: Callable[[str], Any], tmp_path: Path) -> Any:
    module = program("scripts/run.py")
    module.PASSWORD_FILE = tmp_path / "var" / "password"
    return module


def test_a_port_that_is_taken_is_refused_with_what_to_do(run: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit, match=rf"Port {port} is taken .* make run PORT=8001"):
            run.refuse_taken(port)


@pytest.mark.parametrize("port", ["", "http", "-1", "65536", "9" * 30, "80.5", "0x50", "8000;ls"])
def test_what_is_no_port_is_refused_with_what_to_do(run: Any, port: str) -> None:
    with pytest.raises(SystemExit, match="is no port"):
        run.refuse_taken(port)


def test_a_free_port_is_left_free(run: Any, program: Callable[[str], Any]) -> None:
    port = program("scripts/postgres.py").free_port()
    run.refuse_taken(str(port))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))


def test_the_development_password_is_drawn_once_and_kept_to_oneself(run: Any, db: None, settings: Settings) -> None:
    settings.DEBUG = True
    password = run.development_password()
    assert run.development_password() == password == run.PASSWORD_FILE.read_text()
    assert len(password) >= 16
    assert stat.S_IMODE(run.PASSWORD_FILE.stat().st_mode) == 0o600
    assert User.objects.get(username="admin").is_superuser


def test_a_password_of_somebody_s_own_is_neither_told_nor_changed(run: Any, db: None, settings: Settings) -> None:
    settings.DEBUG = True
    User.objects.create_superuser("admin", "own@example.org", "a-password-of-my-own")
    assert run.development_password() is None
    assert User.objects.get(username="admin").check_password("a-password-of-my-own")


def test_no_account_is_made_where_debug_is_off(run: Any, db: None, settings: Settings) -> None:
    settings.DEBUG = False
    assert run.development_password() is None
    assert not User.objects.exists()
    assert not run.PASSWORD_FILE.exists()


def test_content_is_loaded_into_an_empty_site_only(
    run: Any, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[str] = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_options: called.append(name))
    run.prepare("8000")
    always = ["migrate", "load_vocabularies", "install_roles", "install_workflow"]
    assert called == always
    HomePage.objects.all().delete()
    run.prepare("8000")
    assert called[len(always) :] == [*always, "demo"]
    assert "Loading the demonstration content" in capsys.readouterr().out


def test_addresses_follow_the_port_of_this_start(run: Any, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.management.call_command", lambda *_args, **_options: None)
    type(site).objects.update(hostname="127.0.0.1", port=8000)
    run.prepare("8123")
    site.refresh_from_db()
    assert site.port == 8123
    type(site).objects.update(hostname="practice.example.org", port=443)
    run.prepare("8123")
    site.refresh_from_db()
    assert site.port == 443, "a site with a name of its own is left alone"


@pytest.mark.parametrize(
    ("password", "words"), [("drawn", "admin@example.org, password drawn"), (None, "with your own account")]
)
def test_the_start_says_where_to_look_and_how_to_sign_in(
    run: Any, capsys: pytest.CaptureFixture[str], password: str | None, words: str
) -> None:
    run.announce("8001", password)
    told = capsys.readouterr().out
    assert words in told
    for path in ("/", "/admin/", "/api/v2/pages/"):
        assert f"http://127.0.0.1:8001{path}\n" in told


@pytest.fixture
def postgres(program: Callable[[str], Any]) -> Any:
    return program("scripts/postgres.py")


@pytest.mark.parametrize(
    ("on_path", "versions", "found"),
    [("/opt/pg/bin/initdb", "", "/opt/pg/bin"), (None, "9 15 13", "15/bin"), (None, "", "None")],
)
def test_the_newest_server_is_found_wherever_it_is(
    monkeypatch: pytest.MonkeyPatch, installed: Any, on_path: str | None, versions: str, found: str
) -> None:
    postgres = installed(versions.split())
    monkeypatch.setattr(postgres.shutil, "which", lambda _name: on_path)
    assert str(postgres.programs()).endswith(found)


@pytest.fixture
def installed(postgres: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Servers of some versions, where Debian puts them."""

    def install(versions: list[str]) -> Any:
        for version in versions:
            (tmp_path / version / "bin").mkdir(parents=True)
            (tmp_path / version / "bin" / "initdb").touch()
        real = postgres.Path
        monkeypatch.setattr(postgres, "Path", lambda path: tmp_path if path == "/usr/lib/postgresql" else real(path))
        return postgres

    return install


def test_without_a_server_the_sentence_says_what_to_install(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: None)
    with pytest.raises(RuntimeError, match="apt install postgresql"), postgres.temporary_server():
        pass


def test_a_server_that_does_not_start_leaves_no_folder_behind(
    postgres: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cluster = tmp_path / "cluster"

    def make(prefix: str) -> str:
        cluster.mkdir()
        return str(cluster)

    monkeypatch.setattr(postgres.tempfile, "mkdtemp", make)
    monkeypatch.setattr(postgres, "programs", lambda: tmp_path / "no-programs-here")
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 1000)
    with pytest.raises(FileNotFoundError), postgres.temporary_server():
        pass
    assert not cluster.exists()


@pytest.fixture
def suites(program: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program with no browser, no server and nothing to compile; what it would have started is in `parts`."""
    module = program("scripts/suites.py")
    module.parts, module.exit_codes = [], {}
    monkeypatch.setattr(module.catalogues, "compile_changed", list)
    monkeypatch.setattr(module.postgres, "programs", lambda: None)
    monkeypatch.setattr(module.shutil, "which", lambda _name: None)
    monkeypatch.setattr(module.signal, "signal", lambda *_call: signal.SIG_DFL)
    for name in ("TEST_POSTGRES_URL", "NOTHING_LEFT_OUT", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.delenv(name, raising=False)

    def pytest_of(name: str, *arguments: str, **variables: str) -> int:
        module.parts.append((name, arguments, variables))
        return int(module.exit_codes.get(name, 0))

    def migrate_all(urls: list[str]) -> None:
        module.migrated = urls

    monkeypatch.setattr(module, "pytest", pytest_of)
    monkeypatch.setattr(module, "migrate", migrate_all)
    return module


def test_what_is_left_out_is_said_and_the_rest_is_run(suites: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert suites.main() == 0
    told = capsys.readouterr().out
    assert "Left out: the browser tests: Chromium is not installed" in told
    assert "Left out: PostgreSQL" in told
    ((name, arguments, _variables),) = suites.parts
    assert name == "SQLite"
    assert "not postgres and not browser" in arguments


def test_where_nothing_may_be_left_out_a_missing_piece_is_an_error(
    suites: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTHING_LEFT_OUT", "1")
    assert suites.main() == 1
    assert suites.parts == []


@pytest.mark.parametrize(("failing", "code"), [("SQLite", 1), ("PostgreSQL", 2), ("", 0)])
def test_every_part_is_run_and_a_failure_of_any_is_one_of_the_whole(
    suites: Any, monkeypatch: pytest.MonkeyPatch, failing: str, code: int
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_URL", "postgres://somewhere/else")
    monkeypatch.setattr(suites.shutil, "which", lambda name: f"/usr/bin/{name}")
    suites.exit_codes = {failing: code}
    assert suites.main() == code
    assert [name for name, _arguments, _variables in suites.parts] == ["SQLite", "PostgreSQL"]
    (_sqlite, (_name, arguments, variables)) = suites.parts
    assert variables == {"DATABASE_URL": "postgres://somewhere/else", "TEST_TEMPLATE": ""}
    assert "not browser and not one_database" in arguments
    assert [url.partition(":")[0] for url in suites.migrated] == ["sqlite"]


def test_databases_of_its_own_are_migrated_once_and_copied(suites: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = contextlib.nullcontext("postgres://owner@127.0.0.1:1/postgres")
    monkeypatch.setattr(suites.postgres, "programs", lambda: Path("/usr/lib"))
    monkeypatch.setattr(suites.postgres, "temporary_server", lambda: server)
    monkeypatch.setattr(suites, "create", lambda url, name: f"{url.rpartition('/')[0]}/{name}")
    assert suites.main() == 0
    sqlite, on_server = suites.migrated
    assert on_server == "postgres://owner@127.0.0.1:1/migrated"
    templates = [variables["TEST_TEMPLATE"] for _name, _arguments, variables in suites.parts]
    assert templates == [sqlite.removeprefix("sqlite:///"), "migrated"]
    assert "--reuse-db" in suites.parts[0][1]


def test_what_one_process_has_compiled_is_kept_for_the_others(suites: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert suites.main() == 0
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ


@pytest.fixture
def audit(program: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    module = program("scripts/audit.py")
    module.answer = SimpleNamespace(stdout="", stderr="")
    monkeypatch.setattr(module.subprocess, "run", lambda *_args, **_options: module.answer)
    return module


def test_the_audit_fails_on_a_known_vulnerability_and_names_the_way_out(
    audit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    flaws = [{"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]}, {"id": "PYSEC-2", "fix_versions": []}]
    packages = [{"name": "left", "version": "1.0", "vulns": flaws}, {"name": "right", "skip_reason": "local"}]
    audit.answer.stdout = json.dumps({"dependencies": packages})
    assert audit.main() == 1
    told = capsys.readouterr().out
    assert "left 1.0: PYSEC-1, fixed in 1.1, 2.0" in told
    assert "left 1.0: PYSEC-2, fixed in no version yet" in told
    assert "2 packages, 2 known vulnerabilities" in told


@pytest.mark.parametrize(
    ("stdout", "stderr", "words"),
    [
        (json.dumps({"dependencies": [{"name": "left", "version": "1", "vulns": []}]}), "", "0 known"),
        ("", "Traceback\nConnectionError: no route", "ConnectionError: no route"),
        ("<html>", "", "no answer"),
    ],
)
def test_the_audit_says_when_nobody_answered(
    audit: Any, capsys: pytest.CaptureFixture[str], stdout: str, stderr: str, words: str
) -> None:
    audit.answer = SimpleNamespace(stdout=stdout, stderr=stderr)
    assert audit.main() == 0
    assert words in capsys.readouterr().out


@pytest.fixture
def catalogues(program: Callable[[str], Any], tmp_path: Path) -> Any:
    module = program("scripts/catalogues.py")
    module.ROOT = tmp_path
    folder = tmp_path / "locale/kk/LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "django.po").write_text(f'{header}msgid "Search"\nmsgstr "Іздеу"\n', encoding="utf-8")
    return module


def test_only_what_changed_is_compiled(catalogues: Any) -> None:
    folder = catalogues.ROOT / "locale/kk/LC_MESSAGES"
    source, compiled = folder / "django.po", folder / "django.mo"
    assert catalogues.compile_changed() == ["kk"]
    assert [entry.msgstr for entry in polib.mofile(str(compiled))] == ["Іздеу"]
    assert catalogues.compile_changed() == []
    os.utime(source, (2_000_000_000, 2_000_000_000))
    assert catalogues.compile_changed() == ["kk"]


def test_messages_are_taken_from_the_product_alone(catalogues: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(catalogues.subprocess, "run", lambda command, **_options: started.append(command))
    catalogues.extract(catalogues.ROOT, ("kk", "ru"))
    ((_python, *command),) = started
    assert command[:4] == ["manage.py", "makemessages", "--locale=kk", "--locale=ru"]
    assert {"--ignore=.venv/*", "--ignore=tests/*", "--ignore=scripts/*"} <= set(command)


@pytest.fixture
def pages(program: Callable[[str], Any]) -> Any:
    return program("benchmarks/pages.py")


@pytest.mark.parametrize(
    ("given", "understood"),
    [([], (40, 30, None)), (["--requests", "3", "--seconds", "0.5", "--explain", "50"], (3, 0.5, 50))],
)
def test_a_measurement_is_told_how_long_it_may_take(
    pages: Any, monkeypatch: pytest.MonkeyPatch, given: list[str], understood: tuple[Any, ...]
) -> None:
    monkeypatch.setattr(pages.sys, "argv", ["pages.py", *given])
    options = pages.arguments()
    assert (options.requests, options.seconds, options.explain) == understood


@pytest.mark.parametrize("given", [["--requests", "many"], ["--seconds", ""], ["--explain"], ["--unknown"], ["5"]])
def test_a_measurement_with_wrong_arguments_stops_with_its_usage(
    pages: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    monkeypatch.setattr(pages.sys, "argv", ["pages.py", *given])
    with pytest.raises(SystemExit) as stopped:
        pages.arguments()
    assert stopped.value.code == 2
    assert "usage: pages.py" in capsys.readouterr().err


def test_a_measurement_counts_queries_and_times_of_every_request(pages: Any, client: Client, site: Site) -> None:
    practice = make_practice(slug="one-window")
    options = SimpleNamespace(requests=3, seconds=30, explain=0.0)
    found = pages.measure(client, "Practice", [practice.url], options)
    assert len(found.times) == len(found.own_times) == 3
    assert found.queries > 0
    assert found.size > 1000
    assert len(found.slow) <= found.queries
    cells = [cell.strip() for cell in found.row.strip("|").split("|")]
    assert cells[:2] == ["Practice", str(found.queries)]
    assert len(cells) == 6


def test_a_measurement_ends_when_its_time_is_over_but_not_before_two_requests(
    pages: Any, client: Client, site: Site
) -> None:
    options = SimpleNamespace(requests=50, seconds=-1, explain=None)
    assert len(pages.measure(client, "Home", ["/en/"], options).times) == 2


def test_what_does_not_answer_is_not_measured(pages: Any, client: Client, site: Site) -> None:
    options = SimpleNamespace(requests=2, seconds=1, explain=None)
    with pytest.raises(SystemExit, match="/en/nowhere/ answers 404"):
        pages.measure(client, "Nowhere", ["/en/nowhere/"], options)


def test_every_type_of_page_has_addresses_to_measure(pages: Any, client: Client, site: Site) -> None:
    make_practice(slug="one-window")
    kinds = pages.kinds()
    assert kinds["PracticePage"] == ["/en/practices/one-window/"]
    assert set(kinds["PracticeIndexPage"]) == {"/en/practices/", "/ru/practices/", "/kk/practices/"}
    for name in ("Search", "Feed", "Calendar", "API, 20 practices", "Practices, two facets", "Site map, practices"):
        assert [client.get(address).status_code for address in kinds[name]] == [200] * len(kinds[name]), name


def test_a_slow_query_is_shown_with_its_plan(pages: Any, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    pages.explain({"time": "0.5", "sql": "SELECT COUNT(*) FROM wagtailcore_page WHERE title LIKE '%x%'"})
    first, *plan = capsys.readouterr().out.strip().splitlines()
    assert first.startswith("500 ms: SELECT COUNT(*)")
    assert any("wagtailcore_page" in line for line in plan)


class Screen:
    """A browser that takes no pictures but remembers of what."""

    def __init__(self) -> None:
        self.visited: list[str] = []
        self.chromium = self.request = self
        self.filled: dict[str, str] = {}

    def launch(self, **_options: Any) -> Screen:
        return self

    def new_page(self, **_options: Any) -> Screen:
        return self

    def goto(self, address: str, **_options: Any) -> None:
        self.visited.append(address)

    def fill(self, field: str, text: str) -> None:
        self.filled[field] = text

    def click(self, _button: str) -> None:
        self.filled["sent"] = "yes"

    @contextlib.contextmanager
    def expect_navigation(self) -> Iterator[None]:
        yield

    def get(self, address: str) -> Screen:
        self.visited.append(address)
        return self

    def json(self) -> dict[str, Any]:
        return {"items": [{"id": 41}]}

    def locator(self, _selector: str) -> Screen:
        return self

    @property
    def first(self) -> Screen:
        return self

    def get_attribute(self, _name: str) -> str:
        return "/admin/pages/41/edit/"

    def screenshot(self) -> bytes:
        return self.picture

    def close(self) -> None:
        self.is_closed = True

    picture = b""


def test_pictures_of_the_documentation_are_small_and_come_from_the_site_that_was_named(
    program: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from io import BytesIO

    from PIL import Image

    monkeypatch.setenv("PORT", "8123")
    module = program("scripts/screenshots.py")
    buffer, screen = BytesIO(), Screen()
    Image.new("RGB", (1280, 800), "teal").save(buffer, "PNG")
    screen.picture = buffer.getvalue()

    @contextlib.contextmanager
    def playwright() -> Iterator[Screen]:
        yield screen

    monkeypatch.setattr(module, "sync_playwright", playwright)
    module.IMAGES = tmp_path / "images"
    module.PASSWORD = tmp_path / "password"
    module.PASSWORD.write_text("a-password-for-tests-only\n")
    module.main()
    assert {address.split("/")[2] for address in screen.visited} == {"127.0.0.1:8123"}
    assert screen.is_closed
    assert screen.filled["input[name=password]"] == "a-password-for-tests-only"
    assert "http://127.0.0.1:8123/admin/pages/41/edit/" in screen.visited
    for name in (*module.PICTURES, *module.STAFF_PICTURES):
        with Image.open(module.IMAGES / f"{name}.webp") as picture:
            assert picture.size == (960, 600)
    shutil.rmtree(module.IMAGES)
