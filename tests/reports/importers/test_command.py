"""`manage.py import_statistics`: what it says, with what it ends, and what it writes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from reports.management.commands.import_statistics import Command
from reports.models import Observation
from tests.factories.statistics import make_indicator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]
HEADER = "Country Name,Country Code,Year,Value"


def run(*arguments: Any, **options: Any) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    output = io.StringIO()
    try:
        call_command("import_statistics", *map(str, arguments), stdout=output, stderr=io.StringIO(), **options)
    except SystemExit as end:
        return output.getvalue(), int(str(end.code))
    return output.getvalue(), 0


def test_the_summary_counts_everything(write: Write) -> None:
    path = write("population.csv", HEADER, "Kazakhstan,KAZ,2018,10", "World,WLD,2018,99")
    output, code = run("worldbank", path)
    assert code == 0
    assert "population.csv: 2 rows" in output
    assert "new 1, changed 0, unchanged 0" in output
    assert "left out  Aggregates of several countries: 1" in output
    assert "rejected  0" in output


def test_rejects_are_shown_and_written_and_tell_in_the_exit_code(write: Write, tmp_path: Path) -> None:
    path = write("population.csv", HEADER, "Kazakhstan,KAZ,2018,10", "Georgia,GEO,2018,=cmd()")
    output, code = run("worldbank", path, rejects=tmp_path / "rejects.csv")
    assert code == 3
    assert "line 3, column 'Value', value '=cmd()': The cell holds a formula" in output
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["File"], row["Line"], row["Column"]) == ("population.csv", "3", "Value")
    assert row["Value"] == "'=cmd()", "a spreadsheet that opens the list must compute nothing"
    assert Observation.objects.count() == 1


def test_a_dry_run_says_that_it_was_one(write: Write) -> None:
    output, code = run("worldbank", write("population.csv", HEADER, "Kazakhstan,KAZ,2018,10"), dry_run=True)
    assert (code, "new 1" in output, "nothing was changed" in output) == (0, True, True)
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("lines", "options", "sentence"),
    [
        ([HEADER.replace("Year", "Jahr")], {}, "population.csv, line 1, column “Year”: This column is missing."),
        ([HEADER, "Kazakhstan,KAZ,2018,10"], {"indicator": "WB.NONE"}, "There is no indicator WB.NONE."),
        ([HEADER, "Kazakhstan,KAZ,2018,10"], {"country": "XX"}, "There is no country XX."),
    ],
)
def test_a_refusal_names_the_place_and_ends_with_one(
    write: Write, lines: list[str], options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        run("worldbank", write("population.csv", *lines), **options)
    assert sentence in str(refusal.value)
    assert refusal.value.returncode == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no file .*gone\.csv"):
        run("worldbank", tmp_path / "gone.csv")


def test_the_indicator_of_a_file_without_one_is_named(write: Write) -> None:
    path = write("literacy.csv", HEADER, "Kazakhstan,KAZ,2018,10")
    with pytest.raises(CommandError, match="does not say of which indicator"):
        run("worldbank", path)
    make_indicator("WB.LITERACY", frequency="A")
    run("worldbank", path, indicator="WB.LITERACY")
    assert Observation.objects.get().indicator.code == "WB.LITERACY"


def test_rows_of_other_countries_are_refused_where_one_is_named(write: Write) -> None:
    make_indicator("NAT.STAFF", frequency="A")
    lines = ["indicator,country,period,value,status,note", "NAT.STAFF,KZ,2020,1,,", "NAT.STAFF,GE,2020,2,,"]
    output, code = run("template", write("figures.csv", *lines), country="kz")
    assert (code, "new 1" in output) == (3, True)
    assert Observation.objects.get().country.code == "KZ"


@pytest.mark.parametrize("path", ["no/such/folder/rejects.csv", "."])
def test_a_list_of_rejects_that_cannot_be_written_is_named_before_anything_is_imported(
    write: Write, tmp_path: Path, path: str
) -> None:
    with pytest.raises(CommandError, match=r"cannot be written.*Nothing was imported") as refusal:
        run("worldbank", write("gdp.csv", HEADER, "Kazakhstan,KAZ,2018,10"), rejects=tmp_path / path)
    assert refusal.value.returncode == 1
    assert not Observation.objects.exists()


def test_the_list_of_rejects_is_that_of_the_last_import(write: Write, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    run("worldbank", write("gdp.csv", HEADER, "Nowhere,ZZZ,2018,10", "Nowhere,ZZY,2018,10"), rejects=rejects)
    assert rejects.read_text().count("gdp.csv") == 2
    with pytest.raises(CommandError):
        run("worldbank", write("gdp.csv", "Country"), rejects=rejects)
    assert rejects.read_text().count("gdp.csv") == 2, "of files that were refused nothing is known"
    run("worldbank", write("gdp.csv", HEADER, "Georgia,GEO,2018,10"), rejects=rejects)
    assert len(rejects.read_text().splitlines()) == 1


@pytest.mark.parametrize("country", ["KZ", "kz", "KAZ", "kaz"])
def test_a_country_is_named_by_either_of_its_codes(write: Write, country: str) -> None:
    rows = "Kazakhstan,KAZ,2018,10", "Georgia,GEO,2018,3", "World,WLD,2018,9"
    _output, code = run("worldbank", write("gdp.csv", HEADER, *rows), country=country)
    assert code == 3
    assert Observation.objects.get().country.code == "KZ"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["worldbank"], 2), (["nonsense", "a.csv"], 2), ([], 2), (["worldbank", "a.csv", "--no-such-option"], 2)],
)
def test_a_call_that_is_wrong_ends_with_two(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "import_statistics", *arguments])
    assert end.value.code == code
    assert "usage:" in capsys.readouterr().err


def test_without_a_terminal_no_progress_is_drawn_and_with_one_it_ends_at_the_end(write: Write) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    path = write("gdp.csv", HEADER, "Kazakhstan,KAZ,2018,10")
    drawn = []
    for stream in (io.StringIO(), Terminal()):
        call_command("import_statistics", "worldbank", str(path), stdout=io.StringIO(), stderr=stream)
        drawn.append(stream.getvalue())
    assert drawn[0] == ""
    assert f"gdp.csv [{'#' * 30}] 100%" in drawn[1]
