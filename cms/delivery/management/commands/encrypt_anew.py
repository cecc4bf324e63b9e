from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from cms.delivery.models import Subscription
from cms.encryption import decrypt, encrypt
from cms.users.adapters import with_secrets


class Command(BaseCommand):
    help = "Encrypt the secrets in the database with the first of the keys, before another one is taken away."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        webhooks = list(Subscription.objects.select_for_update())
        for webhook in webhooks:
            webhook.save(update_fields=["secret", "previous_secret"])
        factors = list(Authenticator.objects.select_for_update())
        for factor in factors:
            factor.data = with_secrets(factor.data, lambda text: encrypt(decrypt(text)))
            factor.save(update_fields=["data"])
        self.stdout.write(f"Encrypted anew: the secrets of {len(webhooks)} webhooks and {len(factors)} second factors.")
