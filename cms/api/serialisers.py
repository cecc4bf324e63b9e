"""Pages in answers of the API: links lead to the language of the page that is read, not to that of the client."""

from __future__ import annotations

from typing import Any

from wagtail.api.v2.serializers import PageSerializer

from cms.core import links
from cms.core.bodies import load_links
from cms.core.querysets import language_of


class OwnLanguageSerialiser(PageSerializer):
    def to_representation(self, instance: Any) -> Any:
        with links.published_in(language_of(instance)):
            load_links(instance, self.fields)
            return super().to_representation(instance)
