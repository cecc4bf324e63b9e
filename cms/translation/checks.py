"""Half of what a service of machine translation needs, found by `manage.py check`."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name
from wagtail_localize.machine_translators import get_machine_translator


@register()
def machine_can_be_asked(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """translation.E001: a service lacks its address or key. translation.W001: one of these is there, and no service."""
    machine: Any = get_machine_translator()
    if machine is None:
        if settings.MACHINE_TRANSLATION["URL"] or settings.MACHINE_TRANSLATION["KEY"]:
            yield Warning(
                "There is an address or a key for machine translation, but no service.",
                hint="Name the service in MACHINE_TRANSLATION, or remove MACHINE_TRANSLATION_URL and _KEY.",
                id="translation.W001",
            )
        return
    for name in machine.needs:
        if not machine.options.get(name):
            yield Error(
                f"{machine.display_name} needs MACHINE_TRANSLATION_{name}.",
                hint="Give it, or leave MACHINE_TRANSLATION empty.",
                id="translation.E001",
            )
