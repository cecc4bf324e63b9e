"""Commands of the vocabularies with wrong arguments, without official lists and with damaged ones."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pycountry
import pytest
import yaml
from django.core.management import CommandError, call_command

from taxonomy import services
from taxonomy.choices import Scheme
from taxonomy.models import Concept, Country
from tests.taxonomy.test_services import official_lists

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """One country, no themes and no functions of government: what is tested are the official lists."""
    read = services._read
    short: dict[str, Any] = {"themes.toml": {"themes": []}, "cofog.toml": {"functions": []}}
    monkeypatch.setattr("taxonomy.services.pycountry.countries", list(pycountry.countries)[:1])
    monkeypatch.setattr(services, "_read", lambda name: short[name] if name in short else read(name))


def run(**options: Any) -> str:
    output = StringIO()
    call_command("load_vocabularies", stdout=output, **options)
    return output.getvalue()


def test_without_official_lists_goals_are_loaded_and_that_is_said(tmp_path: Path) -> None:
    told = run(data=tmp_path)
    assert f"No official SDG lists in {tmp_path}: goals were loaded, targets were not." in told
    assert Concept.objects.filter(scheme=Scheme.SDG).count() == 17
    assert "goals were loaded" in run(data=tmp_path / "nowhere")
    assert "goals were loaded" not in run(data=official_lists(tmp_path))
    assert Concept.objects.filter(scheme=Scheme.SDG).count() == 20


@pytest.mark.parametrize("text", ["1-1-title: [unclosed", "\x00", "1-1-title: 5\n1-x: {"])
def test_damaged_lists_add_nothing_at_all(tmp_path: Path, text: str) -> None:
    folder = official_lists(tmp_path, en=text)
    with pytest.raises(yaml.YAMLError):
        run(data=folder)
    assert not Country.objects.exists()
    assert not Concept.objects.exists()


def test_a_list_that_lacks_a_language_adds_nothing_at_all(tmp_path: Path) -> None:
    folder = official_lists(tmp_path)
    (folder / "sdg/kk/global_targets.yml").unlink()
    with pytest.raises(FileNotFoundError, match="kk"):
        run(data=folder)
    assert not Country.objects.exists()


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("load_vocabularies", ["--unknown"]),
        ("load_vocabularies", ["folder"]),
        ("load_vocabularies", ["--data"]),
        ("demo", ["now"]),
        ("demo", ["--remove"]),
        ("load", ["many"]),
        ("load", ["1.5"]),
        ("load", ["1", "2"]),
        ("load", ["--remote"]),
    ],
)
def test_wrong_arguments_stop_a_command_before_it_begins(command: str, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"unrecognized arguments|expected one argument|invalid int value"):
        call_command(command, *arguments)
    assert not Country.objects.exists()
