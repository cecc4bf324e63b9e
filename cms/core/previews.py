"""Previews of drafts in a front end of somebody else: what an editor sees there is read from the API by a token."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.translation import gettext_lazy as _
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ELSEWHERE = "elsewhere"
NONCE_BYTES = 16


class FrontEndPreviewMixin(HeadlessPreviewMixin):
    """A page with one more way of previewing it, where `HEADLESS_PREVIEW_URL` names a front end."""

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        modes: list[tuple[str, Any]] = super().preview_modes
        return [*modes, (ELSEWHERE, _("In the other front end"))] if settings.HEADLESS_PREVIEW_URL else modes

    def serve_preview(self, request: HttpRequest, preview_mode: str) -> HttpResponse:
        if preview_mode == ELSEWHERE and settings.HEADLESS_PREVIEW_URL:
            return super().serve_preview(request, preview_mode)
        return super(HeadlessPreviewMixin, self).serve_preview(request, preview_mode)

    def get_client_root_url(self, request: HttpRequest) -> str:
        return str(settings.HEADLESS_PREVIEW_URL)

    def create_page_preview(self) -> PagePreview:
        """As the package's, but no two previews have the same token: each shows what its own editor has written."""
        token = self.get_preview_signer().sign(f"{self.pk or 'new'}-{secrets.token_urlsafe(NONCE_BYTES)}")
        preview, _created = self.update_page_preview(token)
        return preview


def previewed(token: str) -> Any | None:
    """The draft that a token shows; None for a token that is not valid, or older than `HEADLESS_PREVIEW_MINUTES`."""
    try:
        FrontEndPreviewMixin.get_preview_signer().unsign(token, max_age=settings.HEADLESS_PREVIEW_MINUTES * 60)
        return PagePreview.objects.get(token=token).as_page()
    except (BadSignature, PagePreview.DoesNotExist):
        return None
