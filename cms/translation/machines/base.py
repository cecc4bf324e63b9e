"""What services have in common: the languages that they can do are asked for and remembered for a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.cache import cache
from django.utils.translation import gettext as _
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.strings import StringValue

from cms.translation.machines.connections import Connection
from cms.translation.machines.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Locale

REMEMBERED, REMEMBERED_SILENCE = 24 * 3600, 60  # seconds
PATIENCE = 5  # seconds for which a screen waits to learn the languages
DEFAULT_TIMEOUT = 30


class Service(BaseMachineTranslator):
    """A machine as wagtail-localize knows them, which is asked over the network.

    Its options are those of the setting `MACHINE_TRANSLATION`, and `needs` those without which it cannot be asked.
    `most_texts` and `most_characters` are what one request may hold.
    """

    most_texts: ClassVar[int]
    most_characters: ClassVar[int]
    needs: ClassVar[tuple[str, ...]]
    languages_path: ClassVar[str]

    @property
    def url(self) -> str:
        return str(self.options.get("URL") or "")

    @property
    def headers(self) -> dict[str, str]:
        return {}

    @property
    def connection(self) -> Connection:
        return Connection(self.display_name, self.url, self.options.get("TIMEOUT") or DEFAULT_TIMEOUT, self.headers)

    @property
    def place(self) -> str:
        """The host that receives the texts."""
        return self.connection.host

    def can_translate(self, source_locale: Locale, target_locale: Locale) -> bool:
        """Whether the service does this pair of languages. For screens: where it does not say so soon, it does not."""
        silence = f"machine-silence-{self.url}"
        if cache.get(silence):
            return False
        try:
            return self.pair(source_locale.language_code, target_locale.language_code, PATIENCE) is not None
        except (RefusedError, UnavailableError):
            cache.set(silence, "silent", REMEMBERED_SILENCE)
            return False

    def translate(
        self, source_locale: Locale, target_locale: Locale, strings: Iterable[StringValue]
    ) -> dict[StringValue, StringValue]:
        """The translations of the texts of one request. Raises `RefusedError` or `UnavailableError`."""
        source, target = source_locale.language_code, target_locale.language_code
        pair = self.pair(source, target)
        if pair is None:
            sentence = _("%(service)s does not translate from %(source)s into %(target)s.")
            raise RefusedError(sentence % {"service": self.display_name, "source": source, "target": target})
        asked = list(strings)
        found = self.ask(pair, [string.data for string in asked])
        if not isinstance(found, list) or len(found) != len(asked) or not all(isinstance(one, str) for one in found):
            raise self.connection.unreadable()
        return dict(zip(asked, map(StringValue, found), strict=True))

    def pair(self, source: str, target: str, timeout: float | None = None) -> tuple[str, str] | None:
        """The two languages as the service calls them; None where it does not translate the one into the other."""
        raise NotImplementedError

    def ask(self, pair: tuple[str, str], texts: list[str]) -> Any:
        """The list of the translations as the service has it, in the order of the texts."""
        raise NotImplementedError

    def languages(self, timeout: float | None = None) -> list[dict[str, Any]]:
        """The languages as the service lists them. Raises `RefusedError` or `UnavailableError`."""
        key = f"machine-languages-{self.url}"
        known: list[dict[str, Any]] | None = cache.get(key)
        if known is None:
            known = self.connection.ask(self.languages_path, timeout=timeout)
            if not isinstance(known, list) or not all(isinstance(row, dict) for row in known):
                raise self.connection.unreadable()
            cache.set(key, known, REMEMBERED)
        return known


def called(code: str, known: Iterable[str]) -> str | None:
    """A language as a service calls it: by its code, without its region, or with the first of those that it knows."""
    by_code = {one.lower(): one for one in sorted(known)}
    wanted = code.lower()
    base = wanted.partition("-")[0]
    variants = [one for lowered, one in by_code.items() if lowered.startswith(f"{base}-")]
    return by_code.get(wanted) or by_code.get(base) or next(iter(variants), None)
