"""Files are changed by those who may change all, by who has uploaded them, and by focal points of the same country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.permissions import policy_registry

from cms.media.models import Document, Image
from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles
from tests.contracts.test_rights import is_refused
from tests.factories.media import make_document, make_image
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

PEOPLE: dict[str, dict[str, Any]] = {
    "uploader": {"role": Role.FOCAL_POINT, "country": "KZ"},
    "colleague": {"role": Role.FOCAL_POINT, "country": "KZ"},
    "neighbour": {"role": Role.FOCAL_POINT, "country": "GE"},
    "editor": {"role": Role.EDITOR},
    "publisher": {"role": Role.PUBLISHER},
    "translator": {"role": Role.TRANSLATOR, "language": "ru"},
    "left": {"role": Role.FOCAL_POINT, "country": "KZ"},
}
# Who may change, and who may delete, what a focal point of Kazakhstan has uploaded. To Wagtail these are one right.
MAY_CHANGE = {"uploader", "colleague", "editor", "publisher"}
EDIT = {Image: "wagtailimages:edit", Document: "wagtaildocs:edit"}


@pytest.fixture(scope="module")
def files(made_once: Callable[[Callable[[], Any]], Any]) -> dict[Any, Any]:
    def make() -> dict[Any, Any]:
        install_roles()
        for name, facts in PEOPLE.items():
            user = User.objects.create_user(name, f"{name}@example.org", "carpet-of-felt-41")
            country = make_country(facts["country"]) if "country" in facts else None
            assign(user, [RoleAssignment(**{**facts, "country": country})])
        User.objects.filter(username="left").update(is_active=False)
        found: dict[Any, Any] = {Image: make_image(), Document: make_document()}
        for row in found.values():
            row.uploaded_by_user = User.objects.get(username="uploader")
            row.save()
        return found

    made: dict[Any, Any] = made_once(make)
    return made


@pytest.mark.parametrize("model", EDIT, ids=lambda model: model.__name__)
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("action", ["change", "delete"])
def test_focal_points_of_a_country_share_their_files(files: dict[Any, Any], model: Any, name: str, action: str) -> None:
    user, policy, row = User.objects.get(username=name), policy_registry.get_by_type(model), files[model]
    answers = (
        policy.user_has_permission_for_instance(user, action, row),
        policy.instances_user_has_permission_for(user, action).filter(pk=row.pk).exists(),
        user in policy.users_with_permission_for_instance(action, row),
    )
    assert answers == (name in MAY_CHANGE,) * 3


@pytest.mark.parametrize("model", EDIT, ids=lambda model: model.__name__)
@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"left"}))
def test_the_screens_hold_it(client: Client, files: dict[Any, Any], model: Any, name: str) -> None:
    client.force_login(User.objects.get(username=name))
    address, row = reverse(EDIT[model], args=(files[model].pk,)), files[model]
    assert is_refused(client.get(address)) == (name not in MAY_CHANGE)
    if name not in MAY_CHANGE:
        client.post(address, {"title": "Mine now", "collection": row.collection_id})
        client.post(reverse(EDIT[model].replace("edit", "delete"), args=(row.pk,)))
        assert model.objects.get(pk=row.pk).title == row.title


def test_what_nobody_has_uploaded_is_shared_by_no_focal_point(files: dict[Any, Any]) -> None:
    image = files[Image]
    Image.objects.filter(pk=image.pk).update(uploaded_by_user=None)
    image = Image.objects.get(pk=image.pk)
    policy, user = policy_registry.get_by_type(Image), User.objects.get(username="colleague")
    assert not policy.user_has_permission_for_instance(user, "change", image)
    assert user not in policy.users_with_permission_for_instance("change", image)


def test_what_an_editor_has_uploaded_is_no_countrys(files: dict[Any, Any]) -> None:
    image = Image.objects.get(pk=files[Image].pk)
    image.uploaded_by_user = User.objects.get(username="editor")
    policy, user = policy_registry.get_by_type(Image), User.objects.get(username="colleague")
    assert not policy.user_has_permission_for_instance(user, "delete", image)


def test_a_focal_point_still_chooses_from_all(files: dict[Any, Any]) -> None:
    policy, user = policy_registry.get_by_type(Image), User.objects.get(username="neighbour")
    assert policy.instances_user_has_permission_for(user, "choose").filter(pk=files[Image].pk).exists()
