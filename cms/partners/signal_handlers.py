"""What the processes remember of keys is forgotten when one is changed."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from cms.core import memory
from cms.partners.models import PartnerKey
from cms.partners.services import TOPIC


def forget(**kwargs: Any) -> None:
    memory.changed(TOPIC)


def connect() -> None:
    for signal in (post_save, post_delete):
        signal.connect(forget, sender=PartnerKey, dispatch_uid="partner keys")
