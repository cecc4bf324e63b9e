"""How fast statistics are imported, and in how much memory: measured in this process, on a database left as it is.

`DATABASE_URL=postgres://… .venv/bin/python benchmarks/imports.py [--values 2000000]`: writes a file of daily values in
the form of Johns Hopkins University, imports it, imports it again, and imports a revision of every thirtieth value.
What is written is taken back at the end; the checks of a commit are part of the time. The peak of memory is that of
this process, without the database server.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
START = datetime.date(1990, 1, 1)
COLUMNS = 3
KILOBYTES = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=2_000_000)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    import django

    django.setup()
    from django.db import connection, transaction

    from taxonomy.services import load_vocabularies

    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{connection.vendor}, {options.values} values; {cores} processors, load {load:.1f} before the start\n")
    print("| Import | Values | Seconds | Values a second | Processor seconds | Peak memory MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        load_vocabularies(None)
        reference = Path(folder) / "reference.csv"
        names = write_reference(reference)
        data = Path(folder) / "countries-aggregated.csv.gz"
        for title, factor in (("new", 1), ("the same again", 1), ("every thirtieth revised", 2)):
            write_data(data, names, options.values, factor)
            report(title, data, reference)
        transaction.set_rollback(True)


def write_reference(path: Path) -> list[str]:
    from taxonomy.models import Country

    codes = sorted(Country.objects.values_list("alpha3", flat=True))
    path.write_text("UID,iso3,Province_State,Country_Region\n" + "".join(f"1,{code},,{code}\n" for code in codes))
    return codes


def write_data(path: Path, names: list[str], values: int, factor: int) -> None:
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write("Date,Country,Confirmed,Recovered,Deaths\n")
        file.writelines(lines(names, values, factor))


def lines(names: list[str], values: int, factor: int) -> Iterator[str]:
    days = values // COLUMNS // len(names) + 1
    for name in names:
        for number in range(days):
            day = START + datetime.timedelta(days=number)
            confirmed = number * 7 * (factor if number % 10 == 0 else 1)
            yield f"{day},{name},{confirmed},{number * 5},{number * 0.25}\n"


def report(title: str, data: Path, reference: Path) -> None:
    from django.db import connection

    from reports.importers.files import TextFile
    from reports.importers.profiles.base import Options
    from reports.importers.profiles.registry import PROFILES
    from reports.importers.services import Wish, import_statistics

    began, used = time.monotonic(), processor_seconds()
    files = [TextFile.at(data), TextFile.at(reference)]
    (found,) = import_statistics(PROFILES["jhu"], files, Options(), Wish())
    connection.check_constraints()
    seconds, used = time.monotonic() - began, processor_seconds() - used
    values = found.added + found.changed + found.unchanged
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    counts = f"{found.added} new, {found.changed} changed"
    print(
        f"| {title}: {counts} | {values} | {seconds:.1f} | {values / seconds:.0f} | {used:.1f} | {peak:.0f} |",
        flush=True,
    )


def processor_seconds() -> float:
    """Processor time of this process and, where it runs on this machine, of the server's process for it."""
    from django.db import connection

    own = sum(os.times()[:2])
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    status = Path(f"/proc/{pid}/stat")
    ticks = status.read_text().rpartition(")")[2].split()[11:13] if status.exists() else []
    return own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
