from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cms.users.choices import Role
from cms.users.services import install_roles
from tests.users.people import make

if TYPE_CHECKING:
    from cms.users.models import User


@pytest.fixture(autouse=True)
def quick_proofs(settings: Any) -> None:
    """As many tries as usual, each as cheap as can be."""
    settings.IDEAS_PROOF_ROUNDS = 1


@pytest.fixture
def moderator(db: None) -> User:
    install_roles()
    return make("moderator", Role.IDEA_MODERATOR)
