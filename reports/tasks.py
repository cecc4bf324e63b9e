from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.background.backends import background_task
from reports.bodies import block_charts, load_charts


@background_task(_("Draw the charts of a page"), atomic=False)
def draw_charts(pk: int) -> None:
    """Draw what the page shows in its own language, so that no reader waits for it. What is drawn already is kept."""
    page = Page.objects.live().filter(pk=pk).specific().first()
    if page is None:
        return
    with translation.override(page.locale.language_code):
        load_charts(page)
        for chart in block_charts(page):
            len(chart.pictures)
