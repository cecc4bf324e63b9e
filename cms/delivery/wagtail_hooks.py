from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail import hooks

from cms.delivery.viewsets import WebhookViewSet
from cms.delivery.webhooks.services import REPLAYED, RESUMED, ROTATED


@hooks.register("register_admin_viewset")
def viewset() -> WebhookViewSet:
    return WebhookViewSet()


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(ROTATED, gettext_lazy("Replace the secret"), gettext_lazy("Secret of a webhook replaced"))
    actions.register_action(
        REPLAYED, gettext_lazy("Deliver again"), gettext_lazy("Deliveries of a webhook asked for again")
    )
    actions.register_action(RESUMED, gettext_lazy("Resume"), gettext_lazy("Webhook resumed"))
