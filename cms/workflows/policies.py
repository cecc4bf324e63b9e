"""Who may do what with which page: the rights of groups, and those over one country, one language or a type.

Focal points write and change the pages of their countries, and see no draft of another one. Translators change
translations into their languages, and reviewers publish these. Some roles change originals of a type.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.db.models.functions import Length, Substr
from wagtail.models import Page, PagePermissionTester
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from cms.users.choices import BY_LANGUAGE, BY_TYPE, Role
from cms.users.models import RoleAssignment, Scopes, User
from cms.workflows.registries import common_places, country_owned, roles_over, types_of_roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

NOTHING = Q(pk__in=[])
REVIEWER_ACTIONS = frozenset({"change", "publish"})
ROLES_BY_ACTION = {
    "add": (Role.FOCAL_POINT, *BY_TYPE),
    "change": (Role.FOCAL_POINT, Role.TRANSLATOR, Role.TRANSLATION_REVIEWER, *BY_TYPE),
    "publish": (Role.TRANSLATION_REVIEWER,),
}


class ContentPermissionTester(PagePermissionTester):
    """As Wagtail's, with the rights over a country or a language beside those of groups."""

    def __init__(self, user: User, page: Page) -> None:
        super().__init__(user, page)
        if user.is_active and not user.is_superuser:
            self.permissions |= scoped_actions(user, page)

    def can_publish(self) -> bool:
        """Where pages are reviewed, what a colleague approves is published. Only superusers go past that."""
        return bool(super().can_publish()) and not self.must_be_reviewed()

    def can_publish_subpage(self) -> bool:
        return bool(super().can_publish_subpage()) and (self.user.is_superuser or not self.page.has_workflow)

    def can_set_view_restrictions(self) -> bool:
        return bool(super().can_publish())

    def can_unschedule(self) -> bool:
        return bool(super().can_publish())

    def can_reorder_children(self) -> bool:
        return bool(super().can_publish_subpage())

    def must_be_reviewed(self) -> bool:
        """Translations are reviewed segment by segment, on screens of their own."""
        return not self.user.is_superuser and not is_translation(self.page) and bool(self.page.has_workflow)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """As Wagtail's, which asks the database what stands below each page of a list, also where nothing does."""
        user, page = self.user, self.page
        if not user.is_active or user.is_superuser or not page.is_leaf() or "publish" in self.permissions:
            return bool(super().can_delete(ignore_bulk))
        is_own = "add" in self.permissions and page.owner_id == user.pk
        return not page.live and (is_own or "change" in self.permissions)


def scoped_actions(user: User, page: Page) -> set[str]:
    """What somebody may do with a page for being in charge of its country or its language."""
    scopes = scopes_of(user)
    found: set[str] = set()
    if scopes.countries:
        found |= country_actions(page, scopes.countries)
    if scopes.languages and is_translation(page):
        code = page.locale.language_code
        found |= {"change"} if code in scopes.languages else set()
        found |= REVIEWER_ACTIONS if code in scopes.reviewed else set()
    if scopes.roles and page.specific_class in types_of_roles(scopes.roles, "change") and not is_translation(page):
        found |= {"change"}
    if scopes.roles and page.specific_class in types_of_roles(scopes.roles, "add"):
        found |= {"add"}
    return found


def country_actions(page: Page, countries: Iterable[int]) -> set[str]:
    model = page.specific_class
    if model in common_places():
        return {"add"}
    if model not in country_owned() or page.specific.country_id not in countries:
        return set()
    has_places_below = any(model in places for places in country_owned().values())
    return {"add", "change"} if has_places_below else {"change"}


def is_translation(page: Page) -> bool:
    return bool(getattr(page.specific, "is_translation", False))


class ContentPolicy(PagePermissionPolicy):
    """As Wagtail's, with the rights over a country or a language beside those of groups."""

    def user_has_any_permission(self, user: User, actions: Iterable[str]) -> bool:
        wanted = set(actions)
        return super().user_has_any_permission(user, wanted) or bool(wanted & actions_somewhere(user))

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Page) -> bool:
        wanted = set(actions)
        if super().user_has_any_permission_for_instance(user, wanted, instance):
            return True
        return user.is_active and bool(wanted & scoped_actions(user, instance))

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> Any:
        wanted = set(actions)
        pages = super().instances_user_has_any_permission_for(user, wanted)
        return pages | self.model._default_manager.filter(scoped(user, wanted)) if scopes_of(user) else pages

    def users_with_any_permission(self, actions: Iterable[str], include_superusers: bool = True) -> Any:
        wanted = set(actions)
        roles = {role for action in wanted for role in ROLES_BY_ACTION.get(action, ())}
        found = super().users_with_any_permission(wanted, include_superusers)
        return found | User.objects.filter(is_active=True, assignments__role__in=roles).distinct()

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Page, include_superusers: bool = True
    ) -> Any:
        wanted = set(actions)
        found = super().users_with_any_permission_for_instance(wanted, instance, include_superusers)
        in_charge = RoleAssignment.objects.filter(in_charge_of(instance, wanted)).values("user")
        return found | User.objects.filter(is_active=True, pk__in=in_charge).distinct()

    def instances_with_direct_explore_permission(self, user: User) -> list[Page]:
        """For those in charge of a country or a language, the places where their pages stand: there are few of them."""
        found = list(super().instances_with_direct_explore_permission(user))
        return [*found, *Page.objects.filter(path__in=places_of(user))] if scopes_of(user) else found

    def explorable_instances(self, user: User) -> Any:
        """Pages to work on, and those above them."""
        pages = super().explorable_instances(user)
        if not scopes_of(user):
            return pages
        places = places_of(user)
        above = {path[:end] for path in places for end in range(Page.steplen, len(path) + 1, Page.steplen)}
        return pages | self.model._default_manager.filter(scoped(user, {"add", "change"}) | Q(path__in=above))


