"""LibreTranslate, https://docs.libretranslate.com: free software that an administration can run itself."""

from __future__ import annotations

from typing import Any

from cms.translation.machines.base import Service, called


class LibreTranslate(Service):
    display_name = "LibreTranslate"
    needs = ("URL",)
    languages_path = "/languages"
    # Installations set limits of their own; 2,000 characters are the least that is usual.
    most_texts = 20
    most_characters = 2_000

    def pair(self, source: str, target: str, timeout: float | None = None) -> tuple[str, str] | None:
        targets = {str(row.get("code")): row.get("targets") or [] for row in self.languages(timeout)}
        origin = called(source, targets)
        aim = called(target, map(str, targets[origin])) if origin else None
        return (origin, aim) if origin and aim and origin != aim else None

    def ask(self, pair: tuple[str, str], texts: list[str]) -> Any:
        sent: dict[str, Any] = {"q": texts, "source": pair[0], "target": pair[1], "format": "html"}
        if self.options.get("KEY"):
            sent["api_key"] = self.options["KEY"]
        answer = self.connection.ask("/translate", sent)
        return answer.get("translatedText") if isinstance(answer, dict) else None
