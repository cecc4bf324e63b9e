from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cms.users.choices import Role
from cms.users.services import install_roles
from tests.users.people import make

if TYPE_CHECKING:
    from cms.users.models import User


@pytest.fixture
def moderator(db: None) -> User:
    install_roles()
    return make("moderator", Role.IDEA_MODERATOR)
