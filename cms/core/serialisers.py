"""Public JSON by kind of value: the same picture looks the same wherever it stands in an answer."""

from typing import Any

from django.utils.encoding import force_str
from rest_framework.fields import Field
from wagtail.rich_text import expand_db_html

from cms.core.pictures import focal_point, renditions
from cms.core.shapes import HTML, File, Label, PageLink, Picture, Translation


def image_json(image: Any) -> Picture | None:
    """What a picture is, and the sizes that there are of it. None where there is no image."""
    if image is None:
        return None
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.default_alt_text,
        "width": image.width,
        "height": image.height,
        "credit": image.credit,
        "url": image.file.url,
        "focal_point": focal_point(image),
        "renditions": renditions(image),
    }


def document_json(document: Any) -> File | None:
    """Id, title, language, size in bytes and download address. None where there is no document."""
    if document is None:
        return None
    return {
        "id": document.pk,
        "title": document.title,
        "language": document.language,
        "size": document.file_size,
        "url": document.url,
    }


def is_public(page: Any) -> bool:
    """Whether anybody may read a page. False for an absent page."""
    return page is not None and page.live and not page.get_view_restrictions().exists()


def page_json(page: Any) -> PageLink | None:
    """Id, type, title, language and address of a public page. None for a draft, a private or an absent page."""
    return link_json(page) if is_public(page) else None


def link_json(page: Any) -> PageLink:
    """As `page_json`, of a page that is known to be public."""
    return {
        "id": page.pk,
        "type": page.specific_class._meta.label,
        "title": page.title,
        "locale": page.locale.language_code,
        "url": page.full_url,
    }


def translation_json(page: Any) -> Translation:
    """A public language version of an item and how it stands.

    `status` is `original`, `current`, `outdated` or `orphaned` (its original was deleted); what has changed in the
    original since is counted in segments. The page has its `locale` and `translation_state` loaded.
    """
    state = getattr(page, "translation_state", None)
    segments = state.outdated_segments if state and state.source_id else 0
    status = "original" if state is None else "orphaned" if state.source_id is None else "current"
    return {
        "locale": page.locale.language_code,
        "id": page.pk,
        "title": page.title,
        "url": page.full_url,
        "status": "outdated" if segments else status,
        "outdated_segments": segments,
        "outdated_since": state.outdated_since if state and segments else None,
    }


class RichTextField(Field):
    """Rich text as HTML with resolved links."""

    def to_representation(self, value: str) -> HTML:
        return expand_db_html(value)


class LabelledField(Field):
    """A vocabulary row as `{code, label}`, the label in the language of the request."""

    def to_representation(self, value: Any) -> Label:
        return {"code": value.code, "label": value.label}


class LabelledListField(Field):
    """Vocabulary rows as a list of `{code, label}`."""

    def to_representation(self, value: Any) -> list[Label]:
        rows = value.all() if hasattr(value, "all") else value
        return [{"code": row.code, "label": row.label} for row in rows]


class ChoiceField(Field):
    """A fixed-list value as `{code, label}`; None where nothing was chosen."""

    def get_attribute(self, instance: Any) -> Any:
        code = getattr(instance, str(self.source))
        return (code, getattr(instance, f"get_{self.source}_display")()) if code else None

    def to_representation(self, value: tuple[str, Any]) -> Label:
        return {"code": value[0], "label": force_str(value[1])}


class ImageField(Field):
    """An image, expanded."""

    def to_representation(self, value: Any) -> Picture | None:
        return image_json(value)


class DocumentField(Field):
    """A document, expanded."""

    def to_representation(self, value: Any) -> File | None:
        return document_json(value)
