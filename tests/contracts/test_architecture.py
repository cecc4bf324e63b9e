"""The budgets and names of docs/concepts/architecture.md."""

from __future__ import annotations

import re
import statistics
from pathlib import PurePosixPath

from tests.contracts.sources import APPS, ROOT, products, python_sources

FILE_BUDGET, TEST_FILE_BUDGET, MEDIAN_BUDGET = 400, 600, 70
FUNCTION_BUDGET, USUAL_FUNCTION_BUDGET, USUAL_SHARE = 50, 35, 0.95
HOOKS_BUDGET = 60
SUPPRESSIONS_PER_1000_LINES = 2
TEST_RATIO = (1.2, 2.0)
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "util", "helper"}
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)")
EXPLAINED = re.compile(r"#\s*(noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S|type: ignore\[[a-z-]+\]  # \S)")


def test_files_are_short() -> None:
    long = [
        f"{source.path}: {len(source.lines)} lines"
        for source in python_sources()
        if not source.is_migration and len(source.lines) > (FILE_BUDGET if source.is_product else TEST_FILE_BUDGET)
    ]
    assert long == []


def test_the_usual_file_is_shorter_still() -> None:
    assert statistics.median(len(source.lines) for source in products() if source.lines) <= MEDIAN_BUDGET


def test_functions_are_short() -> None:
    long = [
        f"{source.path}:{function.line} {function.name}: {function.length} lines"
        for source in python_sources()
        if not source.is_migration
        for function in source.functions
        if function.length > FUNCTION_BUDGET
    ]
    assert long == []


def test_the_usual_function_is_shorter_still() -> None:
    lengths = [function.length for source in products() for function in source.functions]
    short = [length for length in lengths if length <= USUAL_FUNCTION_BUDGET]
    assert len(short) >= USUAL_SHARE * len(lengths)


def test_names_say_what_things_are() -> None:
    named = [
        source.path
        for source in python_sources()
        if FORBIDDEN_NAMES & {*PurePosixPath(source.path).with_suffix("").parts}
    ]
    assert named == []


def test_every_module_of_an_app_has_a_known_role() -> None:
    known = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs/concepts/architecture.md").read_text()))
    unknown = []
    for source in products():
        app = next((app for app in APPS if source.path.startswith(f"{app}/")), None)
        if app is None:
            continue
        role = PurePosixPath(source.path.removeprefix(f"{app}/")).with_suffix("").parts[0]
        if role not in known | {"__init__", "apps", "management", "templatetags"}:
            unknown.append(source.path)
    assert unknown == [], "Name the role in docs/concepts/architecture.md or find the module's proper place."


def test_hooks_only_register() -> None:
    long = [
        source.path
        for source in python_sources()
        if source.path.endswith("wagtail_hooks.py") and len(source.lines) > HOOKS_BUDGET
    ]
    assert long == []


def test_suppressions_are_few_and_explained() -> None:
    suppressed = [
        (f"{source.path}:{number}", line)
        for source in python_sources()
        if not source.path.endswith("test_architecture.py")
        for number, line in enumerate(source.lines, start=1)
        if SUPPRESSION.search(line)
    ]
    total = sum(len(source.lines) for source in python_sources() if not source.is_migration)
    assert [where for where, line in suppressed if not EXPLAINED.search(line)] == []
    assert len(suppressed) <= SUPPRESSIONS_PER_1000_LINES * total / 1000


def lines_of_tests_per_line_of_source() -> float:
    source_lines = sum(len(source.lines) for source in products())
    return sum(len(source.lines) for source in python_sources() if source.is_test) / source_lines


def test_there_is_enough_test_code_and_not_too_much() -> None:
    low, high = TEST_RATIO
    assert low <= lines_of_tests_per_line_of_source() <= high


def test_locale_is_no_package() -> None:
    assert not (ROOT / "locale" / "__init__.py").exists(), "It would shadow Python's own locale module."
