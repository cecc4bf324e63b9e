"""What the environment says: read with its type, and refused with a sentence that names the variable."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from environs import EnvError

from cms.settings import env
from cms.settings.env import BASE_DIR, Environment, read

if TYPE_CHECKING:
    from pathlib import Path

NAMES = set(re.findall(r'"([A-Z_]{4,})"', (BASE_DIR / "cms/settings/env.py").read_text())) - {"EMAIL_BACKEND"}


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without any variable of the project, and no `.env` file of the checkout.

    Reading a file adds to the environment of the process; what it added is taken out again.
    """
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def said(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, secret_required: bool = False) -> Environment:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return read(secret_required=secret_required)


def test_without_a_word_the_site_runs_for_a_developer(tmp_path: Path) -> None:
    found = read(secret_required=False)
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.allowed_hosts == ["*"]
    assert found.database["ENGINE"] == "django.db.backends.sqlite3"
    assert found.database["NAME"] == str(tmp_path / "db.sqlite3")
    assert found.cache["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
    assert found.email["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert (found.search_url, found.site_name, found.secure_cookies) == ("", "Shared Practice", False)
    assert found.media_root == tmp_path / "media"
    assert found.csrf_trusted_origins == []


# A variable, a value that cannot be understood, and a part of the sentence beside the name of the variable.
WRONG = [
    ("DATABASE_URL", "", "Not a valid database URL"),
    ("DATABASE_URL", "nonsense", "Not a valid database URL"),
    ("DATABASE_URL", "mongodb://localhost/practice", "Not a valid database URL"),
    ("DATABASE_URL", "postgres://user:word@host:port/name", "Not a valid database URL"),
    ("CACHE_URL", "", "Unknown backend"),
    ("CACHE_URL", "nonsense", "Unknown backend"),
    ("CACHE_URL", "paper://", "Unknown backend"),
    ("EMAIL_URL", "nonsense", "smtp://"),
    ("EMAIL_URL", "pigeon://coop", "smtp://"),
    ("EMAIL_URL", "smtp://host:port", "Not a valid email URL"),
    ("PORT", "", "Not a valid integer"),
    ("PORT", "eighty", "Not a valid integer"),
    ("SECURE_COOKIES", "", "Not a valid boolean"),
    ("SECURE_COOKIES", "perhaps", "Not a valid boolean"),
    ("PUBLIC_URL", "", "https://"),
    ("PUBLIC_URL", "practice.example.org", "https://"),
    ("PUBLIC_URL", "ftp://practice.example.org", "https://"),
    ("PUBLIC_URL", "https:///en/", "https://"),
    ("SEARCH_URL", "localhost:9200", "https://"),
    ("MEDIA_ROOT", "", "Give a value"),
    ("SECRET_KEY", "", "Give a value"),
    ("SECRET_KEY", "   ", "Give a value"),
    ("MFA_REQUIRED_ROLES", "king", "There is no role king. The roles are administrator, publisher"),
    ("MFA_REQUIRED_ROLES", "administrator,Editor", "There is no role Editor."),
    ("INVITATION_DAYS", "0", "from 1"),
    ("INVITATION_DAYS", "seven", "Not a valid integer"),
    ("SESSION_HOURS", "-1", "from 1"),
    ("SESSION_IDLE_MINUTES", "", "Not a valid integer"),
    ("MACHINE_TRANSLATION", "babelfish", "There is no service babelfish. Leave it empty, or choose of libretranslate"),
    ("MACHINE_TRANSLATION_URL", "translate.example.org", "https://"),
    ("MACHINE_TRANSLATION_TIMEOUT", "0", "from 1"),
    ("FRONTEND_CACHE_URL", "cache:6081", "https://"),
    ("FRONTEND_CACHE_URL", "http://cache:6081,other", "https://"),
    ("FRONTEND_CACHE_URL", "http://cache:6081/path", "alone"),
    ("FRONTEND_CACHE_URL", "http://name:word@cache:6081", "alone"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_a_value_that_cannot_be_understood_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(EnvError, match=name) as refused:
        said(monkeypatch, {name: value})
    assert sentence in str(refused.value)


@pytest.mark.parametrize(("given", "missing"), [({}, "SECRET_KEY"), ({"SECRET_KEY": "x" * 50}, "ALLOWED_HOSTS")])
def test_production_does_not_start_on_development_values(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(EnvError, match=f'"{missing}" not set'):
        said(monkeypatch, given, secret_required=True)


UNDERSTOOD: list[tuple[dict[str, str], str, Any]] = [
    ({"PORT": "8001"}, "public_url", "http://127.0.0.1:8001"),
    ({"PORT": "8001", "PUBLIC_URL": "https://p.example.org"}, "public_url", "https://p.example.org"),
    ({"PUBLIC_URL": "https://p.example.org/base//"}, "public_url", "https://p.example.org/base"),
    ({"PUBLIC_URL": "https://p.example.org"}, "secure_cookies", True),
    ({"PUBLIC_URL": "https://p.example.org", "SECURE_COOKIES": "no"}, "secure_cookies", False),
    ({"SECURE_COOKIES": "True"}, "secure_cookies", True),
    ({"ALLOWED_HOSTS": "a.example.org,b.example.org"}, "allowed_hosts", ["a.example.org", "b.example.org"]),
    ({"CSRF_TRUSTED_ORIGINS": "https://a.example.org"}, "csrf_trusted_origins", ["https://a.example.org"]),
    ({"SEARCH_URL": "http://search:9200"}, "search_url", "http://search:9200"),
    ({"SITE_NAME": "Ортақ тәжірибе"}, "site_name", "Ортақ тәжірибе"),
    ({"DEFAULT_FROM_EMAIL": "Hub <hub@example.org>"}, "default_from_email", "Hub <hub@example.org>"),
    ({"SECRET_KEY": "a=b#c d"}, "secret_key", "a=b#c d"),
    ({}, "mfa_required_roles", []),
    ({"MFA_REQUIRED_ROLES": "administrator,focal-point"}, "mfa_required_roles", ["administrator", "focal-point"]),
    ({"SESSION_HOURS": "8"}, "session_hours", 8),
    ({}, "machine_translation", ""),
    ({"MACHINE_TRANSLATION": "deepl"}, "machine_translation", "deepl"),
    ({"MACHINE_TRANSLATION_URL": "https://t.example.org/"}, "machine_translation_url", "https://t.example.org"),
    ({}, "frontend_caches", []),
    ({"FRONTEND_CACHE_URL": ""}, "frontend_caches", []),
    ({"FRONTEND_CACHE_URL": "http://a:6081,https://b"}, "frontend_caches", ["http://a:6081", "https://b"]),
    ({"MACHINE_TRANSLATION_KEY": "a:fx"}, "machine_translation_key", "a:fx"),
]


@pytest.mark.parametrize(("given", "name", "value"), UNDERSTOOD, ids=str)
def test_what_is_said_is_read_with_its_type(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], name: str, value: Any
) -> None:
    assert getattr(said(monkeypatch, given), name) == value


@pytest.mark.parametrize(("said_so", "found"), [({}, ["administrator"]), ({"MFA_REQUIRED_ROLES": ""}, [])])
def test_in_production_administrators_need_a_second_factor_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, said_so: dict[str, str], found: list[str]
) -> None:
    given = {"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "a.example.org"} | said_so
    assert said(monkeypatch, given, secret_required=True).mfa_required_roles == found


def test_addresses_of_servers_are_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = {
        "DATABASE_URL": "postgres://practice:p%40ss%2Fword@db.example.org:5433/practice",
        "CACHE_URL": "redis://cache:6379/1",
        "EMAIL_URL": "smtp://mailer:secret@mail.example.org:587/?tls=True",
    }
    found = said(monkeypatch, addresses)
    assert found.database["ENGINE"] == "django.db.backends.postgresql"
    assert (found.database["USER"], found.database["PASSWORD"]) == ("practice", "p@ss/word")
    assert (found.database["HOST"], found.database["PORT"], found.database["NAME"]) == (
        "db.example.org",
        5433,
        "practice",
    )
    assert found.database["CONN_MAX_AGE"] == 60
    assert "redis" in found.cache["BACKEND"].lower()
    assert found.email["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found.email["EMAIL_HOST"], found.email["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (found.email["EMAIL_HOST_USER"], found.email["EMAIL_USE_TLS"]) == ("mailer", True)


def test_a_file_stands_in_for_the_environment_and_gives_way_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SITE_NAME=From the file\nPORT=8005\n# PORT=9999\n", encoding="utf-8")
    found = said(monkeypatch, {"PORT": "8006"})
    assert (found.site_name, found.public_url) == ("From the file", "http://127.0.0.1:8006")


def test_a_wrong_value_in_the_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SECURE_COOKIES=perhaps\n", encoding="utf-8")
    with pytest.raises(EnvError, match="SECURE_COOKIES"):
        read(secret_required=False)


def test_a_refused_variable_stops_the_start_before_anything_is_done(tmp_path: Path) -> None:
    database = tmp_path / "new.sqlite3"
    variables = {"DATABASE_URL": f"sqlite:///{database}", "PUBLIC_URL": "practice.example.org"}
    started = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=BASE_DIR,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    last = started.stderr.strip().splitlines()[-1]
    assert 'Environment variable "PUBLIC_URL" invalid' in last
    assert "Write an address with its scheme, such as https://practice.example.org." in last
    assert not database.exists()
