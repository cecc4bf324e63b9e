"""Pictures, files, redirects, vocabularies and statistics in the ledger: partners learn of them as of pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction

from cms.delivery.models import Entry, Ledger, Published
from cms.delivery.services import step
from cms.delivery.verification import differences
from reports.choices import Frequency
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from reports.models import CountryIndexPage, CountryPage
from taxonomy.models import Country, Membership
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import index_page, publish, published
from tests.factories.statistics import make_indicator, make_measure
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHANGES = "/api/v2/changes/"
PUBLISHED, UPDATED, WITHDRAWN = "published", "updated", "withdrawn"


def entered(since: int, kind: str) -> list[tuple[int, str]]:
    rows = Entry.objects.filter(version__gt=since, kind=kind)
    return list(rows.values_list("object_id", "operation"))


def version() -> int:
    return Ledger.objects.get().version


def payload(kind: str, pk: int) -> Any:
    return json.loads(Published.objects.get(kind=kind, object_id=pk, is_public=True).whole)


def answer(address: str) -> Any:
    return Client().get(f"/api/v2/{address}/").json()


def showing(image: Any, **facts: Any) -> Any:
    return make_standard_page(cover_image=image, cover_alt="A room", **facts)


def with_file(document: Any, **facts: Any) -> Any:
    return make_standard_page(body=[{"type": "file", "value": {"document": document.pk, "title": ""}}], **facts)


@pytest.mark.parametrize(
    ("kind", "make", "show"), [("images", make_image, showing), ("documents", make_document, with_file)]
)
def test_a_file_of_a_public_page_is_entered_as_its_endpoint_gives_it_until_it_goes(
    ledger: Callable[[], None], kind: str, make: Callable[[], Any], show: Callable[[Any], Any]
) -> None:
    before = version()
    row = make()
    pk = row.pk
    show(row)
    ledger()
    assert payload(kind, pk) == answer(f"{kind}/{pk}")
    row.title = "Renamed"
    row.save()
    ledger()
    row.tags.add("budget")
    ledger()
    assert payload(kind, pk)["title"] == "Renamed"
    assert payload(kind, pk)["meta"]["tags"] == ["budget"]
    row.delete()
    ledger()
    assert entered(before, kind) == [(pk, one) for one in (PUBLISHED, UPDATED, UPDATED, WITHDRAWN)]
    assert differences() == []


def test_a_file_comes_with_the_first_page_that_shows_it_and_goes_with_the_last(ledger: Callable[[], None]) -> None:
    before = version()
    image, other = make_image(), make_image("Other")
    page, second = showing(image), showing(image, title="Second")
    page.unpublish()
    second.unpublish()
    ledger()
    assert entered(before, "images") == [], "what was uploaded for a draft is nobody's business"
    published(second)
    ledger()
    assert entered(before, "images") == [(image.pk, PUBLISHED)]
    page = published(page)
    ledger()
    second.delete()
    ledger()
    assert entered(before, "images") == [(image.pk, PUBLISHED)]
    page.cover_image = other
    page.save_revision()
    ledger()
    assert entered(before, "images") == [(image.pk, PUBLISHED)]
    published(page)
    ledger()
    assert sorted(entered(before, "images")[1:]) == sorted([(image.pk, WITHDRAWN), (other.pk, PUBLISHED)])
    page.unpublish()
    ledger()
    assert entered(before, "images")[-1] == (other.pk, WITHDRAWN)
    assert differences() == []


def test_files_of_a_closed_collection_are_withdrawn_first_and_come_back(ledger: Callable[[], None]) -> None:
    place = Collection.get_first_root_node().add_child(name="Internal")
    below = place.add_child(name="Deeper")
    hidden, shown = make_image("Inside", collection=below), make_image("Shown")
    organisation = make_organisation("agency", logo=hidden)
    showing(hidden, title="One")
    showing(shown, title="Two")
    ledger()
    assert payload("organisations", organisation.pk)["logo"]["title"] == "Inside"
    before = version()
    closed = CollectionViewRestriction.objects.create(
        collection=place, restriction_type=CollectionViewRestriction.LOGIN
    )
    step()
    assert entered(before, "images") == [(hidden.pk, WITHDRAWN)]
    ledger()
    assert payload("organisations", organisation.pk)["logo"] is None
    assert payload("images", shown.pk)["title"] == "Shown"
    assert differences() == []
    hidden.collection = Collection.get_first_root_node()
    hidden.save()
    ledger()
    hidden.collection = below
    hidden.save()
    closed.delete()
    ledger()
    assert [operation for _pk, operation in entered(before, "images")] == [WITHDRAWN, PUBLISHED]
    assert payload("organisations", organisation.pk)["logo"]["title"] == "Inside"
    assert differences() == []


def test_nobody_gets_more_of_the_library_by_signing_in(admin_client: Client, ledger: Callable[[], None]) -> None:
    place = Collection.get_first_root_node().add_child(name="Internal")
    CollectionViewRestriction.objects.create(collection=place, restriction_type=CollectionViewRestriction.LOGIN)
    for kind, row in (("images", make_image(collection=place)), ("documents", make_document(collection=place))):
        ledger()
        assert admin_client.get(f"/api/v2/{kind}/").json()["items"] == []
        assert admin_client.get(f"/api/v2/{kind}/{row.pk}/").status_code == 404


def test_a_redirect_follows_the_page_to_which_it_leads(
    ledger: Callable[[], None], django_capture_on_commit_callbacks: Any
) -> None:
    page = make_news(title="Moved", slug="moved")
    ledger()
    before = version()
    page.slug = "renamed"
    with django_capture_on_commit_callbacks(execute=True):
        page = published(page)
    ledger()
    redirect = Redirect.objects.get(redirect_page=page.page_ptr)
    assert entered(before, "redirects") == [(redirect.pk, PUBLISHED)], "Wagtail writes it past the signals"
    assert payload("redirects", redirect.pk) == answer(f"redirects/{redirect.pk}")
    assert payload("redirects", redirect.pk)["location"] == "/en/news/renamed/"
    page.unpublish()
    ledger()
    published(page)
    ledger()
    redirect.delete()
    ledger()
    assert [operation for _pk, operation in entered(before, "redirects")] == [PUBLISHED, WITHDRAWN] * 2
    assert differences() == []


def test_vocabularies_are_entered_as_their_endpoints_give_them(ledger: Callable[[], None]) -> None:
    before = version()
    rows = {
        "countries/GE": make_country("GE"),
        "themes/transport": make_theme("transport"),
        "organisations/agency": make_organisation("agency", country=make_country("GE")),
        "indicators/ROADS.KM": make_indicator("ROADS.KM"),
    }
    measure = make_measure(make_country("GE"), titles={"en": "Closed", "ru": "Закрыто"})
    rows[f"measures/{measure.pk}"] = measure
    ledger()
    for address, row in rows.items():
        kind = address.partition("/")[0]
        assert payload(kind, row.pk) == answer(address), address
        item = next(one for one in feed(before, kind)["items"] if one["id"] == row.pk)
        assert (item["kind"], item["type"], item["locale"]) == (kind, row._meta.label, "")
    assert payload("measures", measure.pk)["titles"] == {"en": "Closed", "ru": "Закрыто"}
    concept = make_concept(code="regional")
    ledger()
    assert payload("vocabularies", concept.pk) == answer("vocabularies/level")["items"][-1]
    assert payload("vocabularies", concept.pk)["vocabulary"] == "level"


def feed(since: int, kind: str) -> Any:
    return Client().get(f"{CHANGES}?since={since}&kind={kind}&include=payload").json()


def test_a_row_reaches_the_rows_that_show_it(ledger: Callable[[], None]) -> None:
    theme, source, country = make_theme("transport"), make_organisation("statistics-office"), make_country("GE")
    indicator = make_indicator("ROADS.KM", source_id=source.pk, theme_id=theme.pk)
    other, measure = make_indicator("OTHER.KM"), make_measure(country)
    ledger()
    for owner, kind, row, name in (
        (theme, "indicators", indicator, "theme"),
        (source, "indicators", indicator, "source"),
        (country, "measures", measure, "country"),
    ):
        before = version()
        owner.labels.model.objects.update_or_create(owner=owner, language="en", defaults={"label": f"Renamed {name}"})
        ledger()
        assert payload(kind, row.pk)[name]["label"] == f"Renamed {name}"
        assert entered(before, kind) == [(row.pk, UPDATED)]
    Membership.objects.create(country=country, role="participant", since="2020-01-01")
    theme.code = "roads"
    make_theme("rails", parent=theme)
    ledger()
    theme.save()
    ledger()
    assert payload("countries", country.pk)["memberships"][0]["since"] == "2020-01-01"
    assert {payload("themes", row.object_id)["parent"] for row in Published.objects.filter(kind="themes")} >= {"roads"}
    assert other.pk != indicator.pk
    assert differences() == []


def test_a_country_says_where_its_profile_stands(ledger: Callable[[], None]) -> None:
    country = make_country("GE")
    ledger()
    assert payload("countries", country.pk)["profile_url"] is None
    page = CountryPage(title="Georgia", slug="georgia", summary="Of it.", country=country, introduction="<p>It.</p>")
    page = publish(index_page(CountryIndexPage), page)
    ledger()
    assert payload("countries", country.pk)["profile_url"].endswith("/georgia/")
    page.slug = "sakartvelo"
    page = published(page)
    ledger()
    assert payload("countries", country.pk)["profile_url"].endswith("/sakartvelo/")
    page.delete()
    ledger()
    assert payload("countries", country.pk)["profile_url"] is None
    assert differences() == []


def test_a_row_that_is_deleted_leaves_its_ids(ledger: Callable[[], None]) -> None:
    first, country = make_measure(titles={"en": "First"}), Country.objects.get(code="KZ")
    second = make_measure(country, titles={"en": "Second"}, replaces=first)
    ledger()
    before, gone = version(), first.pk
    first.delete()
    ledger()
    assert sorted(entered(before, "measures")) == [(gone, WITHDRAWN), (second.pk, UPDATED)]
    row = Published.objects.get(kind="measures", object_id=gone)
    assert (row.payload, row.type, row.countries) == ("", "reports.Measure", ",KZ,")


def test_an_import_is_an_entry_of_its_indicator_where_it_changes_something(
    ledger: Callable[[], None], tmp_path: Path
) -> None:
    make_country("KZ")
    indicator = make_indicator("WB.SP.POP.TOTL", frequency=Frequency.ANNUAL)
    make_indicator("OTHER.KM")
    ledger()
    before = version()

    def read(value: int, *, dry_run: bool = False) -> tuple[str | None, list[tuple[int, str]]]:
        path = tmp_path / "population.csv"
        path.write_text(f"Country Name,Country Code,Year,Value\nKazakhstan,KAZ,2021,{value}\n")
        file, chosen = TextFile.at(path), Options("WB.SP.POP.TOTL")
        import_statistics(PROFILES["worldbank"], [file], chosen, Wish(dry_run=dry_run))
        ledger()
        return payload("indicators", indicator.pk)["data_version"], entered(before, "indicators")

    def tag() -> str:
        return Client().get("/api/v2/observations/")["ETag"]

    updated, tags = (indicator.pk, UPDATED), [tag()]
    assert read(19, dry_run=True) == (None, [])
    first, entries = read(19)
    tags.append(tag())
    assert (bool(first), entries) == (True, [updated])
    assert payload("indicators", indicator.pk)["coverage"]["countries"] == 1
    assert read(19) == (first, [updated])
    assert tag() == tags[-1], "nothing is new, and whoever has the values has them still"
    second, entries = read(20)
    assert len({*tags, tag()}) == 3
    assert (second is not None and first is not None and second > first, entries) == (True, [updated, updated])


def test_a_kind_that_there_is_not_is_named(ledger: Callable[[], None]) -> None:
    for given in ("kind=pictures", "kind=", "kind=pages,pictures"):
        response = Client().get(f"{CHANGES}?{given}")
        assert (response.status_code, response.json()["parameter"]) == (400, "kind"), given


KEPT = ["images/", "documents/?fields=*", "redirects/", "countries/?code=GE", "themes/", "vocabularies/", "measures/"]


@pytest.mark.parametrize("address", KEPT)
def test_what_has_not_changed_is_not_sent_again(ledger: Callable[[], None], address: str) -> None:
    country, image, document = make_country("GE"), make_image(), make_document()
    ledger()
    first = Client().get(f"/api/v2/{address}")
    assert first["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    again = Client().get(f"/api/v2/{address}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    image.title = document.title = "Other"
    image.save()
    document.save()
    Redirect.objects.create(old_path="/old", redirect_link="/new")
    Country.labels.rel.related_model.objects.create(owner=country, language="en", label="Sakartvelo")
    make_theme("rails")
    make_concept(code="regional")
    make_measure(country)
    ledger()
    changed = Client().get(f"/api/v2/{address}", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.content != first.content


def test_an_answer_is_kept_until_something_changes(
    ledger: Callable[[], None], django_assert_num_queries: Callable[..., Any]
) -> None:
    ledger()
    Client().get("/api/v2/countries/")
    with django_assert_num_queries(1):
        Client().get("/api/v2/countries/")