def scopes_of(user: Any) -> Scopes:
    """Of what somebody is in charge: of nothing, where nobody is signed in."""
    return getattr(user, "scopes", Scopes())


def places_of(user: User) -> list[str]:
    """The tree paths of the pages right above those of which somebody is in charge."""
    own = Page.objects.filter(scoped(user, {"add", "change"})).order_by()
    above = Substr("path", 1, Length("path") - Page.steplen)
    return list(own.annotate(place=above).values_list("place", flat=True).distinct())


def in_charge_of(page: Page, actions: set[str]) -> Q:
    """The assignments by which somebody may do any of these with a page."""
    wanted = NOTHING
    if page.specific_class in common_places() and "add" in actions:
        wanted |= Q(role=Role.FOCAL_POINT)
    elif page.specific_class in country_owned():
        country = page.specific.country_id
        wanted |= Q(role=Role.FOCAL_POINT, country=country) if actions & country_actions(page, {country}) else NOTHING
    if not is_translation(page):
        wanted |= Q(role__in=roles_over(page.specific_class, actions))
    if is_translation(page):
        roles = [role for role in BY_LANGUAGE if any(role in ROLES_BY_ACTION.get(action, ()) for action in actions)]
        wanted |= Q(role__in=roles, language=page.locale.language_code)
    return wanted


def actions_somewhere(user: User) -> set[str]:
    """What somebody may do with some page for being in charge of a country or a language."""
    scopes = scopes_of(user)
    found: set[str] = {"add", "change"} if scopes.countries or types_of_roles(scopes.roles, "add") else set()
    found |= {"change"} if types_of_roles(scopes.roles, "change") else set()
    found |= {"change"} if scopes.languages else set()
    return found | (REVIEWER_ACTIONS if scopes.reviewed else set())


def scoped(user: User, actions: set[str]) -> Q:
    """The pages with which somebody may do any of these for being in charge of a country or a language."""
    scopes = scopes_of(user)
    wanted = []
    if scopes.countries and actions & {"add", "change"}:
        wanted += [models_of(country_owned(), country__in=scopes.countries)]
        wanted += [models_of(common_places())] if "add" in actions else []
    languages = scopes.languages if "change" in actions else scopes.reviewed if "publish" in actions else frozenset()
    if languages:
        wanted += [translations_into(languages)]
    if scopes.roles and "change" in actions:
        wanted += [models_of(types_of_roles(scopes.roles, "change"), source_language=F("locale__language_code"))]
    if scopes.roles and "add" in actions:
        wanted += [models_of(types_of_roles(scopes.roles, "add"))]
    return reduce(or_, wanted, NOTHING)


def models_of(models: Iterable[Any], **facts: Any) -> Q:
    return reduce(or_, (Q(pk__in=model.objects.filter(**facts).order_by().values("pk")) for model in models), NOTHING)


def translations_into(languages: Iterable[str]) -> Q:
    return Q(translation_state__language__in=languages)


def choosable(pages: Any, request: HttpRequest) -> Any:
    """Of the pages in a window of choice: live ones, and those that somebody may see in the lists as well."""
    if request.user.is_superuser:
        return pages
    own = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(Q(live=True) | Q(pk__in=own.order_by().values("pk")))


def countries_to_write_for(user: User, parent: Page) -> frozenset[int] | None:
    """Ids of the countries of which somebody may write a page below another one; None for all of them."""
    if user.is_superuser or not scopes_of(user).countries:
        return None
    group_rights = PagePermissionTester(user, parent).permissions
    return None if group_rights & {"add", "change"} else user.scopes.countries


class CountryRecordPolicy(ModelPermissionPolicy):
    """Records of a country: who may keep them only as its focal point keeps those of the own countries."""

    def countries(self, user: User, action: str) -> frozenset[int] | None:
        """Ids of the countries with whose records somebody may do this; None for all of them."""
        if user.is_superuser or not scopes_of(user).countries:
            return None
        others = user.groups.exclude(name=Role.FOCAL_POINT)
        right = Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            codename=get_permission_codename(action, self.model._meta),
        )
        has_it_otherwise = right.filter(Q(group__in=others) | Q(user=user)).exists()
        return None if has_it_otherwise else user.scopes.countries

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Any) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        countries = self.countries(user, action)
        return countries is None or instance.country_id in countries

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> Any:
        allowed = [self.countries(user, action) for action in actions if self.user_has_permission(user, action)]
        if not allowed:
            return self.model.objects.none()
        if None in allowed:
            return self.model.objects.all()
        return self.model.objects.filter(country__in=frozenset().union(*filter(None, allowed)))
