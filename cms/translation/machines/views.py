from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation

from cms.translation import machine
from cms.translation.files import check_right

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def draft_by_machine(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Ask for a machine to translate what nobody has; a worker does it."""
    translation = get_object_or_404(Translation.objects.select_related("source"), pk=translation_id, enabled=True)
    check_right(request.user, translation)
    service: Any = get_machine_translator()
    if service is None:
        raise Http404("no machine")
    facts = {"machine": service.display_name}
    if machine.draft(translation, cast("Any", request.user)):
        sentence = _("%(machine)s translates what nobody has. Its texts appear here, and wait for confirmation.")
        messages.success(request, sentence % facts)
    else:
        messages.info(request, _("%(machine)s is translating this page already.") % facts)
    page = translation.get_target_instance()
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=(page.pk,)))
