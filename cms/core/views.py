from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.core.models import PageTheme
from cms.core.ornament import ornament_png
from cms.core.querysets import public_pages
from cms.core.samples import style_guide_context

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

DAY = 24 * 3600


@require_safe
@cache_control(public=True, max_age=DAY)
def social_card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The ornament of a public page in the size that social networks show; 404 for what nobody may read."""
    page = public_pages().filter(translation_key=uid).order_by("pk").first()
    if page is None:
        raise Http404(f"no public page {uid}")
    themes = PageTheme.objects.filter(page=page).order_by("sort_order")
    theme = themes.values_list("theme__code", flat=True).first() or ""
    picture = cache.get_or_set(f"social-card:{uid}:{theme}", lambda: ornament_png(str(uid), theme), DAY)
    return HttpResponse(picture, content_type="image/png")


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every piece of the front end on one page, with invented content. Exists in development only."""
    return render(request, "core/style_guide.html", style_guide_context())
