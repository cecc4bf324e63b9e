"""Vocabularies that come with the installation.

Loading adds what is missing and changes nothing that is there, so an editor's wording survives every upgrade.
Countries: ISO 3166-1 from pycountry, M49 regions from `data/regions.toml`, names from Unicode CLDR at run time.
SDG targets come from the official lists in `settings.DATA_DIR/sdg` where that folder exists; goals are always there.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pycountry
import yaml
from django.db import transaction

from cms.core import memory
from cms.core.querysets import PAGES
from taxonomy.choices import Scheme
from taxonomy.models import Concept, ConceptLabel, Country, Theme, ThemeLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DATA = Path(__file__).resolve().parent / "data"
LANGUAGES = ("en", "ru", "kk")
TARGET_KEY = re.compile(r"^(\d+)-(\w+)-title$")


def load_vocabularies(official_lists: Path | None) -> Counter[str]:
    """Load countries, concepts and themes; returns how many rows of each kind were added.

    `official_lists` is the folder with `sdg/<language>/global_targets.yml`; without it SDG targets are left out.
    """
    added: Counter[str] = Counter()
    with transaction.atomic():
        added["countries"] = _load_countries()
        for scheme, rows in _fixed_lists().items():
            added["concepts"] += _load_concepts(scheme, rows)
        added["concepts"] += _load_concepts(Scheme.COFOG, _read("cofog.toml")["functions"])
        added["concepts"] += _load_concepts(Scheme.SDG, _read("sdg.toml")["goals"])
        if official_lists and (official_lists / "sdg").is_dir():
            added["concepts"] += _load_concepts(Scheme.SDG, _sdg_targets(official_lists / "sdg"))
        added["themes"] = _load_themes(_read("themes.toml")["themes"])
        memory.changed(*(model._meta.label for model in (Country, Concept, Theme)), PAGES)
    return added


def _read(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def _load_countries() -> int:
    regions = {
        country: (region.get("parent", ""), region["code"])
        for region in _read("regions.toml")["regions"]
        for country in region["countries"]
    }
    known = set(Country.objects.prefetch_related(None).values_list("code", flat=True))
    missing = [
        Country(
            code=entry.alpha_2,
            alpha3=entry.alpha_3,
            m49=entry.numeric,
            region=regions.get(entry.alpha_2, ("", ""))[0],
            subregion=regions.get(entry.alpha_2, ("", ""))[1],
        )
        for entry in pycountry.countries
        if entry.alpha_2 not in known
    ]
    return len(Country.objects.bulk_create(missing))


def _fixed_lists() -> dict[str, list[dict[str, str]]]:
    return {
        scheme: [{"code": code, **labels} for code, labels in rows.items()]
        for scheme, rows in _read("lists.toml").items()
    }


def _sdg_targets(folder: Path) -> list[dict[str, str]]:
    """The targets of all goals, `1.1` to `17.19`, in the order of the official list."""
    texts = {
        language: yaml.safe_load((folder / language / "global_targets.yml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    rows = []
    for key in texts["en"]:
        if match := TARGET_KEY.match(key):
            code = f"{match[1]}.{match[2]}"
            labels = {language: texts[language][key] for language in LANGUAGES if texts[language].get(key)}
            rows.append({"code": code, **labels})
    return sorted(rows, key=_target_order)


def _target_order(row: Mapping[str, str]) -> tuple[int, int, str]:
    goal, target = row["code"].split(".")
    return int(goal), int(target) if target.isdigit() else 100, target


def _load_concepts(scheme: str, rows: Iterable[Mapping[str, str]]) -> int:
    rows = list(rows)
    known = {concept.code: concept for concept in Concept.objects.prefetch_related(None).filter(scheme=scheme)}
    missing = [row for row in rows if row["code"] not in known]
    for row in missing:
        parent = known.get(row["code"].rpartition(".")[0])
        order = len(known)
        known[row["code"]] = Concept.objects.create(scheme=scheme, code=row["code"], parent=parent, sort_order=order)
    labels = [
        ConceptLabel(owner=known[row["code"]], language=language, label=row[language])
        for row in rows
        for language in LANGUAGES
        if row.get(language)
    ]
    ConceptLabel.objects.bulk_create(labels, ignore_conflicts=True)
    return len(missing)


def _load_themes(rows: Iterable[Mapping[str, Any]]) -> int:
    known = {theme.code: theme for theme in Theme.objects.prefetch_related(None)}
    concepts = {(concept.scheme, concept.code): concept for concept in Concept.objects.prefetch_related(None)}
    added = 0
    for row in rows:
        if row["code"] in known:
            continue
        theme = Theme.objects.create(
            code=row["code"],
            parent=known.get(row.get("parent", "")),
            sort_order=len(known),
            opsi_issue=row.get("opsi", ""),
        )
        known[theme.code] = theme
        added += 1
        wanted = [(Scheme.COFOG, code) for code in row.get("cofog", [])] + [
            (Scheme.SDG, code) for code in row.get("sdg", [])
        ]
        theme.concepts.set([concepts[key] for key in wanted if key in concepts])
        ThemeLabel.objects.bulk_create(
            ThemeLabel(
                owner=theme,
                language=language,
                label=row[language]["label"],
                definition=row[language]["definition"],
                synonyms="\n".join(row[language]["synonyms"]),
            )
            for language in LANGUAGES
        )
    return added
