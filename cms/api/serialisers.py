"""Pages in answers of the API: labels and links are those of the language of the page, not of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation
from rest_framework.fields import Field, SkipField
from wagtail.api.v2.serializers import PageParentField, PageSerializer

from cms.core import links
from cms.core.bodies import load_links
from cms.core.querysets import language_of
from cms.core.serialisers import translation_json

if TYPE_CHECKING:
    from cms.core.shapes import Translation


class TranslationsField(Field):
    """All public versions of a page, its own among them."""

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def to_representation(self, value: Any) -> list[Translation]:
        versions = self.context["view"].versions.get(value.translation_key, [])
        return [translation_json(version) for version in versions]


class IsFallbackField(Field):
    """Whether a page stands in for one in the language that was asked for; said where that may be."""

    def get_attribute(self, instance: Any) -> Any:
        asked = self.context["request"].GET
        if "fallback" not in asked:
            raise SkipField
        return language_of(instance) != asked.get("locale")

    def to_representation(self, value: bool) -> bool:
        return value


class ParentField(PageParentField):
    """As Wagtail's; where the public parents of many pages have been loaded, it is taken from these."""

    def get_attribute(self, instance: Any) -> Any:
        if "parents" in self.context:
            return self.context["parents"].get(instance.path[: -instance.steplen])
        return super().get_attribute(instance)


class OwnLanguageSerialiser(PageSerializer):
    parent = ParentField(read_only=True)
    translations = TranslationsField(read_only=True)
    is_fallback = IsFallbackField(read_only=True)

    def to_representation(self, instance: Any) -> Any:
        language = language_of(instance)
        with links.published_in(language), translation.override(language):
            load_links(instance, self.fields)
            return super().to_representation(instance)
