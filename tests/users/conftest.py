from __future__ import annotations

import pytest

from cms.users.services import install_roles


@pytest.fixture
def roles(db: None) -> None:
    install_roles()
