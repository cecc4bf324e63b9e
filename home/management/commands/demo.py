from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.translation.models import GlossaryTerm, GlossaryWording
from cms.users.models import User
from home.demo import figures, ideas, pages, site
from home.demo.publisher import Publisher
from home.demo.reader import CONTENT, Item, read_items, read_table
from practices.models import AdaptationText, PracticeAdaptation, PracticePage
from reports.models import CountryPage, CountryReportPage, ReportPractice
from taxonomy.models import Country, CountryLabel, Membership, Organisation, OrganisationLabel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from django.core.management.base import CommandParser
    from wagtail.models import Page


class Command(BaseCommand):
    help = "Load the demonstration content. A second run changes nothing; what editors changed stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", default=settings.DATA_DIR, help="Folder with the published statistics.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = time.monotonic()
        call_command("load_vocabularies", data=options["data"], stdout=self.stdout)
        site.create_locales()
        _load_organisations()
        _load_glossary()
        self._load_figures(options["data"])
        # Wagtail would update the index of references once per part of a page; once at the end takes half the time.
        with disable_reference_index_auto_update():
            self._add_pages(Publisher(pages.Vocabulary(), _author()))
        call_command("rebuild_references_index", verbosity=0)
        call_command("update_index", verbosity=0)
        self._say("reference and search indexes")

    def _add_pages(self, publisher: Publisher) -> None:
        frame = site.build_frame(publisher)
        self._say("home, index and standard pages")
        self._add_countries(publisher, frame["countries"])
        practices = read_items("practices")
        self._add(publisher, "practices", practices, pages.practice, frame["practices"])
        _add_adaptations(practices)
        self._add_reports(publisher)
        news, events = read_items("news"), read_items("events")
        self._add(publisher, "news items", news, pages.news, frame["news"])
        self._add(publisher, "events", events, pages.event, frame["events"])
        self._say(f"{ideas.add_ideas(publisher, frame['ideas'])} ideas")
        publisher.relate([*practices, *news, *events])

    def _say(self, what: str) -> None:
        self.stdout.write(f"  {what} ready after {time.monotonic() - self.began:.0f} s")

    def _load_figures(self, folder: Path) -> None:
        indicators = figures.load_indicators()
        if not (folder / "oxcgrt").is_dir():
            self.stdout.write(f"  No published statistics in {folder}: indicators are loaded without values.")
            return
        codes = [item.facts["country"] for item in read_items("countries")]
        values = figures.load_observations(folder)
        measures = figures.load_measures(indicators, codes, folder)
        self._say(f"{values} values and {measures} measures")

    def _add(self, publisher: Publisher, name: str, items: Iterable[Item], build: Any, parent: Page) -> None:
        added = [page for item in items if (page := publisher.add(item, build, parent))]
        self._say(f"{len(added)} {name}")

    def _add_countries(self, publisher: Publisher, parent: Page) -> None:
        items = read_items("countries")
        self._add(publisher, "country profiles", items, pages.country, parent)
        for item in items:
            country = Country.objects.get(code=item.facts["country"])
            for language, name in item.facts.get("names", {}).items():
                CountryLabel.objects.get_or_create(owner=country, language=language, defaults={"label": name})
            membership = item.facts["membership"]
            Membership.objects.get_or_create(
                country=country,
                role=membership["role"],
                since=membership["since"],
                defaults={"until": membership.get("until")},
            )

    def _add_reports(self, publisher: Publisher) -> None:
        items = read_items("reports")
        added = 0
        for item in items:
            profile = CountryPage.objects.filter(
                country__code=item.facts["country"], locale__language_code="en"
            ).first()
            page = publisher.add(item, pages.report, profile) if profile else None
            if page:
                added += 1
                _cite_practices(page, item)
        for item in items:
            if earlier := item.facts.get("supersedes"):
                _supersede(Item(earlier, {}), item)
        self._say(f"{added} country reports")


def _author() -> User:
    user, created = User.objects.get_or_create(
        username="demo-editor",
        defaults={"email": "editor@example.org", "first_name": "Demonstration", "last_name": "Editor"},
    )
    if created:
        user.set_unusable_password()
        user.save()
    return user


def _load_glossary() -> None:
    """The terms of the house, where there is no glossary yet."""
    if GlossaryTerm.objects.exists():
        return
    for row in read_table(CONTENT / "glossary.toml")["terms"]:
        term = GlossaryTerm(meaning=row.get("meaning", ""))
        notes = row.get("note", {})
        term.wordings = [
            GlossaryWording(language=code, text=row[code], note=notes.get(code, ""))
            for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
            if code in row
        ]
        term.save()


def _load_organisations() -> None:
    for path in sorted((CONTENT / "organisations").glob("*.toml")):
        for row in read_table(path)["organisations"]:
            country = Country.objects.filter(code=row.get("country", "")).first()
            organisation, created = Organisation.objects.get_or_create(
                code=row["code"],
                defaults={"kind": row["kind"], "acronym": row.get("acronym", ""), "country": country},
            )
            if created:
                OrganisationLabel.objects.bulk_create(
                    OrganisationLabel(owner=organisation, language=language, label=name)
                    for language, name in row["name"].items()
                )


def _add_adaptations(items: Iterable[Item]) -> None:
    words = pages.Vocabulary()
    for item in items:
        practice = PracticePage.objects.filter(
            translation_key=item.uid(), locale__language_code=item.source_language
        ).first()
        if practice is None or practice.adaptation_records.exists():
            continue
        for row in item.facts.get("adaptations", []):
            record = PracticeAdaptation.objects.create(
                practice=practice,
                country=words.countries[row["country"]],
                organisation=words.organisations.get(row.get("organisation", "")),
                level=words.concepts.get(("level", row.get("level", ""))),
                status=row["status"],
                start=row.get("start"),
                end=row.get("end"),
                supported_by_hub=row.get("supported", False),
                confirmed_by_origin=row.get("confirmed", False),
            )
            AdaptationText.objects.bulk_create(
                AdaptationText(
                    adaptation=record,
                    language=language,
                    changed=changed,
                    result=row.get("result", {}).get(language, ""),
                )
                for language, changed in row["changed"].items()
            )


def _cite_practices(report: Page, item: Item) -> None:
    for version in CountryReportPage.objects.filter(translation_key=report.translation_key):
        for slug in item.facts.get("practices", []):
            practices = PracticePage.objects.filter(slug=slug)
            practice = practices.filter(locale=version.locale).first() or practices.first()
            if practice:
                ReportPractice.objects.create(report=version, practice=practice)


def _supersede(earlier: Item, later: Item) -> None:
    for version in CountryReportPage.objects.filter(translation_key=earlier.uid(), superseded_by=None):
        newer = CountryReportPage.objects.filter(translation_key=later.uid(), locale=version.locale, live=True).first()
        if newer:
            version.superseded_by = newer
            version.save(update_fields=["superseded_by"])
