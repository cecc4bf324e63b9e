"""Secrets in the database: nobody reads them there, a key can be replaced, and what there was before is closed."""

from __future__ import annotations

import importlib
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from cms.delivery.models import Subscription
from cms.delivery.webhooks import services
from cms.encryption import UnreadableError, decrypt, encrypt
from cms.users.adapters import with_secrets

OLD, NEW = "an old key " * 5, "a new key " * 5
HOOKS = importlib.import_module("cms.delivery.migrations.0005_encrypt_secrets")
FACTORS = importlib.import_module("cms.users.migrations.0004_encrypt_second_factors")


def stored(model: Any, name: str) -> str:
    """What stands in the database, whatever a field makes of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {model._meta.db_table}")  # noqa: S608 - names of the project's own
        return str(cursor.fetchone()[0])


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_the_same_text_is_another_one_each_time() -> None:
    first, second = encrypt("Тайна"), encrypt("Тайна")
    assert first != second
    assert "Тайна" not in first
    assert decrypt(first) == decrypt(second) == "Тайна"


def test_a_key_is_replaced_step_by_step(settings: Any) -> None:
    by_the_signing_key = encrypt("secret")
    settings.ENCRYPTION_KEYS = [OLD]
    by_the_old_key = encrypt("secret")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert decrypt(by_the_signing_key) == decrypt(by_the_old_key) == "secret"
    by_the_new_key = encrypt("secret")
    settings.ENCRYPTION_KEYS = [NEW]
    assert decrypt(by_the_new_key) == "secret"
    with pytest.raises(UnreadableError, match="ENCRYPTION_KEYS"):
        decrypt(by_the_old_key)
    settings.SECRET_KEY = NEW
    assert decrypt(by_the_new_key) == "secret"
    with pytest.raises(UnreadableError):
        decrypt(by_the_signing_key)
    settings.SECRET_KEY_FALLBACKS = ["test-only"]
    assert decrypt(by_the_signing_key) == "secret"


@pytest.mark.parametrize("text", ["whsec_AAAA", "gAAAA", "", "ключ"])
def test_what_was_never_encrypted_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        decrypt(text)


def test_what_was_changed_by_others_is_refused() -> None:
    text = encrypt("secret")
    with pytest.raises(UnreadableError):
        decrypt(text[:-4] + ("AAAA" if text[-4:] != "AAAA" else "BBBB"))


@pytest.mark.django_db
def test_secrets_of_webhooks_stand_encrypted(admin_user: Any) -> None:
    secret = services.new_secret()
    hook = Subscription.objects.create(name="Partner", url="https://example.org/", secret=secret)
    assert "whsec" not in stored(Subscription, "secret")
    assert stored(Subscription, "previous_secret") == ""
    assert Subscription.objects.get(pk=hook.pk).secret == secret
    services.rotate(hook, admin_user)
    assert decrypt(stored(Subscription, "previous_secret")) == secret
    assert services.valid_secrets(Subscription.objects.get(pk=hook.pk))[1] == secret


@pytest.mark.django_db
def test_secrets_of_second_factors_stand_encrypted_and_go_on_working(admin_user: Any) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(admin_user, secret)
    assert secret not in stored(Authenticator, "data")
    assert TOTP(Authenticator.objects.get(pk=factor.instance.pk)).validate_code(code_of(secret))
    codes = RecoveryCodes.activate(admin_user)
    assert codes.validate_code(codes.get_unused_codes()[0])


@pytest.mark.django_db
def test_the_command_leaves_nothing_to_the_old_key(settings: Any, admin_user: Any) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    secret = services.new_secret()
    Subscription.objects.create(name="Partner", url="https://example.org/", secret=secret, previous_secret=secret)
    TOTP.activate(admin_user, "JBSWY3DPEHPK3PXP")
    known = RecoveryCodes.activate(admin_user).generate_codes()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("encrypt_anew", stdout=out)
    assert "1 webhooks and 2 second factors" in out.getvalue()
    settings.ENCRYPTION_KEYS, settings.SECRET_KEY = [NEW], NEW
    hook = Subscription.objects.get()
    assert (hook.secret, hook.previous_secret) == (secret, secret)
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == known


@pytest.mark.django_db
def test_the_migration_closes_what_there_was_and_opens_it_again(admin_user: Any) -> None:
    plain = {
        "totp": {"secret": "JBSWY3DPEHPK3PXP"},
        "recovery_codes": {"seed": "ab" * 40, "used_mask": 3, "migrated_codes": ["11112222", "33334444"]},
        "webauthn": {"name": "Mine", "credential": {"id": "public"}},
    }
    for kind, data in plain.items():
        Authenticator.objects.create(user=admin_user, type=kind, data=data)

    def held() -> dict[str, Any]:
        return dict(Authenticator.objects.values_list("type", "data"))

    FACTORS.close(apps, None)
    closed = held()
    assert closed["webauthn"] == plain["webauthn"]
    assert "11112222" not in str(closed)
    assert "JBSWY3DPEHPK3PXP" not in str(closed)
    assert {kind: with_secrets(data, decrypt) for kind, data in closed.items()} == plain
    FACTORS.open_again(apps, None)
    assert held() == plain


class Rows:
    """The table of subscriptions as it is at this point of the migration: its secrets are plain columns."""

    def get_model(self, _app: str, _name: str) -> Any:
        return self

    @property
    def objects(self) -> Any:
        return self

    def __init__(self, *rows: Any) -> None:
        self.rows = rows

    def all(self) -> Any:
        return self.rows


class Row:
    def __init__(self, secret: str, previous_secret: str) -> None:
        self.secret, self.previous_secret, self.saved = secret, previous_secret, False

    def save(self, **_options: Any) -> None:
        self.saved = True


def test_the_migration_closes_secrets_of_webhooks_and_leaves_what_is_empty() -> None:
    row = Row("whsec_one", "")
    HOOKS.close(Rows(row), None)
    assert (decrypt(row.secret), row.previous_secret, row.saved) == ("whsec_one", "", True)
    HOOKS.open_again(Rows(row), None)
    assert (row.secret, row.previous_secret) == ("whsec_one", "")
