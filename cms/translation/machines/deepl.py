"""DeepL, https://developers.deepl.com: texts go to version 2 of its interface, languages are listed by version 3."""

from __future__ import annotations

from typing import Any

from cms.translation.machines.base import Service, called

FREE, PAID = "https://api-free.deepl.com", "https://api.deepl.com"


class DeepL(Service):
    display_name = "DeepL"
    needs = ("KEY",)
    languages_path = "/v3/languages?resource=translate_text"
    # A request may have 128 KiB, and a letter of Cyrillic takes six bytes of it.
    most_texts = 50
    most_characters = 15_000

    @property
    def url(self) -> str:
        """The address in the settings, or the one that goes with the kind of key."""
        return super().url or (FREE if str(self.options.get("KEY")).endswith(":fx") else PAID)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"DeepL-Auth-Key {self.options.get('KEY')}"}

    def pair(self, source: str, target: str, timeout: float | None = None) -> tuple[str, str] | None:
        rows = self.languages(timeout)
        origin = called(source, [str(row.get("lang")) for row in rows if row.get("usable_as_source")])
        aim = called(target, [str(row.get("lang")) for row in rows if row.get("usable_as_target")])
        return (origin, aim) if origin and aim and origin.partition("-")[0] != aim.partition("-")[0] else None

    def ask(self, pair: tuple[str, str], texts: list[str]) -> Any:
        sent: dict[str, Any] = {"text": texts, "source_lang": pair[0].upper(), "target_lang": pair[1].upper()}
        if self.knows_tags(pair):
            sent |= {"tag_handling": "html", "tag_handling_version": "v2"}
        answer = self.connection.ask("/v2/translate", sent)
        rows = answer.get("translations") if isinstance(answer, dict) else None
        return [row.get("text") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else None

    def knows_tags(self, pair: tuple[str, str]) -> bool:
        """Whether it keeps tags in both languages. Where not, what comes back without its tags is not taken."""
        known = {row.get("lang") for row in self.languages() if "tag_handling" in (row.get("features") or {})}
        return known.issuperset(pair)
