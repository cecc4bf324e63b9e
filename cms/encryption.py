"""Secrets that have to be read again, such as those that sign webhooks, as they stand in the database: encrypted.

The first key encrypts, all of them decrypt: `settings.ENCRYPTION_KEYS`, then `SECRET_KEY`, which serves where no key is
given, and its fallbacks. Each key is a text of any form; what encrypts is derived from it (HKDF with SHA-256, Fernet).
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"secrets in the database"


class UnreadableError(Exception):
    """A secret that none of the keys opens."""


def encrypt(text: str) -> str:
    return _ciphers(_keys()).encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Raises `UnreadableError` where a key is missing, or the text was never encrypted."""
    try:
        return _ciphers(_keys()).decrypt(text.encode()).decode()
    except InvalidToken:
        message = "A secret in the database cannot be read. ENCRYPTION_KEYS has to hold the key that encrypted it."
        raise UnreadableError(message) from None


def _keys() -> tuple[str, ...]:
    return (*settings.ENCRYPTION_KEYS, settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derived(key))) for key in keys])


def derived(key: str) -> bytes:
    """32 bytes; of no use anywhere else, whatever the key is used for beside this."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
