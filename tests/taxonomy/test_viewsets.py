"""The vocabularies in the admin: found and shown by name, in the editor's language, in a fixed number of queries."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from wagtail.test.utils.form_data import inline_formset, nested_form_data
from wagtail.users.models import UserProfile

from practices.models import PracticeFunction, PracticePage
from taxonomy.choices import MembershipRole, OrganisationKind, Scheme
from taxonomy.models import Concept, Country, Membership, Organisation, Theme
from tests.admin_lists import chooser_url, exported, list_url, names, rows
from tests.answers import queries
from tests.factories.pages import make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

VOCABULARIES = [Country, Theme, Concept, Organisation]


@pytest.fixture
def russian(admin_user: User, admin_client: Client) -> Client:
    """A client whose user reads the admin in Russian."""
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = "ru"
    profile.save()
    return admin_client


def sow(number: int) -> None:
    """Rows of every vocabulary that refer to each other."""
    country = make_country("GE", labels={"en": "Georgia"})
    for index in range(number):
        make_theme(f"theme-{index}", make_theme("top"))
        make_concept(Scheme.COFOG, f"0{index}.1", parent=make_concept(Scheme.COFOG, "01"))
        make_organisation(f"body-{index}", country=country, parent=make_organisation("all"))
    for code in ("AM", "KZ", "MN", "UZ", "KG", "TJ")[:number]:
        Membership.objects.create(country=make_country(code), role=MembershipRole.FOUNDER, since=timezone.localdate())


@pytest.mark.parametrize("model", VOCABULARIES, ids=lambda model: model.__name__)
@pytest.mark.parametrize("url_of", [list_url, chooser_url], ids=["list", "chooser"])
def test_the_number_of_queries_does_not_grow_with_the_rows(admin_client: Client, model: Any, url_of: Any) -> None:
    sow(2)
    few = queries(admin_client, url_of(model))
    sow(6)

    assert queries(admin_client, url_of(model)) == few


def test_countries_are_listed_by_name_with_region_and_present_membership(admin_client: Client) -> None:
    kazakhstan = make_country("KZ", subregion="143")
    make_country("AM", subregion="145")
    today = timezone.localdate()
    ended = {"since": datetime.date(2010, 1, 1), "until": today - datetime.timedelta(days=1)}
    Membership.objects.create(country=kazakhstan, role=MembershipRole.OBSERVER, **ended)
    Membership.objects.create(country=kazakhstan, role=MembershipRole.FOUNDER, since=datetime.date(2013, 3, 1))

    assert rows(admin_client, list_url(Country)) == [
        ["Armenia", "AM", "Western Asia"],
        ["Kazakhstan", "KZ", "Central Asia", "Founder (2013)"],
    ]


def test_names_and_their_order_follow_the_language_of_the_editor(russian: Client) -> None:
    for code in ("AM", "JP", "KZ", "EE"):
        make_country(code)

    assert names(russian, list_url(Country)) == ["Армения", "Казахстан", "Эстония", "Япония"]
    assert names(russian, list_url(Country), {"ordering": "-label_order"})[0] == "Япония"


@pytest.mark.parametrize("text", ["kazak", "КАЗАХ", "қазақ", "KZ"])
@pytest.mark.parametrize("url_of", [list_url, chooser_url], ids=["list", "chooser"])
def test_a_country_is_found_by_its_name_in_any_language(admin_client: Client, text: str, url_of: Any) -> None:
    for code in ("AM", "KZ", "MN"):
        make_country(code)

    assert names(admin_client, url_of(Country), {"q": text}) == ["Kazakhstan"]


def test_an_editorial_name_of_a_country_is_shown_and_found(admin_client: Client) -> None:
    make_country("CI", labels={"en": "Ivory Coast"})

    assert names(admin_client, list_url(Country), {"q": "ivory"}) == ["Ivory Coast"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"subregion": "143"}, ["Kazakhstan"]),
        ({"role": "founder"}, ["Armenia"]),
        ({"subregion": "143", "q": "arm"}, []),
    ],
)
def test_countries_are_filtered(admin_client: Client, query: dict[str, str], found: list[str]) -> None:
    make_country("KZ", subregion="143")
    armenia = make_country("AM", subregion="145")
    for year in (2001, 2002):
        Membership.objects.create(country=armenia, role=MembershipRole.FOUNDER, since=datetime.date(year, 1, 1))

    assert [row[0] for row in rows(admin_client, list_url(Country), query)] == found


@pytest.mark.usefixtures("site")
def test_themes_show_their_parent_and_count_an_item_once_for_all_its_languages(admin_client: Client) -> None:
    services = make_theme("services")
    windows = make_theme("windows", services, sort_order=1)
    practice = make_practice(title="One window", themes=[windows])
    make_practice(title="Two windows", themes=[windows], slug="two")
    translate(practice, "ru")

    assert rows(admin_client, list_url(Theme)) == [
        ["Services", "0", "0", "services"],
        ["Windows", "Services", "2", "1", "windows"],
    ]


def test_themes_are_found_by_synonyms_and_filtered_by_parent(admin_client: Client) -> None:
    money = make_theme("money")
    taxes = make_theme("taxes", money)
    taxes.labels.update(synonyms="levies\nduties")

    assert names(admin_client, list_url(Theme), {"q": "LEVIES"}) == ["Taxes"]
    assert names(admin_client, list_url(Theme), {"parent": money.pk}) == ["Taxes"]
    assert names(admin_client, list_url(Theme), {"is_top": "true"}) == ["Money"]


def test_organisations_show_names_only(admin_client: Client) -> None:
    georgia = make_country("GE")
    old = make_organisation("old-agency", merged_into=make_organisation("agency", kind=OrganisationKind.AGENCY))
    Organisation.objects.filter(pk=old.pk).update(country=georgia, acronym="OA")

    assert rows(admin_client, list_url(Organisation)) == [
        ["Agency", "Agency"],
        ["Old agency", "OA", "Ministry", "Georgia", "Agency"],
    ]
    assert names(admin_client, list_url(Organisation), {"q": "oa"}) == ["Old agency"]
    assert names(admin_client, list_url(Organisation), {"is_merged": "false"}) == ["Agency"]
    assert names(admin_client, list_url(Organisation), {"country": georgia.pk}) == ["Old agency"]


def test_concepts_stand_in_the_order_of_their_classification(admin_client: Client) -> None:
    make_concept(Scheme.COFOG, "02", sort_order=2, labels={"en": "Defence"})
    make_concept(Scheme.COFOG, "01", sort_order=1, labels={"en": "General services"})
    make_concept(Scheme.LEVEL, "local")

    assert names(admin_client, list_url(Concept)) == ["01 General services", "02 Defence", "Local"]
    assert names(admin_client, list_url(Concept), {"scheme": "cofog", "q": "def"}) == ["02 Defence"]


def test_export_gives_names_beside_codes(admin_client: Client) -> None:
    make_country("KZ", region="142", subregion="143")

    assert exported(admin_client, list_url(Country)) == [
        {
            "Name": "Kazakhstan",
            "ISO 3166-1 alpha-2": "KZ",
            "ISO 3166-1 alpha-3": "KAZ",
            "UN M49": "398",
            "Region": "Asia",
            "Sub-region": "Central Asia",
        }
    ]
    book: Any = admin_client.get(list_url(Country), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(book.streaming_content))).active
    assert sheet["A2"].value == "Kazakhstan"


def test_a_theme_is_added_with_labels_and_refused_without(admin_client: Client) -> None:
    url = reverse(Theme.snippet_viewset.get_url_name("add"))
    label = {"language": "en", "label": "Archives", "definition": "", "synonyms": ""}
    facts = {"code": "archives", "parent": "", "sort_order": "3", "opsi_issue": ""}

    refused = admin_client.post(url, nested_form_data(facts | {"labels": inline_formset([], min=1)}))
    accepted = admin_client.post(url, nested_form_data(facts | {"labels": inline_formset([label], min=1)}))

    assert (refused.status_code, accepted.status_code) == (200, 302)
    assert Theme.objects.get(code="archives").label == "Archives"


def test_a_theme_that_pages_use_is_not_deleted(admin_client: Client, site: Any) -> None:
    theme = make_theme()
    make_practice(themes=[theme])

    admin_client.post(reverse(Theme.snippet_viewset.get_url_name("delete"), args=(theme.pk,)))

    assert Theme.objects.filter(pk=theme.pk).exists()


def test_the_chooser_of_functions_offers_only_functions_of_government(admin_client: Client) -> None:
    make_concept(Scheme.COFOG, "01", labels={"en": "General services"})
    make_concept(Scheme.SDG, "1", labels={"en": "No poverty"})
    formset = PracticePage.get_edit_handler().get_form_class().formsets["functions"]
    url = str(formset.form.base_fields["concept"].widget.get_chooser_modal_url())

    window = admin_client.get(f"{url}&multiple=1").json()["html"]
    page_two = admin_client.get(chooser_url(Concept), {"within": "cofog", "q": "poverty"}).content.decode()

    assert PracticeFunction._meta.get_field("concept").get_limit_choices_to() == {"scheme": Scheme.COFOG}
    assert "General services" in window
    assert "No poverty" not in window + page_two
    assert 'name="scheme"' not in window, "a filter with one choice is none"
    assert "within=cofog" in window, "searching keeps the limit"


def test_every_chooser_shows_names_and_filters_with_names(admin_client: Client) -> None:
    georgia = make_country("GE", subregion="145")
    make_organisation("agency", country=georgia, acronym="AG")
    make_organisation("gone", merged_into=make_organisation("agency"))
    make_theme("windows", make_theme("services"))
    sow(1)

    assert rows(admin_client, chooser_url(Organisation), {"country": georgia.pk, "q": "age"}) == [
        ["Agency", "AG", "Ministry", "Georgia"]
    ]
    assert rows(admin_client, chooser_url(Country), {"subregion": "145"}) == [["Georgia", "Western Asia"]]
    assert rows(admin_client, chooser_url(Theme), {"q": "wind"}) == [["Windows", "Services"]]
    assert "Gone" not in names(admin_client, chooser_url(Organisation))


def test_filters_of_a_chooser_have_other_ids_than_the_form_that_opens_it(admin_client: Client) -> None:
    url = reverse(Organisation.snippet_viewset.chooser_viewset.get_url_name("choose"))

    window = admin_client.get(url).json()["html"]

    assert 'id="filter_country"' in window
    assert 'id="id_country"' not in window
    assert 'id="id_q"' in window


def create_organisation(client: Client, **facts: str) -> Any:
    url = reverse(Organisation.snippet_viewset.chooser_viewset.get_url_name("create"))
    given = {"name": "Министерство связи", "language": "ru", "kind": "ministry"} | facts
    return client.post(url, {f"new-organisation-{name}": value for name, value in given.items()}).json()


def test_an_organisation_is_added_from_the_chooser(admin_client: Client) -> None:
    answer = create_organisation(admin_client)

    organisation = Organisation.objects.get(code="ministerstvo-svyazi")
    assert answer["step"] == "chosen"
    assert answer["result"]["id"] == str(organisation.pk)
    assert answer["result"]["string"] == "Министерство связи"
    assert [(row.language, row.label) for row in organisation.labels.all()] == [("ru", "Министерство связи")]


def test_organisations_of_like_names_get_codes_of_their_own(admin_client: Client) -> None:
    make_organisation("ministerstvo-svyazi")
    create_organisation(admin_client)
    create_organisation(admin_client, name="MINISTERSTVO SVYAZI!")

    codes = Organisation.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["ministerstvo-svyazi", "ministerstvo-svyazi-2", "ministerstvo-svyazi-3"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": "  "}, "This field is required."),
        ({"name": "agency"}, "An organisation of this name exists already. Find it with the search."),
        ({"kind": "club"}, "Select a valid choice. club is not one of the available choices."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_a_wrong_new_organisation_is_refused_in_the_chooser(
    admin_client: Client, facts: dict[str, str], sentence: str
) -> None:
    make_organisation("agency")

    answer = create_organisation(admin_client, **facts)

    assert answer["step"] == "reshow_creation_form"
    assert sentence in answer["htmlFragment"]
    assert Organisation.objects.count() == 1


def test_choosers_speak_the_language_of_each_editor() -> None:
    """The form class is built once per process; the words on its buttons must not be those of its first reader."""
    widget = Organisation.get_edit_handler().get_form_class().base_fields["country"].widget

    assert str(widget.choose_one_text) == "Choose: country"
    for text in (widget.choose_one_text, widget.choose_another_text, widget.link_to_chosen_text):
        assert isinstance(text, Promise)


def test_the_menu_leads_to_every_vocabulary(admin_client: Client) -> None:
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    for model in VOCABULARIES:
        assert list_url(model) in html
    assert f'"{reverse("wagtailsnippets:index")}"' not in html, "no second way to the same lists"


def test_editors_without_rights_see_no_vocabulary(client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("guest", "guest@example.org", "secret-pass-123"))

    assert client.get(list_url(Country)).status_code == 302
