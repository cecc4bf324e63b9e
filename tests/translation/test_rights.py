"""Roles x languages x addresses of wagtail-localize: what each lets whom do, by GET and by sending something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment, StringSegment, StringTranslation, Translation

from cms.translation.editor.sheets import mark_of
from cms.translation.exchange.units import units_of
from cms.translation.models import ChangedSegment, RequestedTranslation
from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles
from tests.contracts.test_rights import is_refused
from tests.factories.pages import make_practice
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country
from tests.translation.machine_servers import machine_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ALL, NONE = {"ru", "kk"}, set[str]()
# Into which languages each role changes the translations of a page of Kazakhstan, and in which it publishes them.
CHANGES: dict[str, set[str]] = {
    Role.ADMINISTRATOR: ALL,
    Role.PUBLISHER: ALL,
    Role.EDITOR: ALL,
    "focal-point": ALL,
    "focal-point of another country": NONE,
    "translator": {"ru"},
    "translation-reviewer": {"ru"},
    Role.IDEA_MODERATOR: NONE,
    Role.DATA_MANAGER: NONE,
    Role.PARTNER_MANAGER: NONE,
    "nobody": NONE,
}
PUBLISHES = CHANGES | {Role.EDITOR: NONE, "focal-point": NONE, "translator": NONE}
# Addresses by name: how they are asked, and what somebody must be able to do; None where nobody can do anything.
CHANGE, PUBLISH, SOURCE, ENTER = "change", "publish", "source", "enter"
ADDRESSES: dict[str, tuple[set[str], str | None]] = {
    "javascript_catalog": ({"get"}, ENTER),
    "submit_page_translation": ({"get", "post"}, "request"),
    "submit_snippet_translation": ({"get", "post"}, None),
    "update_translations": ({"get", "post"}, SOURCE),
    "edit_string_translation": ({"put", "delete"}, CHANGE),
    "edit_override": ({"put", "delete"}, CHANGE),
    "download_pofile": ({"get"}, CHANGE),
    "upload_pofile": ({"post"}, CHANGE),
    "machine_translate": ({"post"}, CHANGE),
    "preview_translation": ({"get"}, CHANGE),
    "stop_translation": ({"post"}, CHANGE),
    "convert_to_alias": ({"get", "post"}, None),
    "translations_report": ({"get"}, "list"),
    "translations_report_results": ({"get"}, "list"),
    "snippets_api_listing": ({"get"}, None),
    "snippets_api_detail": ({"get"}, None),
}


@pytest.fixture(scope="module")
def practice(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        install_roles()
        kazakhstan = make_country("KZ")
        for name in CHANGES:
            user = User.objects.create_user(name, f"{name.replace(' ', '-')}@example.org", "carpet-of-felt-41")
            role = name.partition(" ")[0]
            country = make_country("GE") if " " in name else kazakhstan
            facts: dict[str, Any] = {"country": country} if role == "focal-point" else {}
            facts |= {"language": "ru"} if role.startswith("transla") else {}
            if role != "nobody":
                assign(user, [RoleAssignment(role=role, **facts)])
        page = make_practice(
            title="One window",
            country=kazakhstan,
            advice="<p>See <a href='https://example.org/a'>the guide</a>.</p>",
        )
        translated(page)
        translated(page, "kk", publish=False)
        return page

    return made_once(make)


@pytest.fixture(autouse=True)
def dummy(settings: Settings) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("dummy")


def enter(client: Client, name: str) -> Client:
    client.force_login(User.objects.get(username=name))
    return client


def addresses(page: Any, language: str) -> dict[str, str]:
    """Every address of the package, for the translation of a page into a language."""
    translation = Translation.objects.get(source__object_id=page.translation_key, target_locale__language_code=language)
    target = translation.get_target_instance()
    string = StringSegment.objects.get(source=translation.source, context__path="title")
    override = OverridableSegment.objects.filter(source=translation.source).first()
    arguments: dict[str, tuple[Any, ...]] = {
        "submit_page_translation": (page.pk,),
        "submit_snippet_translation": ("taxonomy", "theme", 1),
        "update_translations": (translation.source_id,),
        "edit_string_translation": (translation.pk, string.pk),
        "edit_override": (translation.pk, override.pk if override else 0),
        "convert_to_alias": (target.pk,),
        "snippets_api_listing": ("taxonomy", "theme"),
        "snippets_api_detail": ("taxonomy", "theme", 1),
    }
    plain = {"javascript_catalog", "translations_report", "translations_report_results"}
    return {
        name: reverse(f"wagtail_localize:{name}", args=() if name in plain else arguments.get(name, (translation.pk,)))
        for name in ADDRESSES
    }


def test_every_address_of_the_package_stands_in_the_table() -> None:
    space: Any = get_resolver().resolve("/admin/localize/jsi18n/")
    assert space.namespaces == ["wagtail_localize"]
    found: set[str] = set()

    def walk(resolver: Any, space: str) -> None:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern, pattern.namespace or space)
            elif space == "wagtail_localize":
                found.add(pattern.name)

    walk(get_resolver(), "")
    assert found == set(ADDRESSES)


def may(name: str, needs: str | None, language: str) -> bool:
    if needs is None:
        return False
    return {
        CHANGE: language in CHANGES[name],
        PUBLISH: language in PUBLISHES[name],
        SOURCE: CHANGES[name] == ALL,
        "request": bool(CHANGES[name]),
        "list": bool(CHANGES[name]) or name.startswith("focal-point") or name == Role.IDEA_MODERATOR,
        ENTER: name != "nobody",
    }[needs]


def ask(client: Client, method: str, address: str) -> Any:
    if method in {"put", "delete"}:
        return getattr(client, method)(address, "value=Changed", content_type="application/x-www-form-urlencoded")
    if method == "post" and "pofile" in address:
        return client.post(address, {"file": SimpleUploadedFile("a.po", b'msgid ""\nmsgstr ""\n')})
    return getattr(client, method)(address)


def content() -> list[Any]:
    """All that a screen could change without having the right to."""
    models: list[Any] = [Page, Translation, StringTranslation, ChangedSegment, RequestedTranslation]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("name", CHANGES)
def test_who_may_do_what(client: Client, practice: Any, name: str, language: str) -> None:
    enter(client, name)
    wrong = []
    before = content()
    for view, address in addresses(practice, language).items():
        methods, needs = ADDRESSES[view]
        allowed = may(name, needs, language)
        for method in {"get"} & methods if allowed else {"get", "post"} | methods:
            answer = ask(client, method, address)
            refused = is_refused(answer) or answer.status_code in {403, 404, 405}
            if refused == allowed:
                wrong.append((view, method, answer.status_code, allowed))
    assert wrong == []
    assert content() == before


@pytest.mark.parametrize("name", CHANGES)
def test_who_may_translate_does(client: Client, practice: Any, name: str) -> None:
    enter(client, name)
    for language in ("ru", "kk"):
        ask(client, "put", addresses(practice, language)["edit_string_translation"])
    changed = StringTranslation.objects.filter(data="Changed", last_translated_by__username=name)
    assert set(changed.values_list("locale__language_code", flat=True)) == CHANGES[name]


@pytest.mark.parametrize("name", CHANGES)
def test_who_may_translate_does_so_on_the_own_page(client: Client, practice: Any, name: str) -> None:
    enter(client, name)
    answers = {}
    for language in ("ru", "kk"):
        translation = Translation.objects.get(
            source__object_id=practice.translation_key, target_locale__language_code=language
        )
        unit = next(unit for unit in units_of(translation) if unit.path == "title")
        url = reverse("translation_segment", args=(translation.pk, unit.id))
        assert client.get(url).status_code in {405, 302 if name == "nobody" else 405}
        answers[language] = client.post(url, {"text": "Changed", "seen": mark_of(unit.target)})
    changed = StringTranslation.objects.filter(data="Changed", last_translated_by__username=name)
    assert set(changed.values_list("locale__language_code", flat=True)) == CHANGES[name]
    assert {language for language, answer in answers.items() if not is_refused(answer)} == CHANGES[name]


@pytest.mark.parametrize("name", CHANGES)
def test_who_may_translate_may_have_a_machine_draft(client: Client, practice: Any, name: str) -> None:
    StringTranslation.objects.filter(context__path="title").delete()
    enter(client, name)
    for language in ("ru", "kk"):
        translation = Translation.objects.get(target_locale__language_code=language)
        client.post(reverse("translation_machine", args=(translation.pk,)))
    made = StringTranslation.objects.filter(context__path="title")
    assert set(made.values_list("locale__language_code", flat=True)) == CHANGES[name]


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("name", CHANGES)
def test_who_may_publish_a_translation(
    client: Client,
    practice: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    name: str,
    language: str,
) -> None:
    target = practice.get_translation(
        Page.objects.get(pk=practice.pk).get_translations().get(locale__language_code=language).locale
    )
    StringTranslation.objects.filter(context__path="title", locale__language_code=language).update(data="Жаңа")
    with django_capture_on_commit_callbacks(execute=True):
        enter(client, name).post(reverse("wagtailadmin_pages:edit", args=(target.pk,)), {"action": "publish"})
    target.refresh_from_db()
    is_published = target.live and target.title == "Жаңа"
    assert is_published == may(name, PUBLISH, language)


def test_what_is_not_translated_is_not_published(client: Client, practice: Any) -> None:
    target = Page.objects.get(translation_key=practice.translation_key, locale__language_code="kk")
    StringTranslation.objects.filter(context__path="title", locale__language_code="kk").delete()
    answer = enter(client, Role.ADMINISTRATOR).post(
        reverse("wagtailadmin_pages:edit", args=(target.pk,)), {"action": "publish"}, follow=True
    )
    assert "1 segment is not translated yet" in answer.content.decode()
    target.refresh_from_db()
    assert not target.live


def test_a_draft_older_than_its_translations_is_not_published_from_a_list(client: Client, practice: Any) -> None:
    target = Page.objects.get(translation_key=practice.translation_key, locale__language_code="kk")
    answer = enter(client, Role.ADMINISTRATOR).post(
        f"/admin/bulk/wagtailcore/page/publish/?id={target.pk}&next=/admin/", follow=True
    )
    assert "to be published on its own page" in answer.content.decode()
    target.refresh_from_db()
    assert not target.live
