"""Issuing, finding and revoking keys."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.core import memory
from cms.partners.models import PartnerKey

if TYPE_CHECKING:
    from datetime import datetime

REVOKED = "partners.revoked"
TOPIC = "partner keys"
MARK = "spk"
PREFIX_BYTES, SECRET_BYTES = 4, 32


class BadKeyError(Exception):
    """A key that is not valid; the message says why."""


@dataclass(frozen=True)
class KeyFacts:
    """What must be known of a key to answer a request."""

    pk: int
    digest: str
    scopes: frozenset[str]
    rate: int
    quota: int
    expires_at: datetime | None
    is_revoked: bool


def digest_of(secret: str) -> str:
    """A quick digest will do: the secret is random and long, so that nobody finds it by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()


def draw(key: PartnerKey) -> str:
    """Give a key that is not saved yet its prefix and digest; the secret, which nobody can tell later."""
    key.prefix = secrets.token_hex(PREFIX_BYTES)
    secret = f"{MARK}_{key.prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    key.digest = digest_of(secret)
    return secret


@transaction.atomic
def issue(*, by: Any = None, **facts: Any) -> tuple[PartnerKey, str]:
    """A new key, and the secret that is shown once."""
    key = PartnerKey(created_by=by, **facts)
    secret = draw(key)
    key.full_clean()
    key.save()
    log(instance=key, action="wagtail.create", user=by)
    return key, secret


@transaction.atomic
def revoke(key: PartnerKey, *, by: Any = None) -> bool:
    """From now on the key is refused. False where it was revoked before."""
    if not PartnerKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return False
    memory.changed(TOPIC)
    log(instance=key, action=REVOKED, user=by)
    return True


def known_keys() -> dict[str, KeyFacts]:
    """All keys by their prefix, out of the memory of the process."""

    def load() -> dict[str, KeyFacts]:
        return {
            key.prefix: KeyFacts(
                key.pk,
                key.digest,
                frozenset(key.scopes),
                key.rate,
                key.quota,
                key.expires_at,
                key.revoked_at is not None,
            )
            for key in PartnerKey.objects.all()
        }

    return memory.kept(TOPIC, "keys", load)


def key_of(header: str) -> KeyFacts:
    """The key in a header `Authorization`. Raises `BadKeyError`."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise BadKeyError("Send the key as “Authorization: Bearer” and the key.")
    prefix = secret.split("_")[1] if secret.count("_") > 1 else ""
    facts = known_keys().get(prefix)
    if facts is None or not secrets.compare_digest(facts.digest, digest_of(secret)):
        raise BadKeyError("There is no such key. Without a key, requests are answered at a lower rate.")
    if facts.is_revoked:
        raise BadKeyError("The key was revoked.")
    if facts.expires_at and facts.expires_at <= timezone.now():
        raise BadKeyError("The key has expired.")
    return facts
