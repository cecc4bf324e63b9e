"""Asking for translations, and watching their drafts come into being."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource

from cms.translation import machine, policies, services
from cms.translation.choices import Progress
from cms.translation.forms import RequestForm
from cms.translation.models import RequestedTranslation, TranslationRequest
from cms.translation.staleness import original_of
from cms.translation.viewsets import POLICY, RIGHTS, TranslationsMenuItem, originals

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

REQUESTS = "translation_requests"


class Screen(WagtailAdminTemplateMixin, TemplateView):
    """A page of the administration with its own name at the end of the way that led to it."""

    header_icon = "globe"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, here]


class RequestView(Screen):
    """The form by which a page is asked for in other languages, with the pages below it or without."""

    template_name = "translation/request.html"
    page_title = _("Request translation")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if getattr(page, "is_translation", False):
            page = (original_of(page) or page).specific
        self.page = page
        if not self.languages:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def languages(self) -> list[tuple[str, Any]]:
        user: Any = self.request.user
        return policies.languages_to_request(user, self.page)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    @cached_property
    def below(self) -> Any:
        """The originals below the page in its language of which somebody may ask for translations."""
        found: Any = originals(self.request.user).descendant_of(self.page)
        return found.exclude(translation_state__isnull=False)

    @cached_property
    def machine_languages(self) -> list[Locale]:
        locales = {locale.language_code: locale for locale in Locale.objects.all()}
        asked = [locales[code] for code, _name in self.languages if code in locales]
        return machine.offered(self.page.locale, asked)

    @cached_property
    def form(self) -> RequestForm:
        chosen = self.request.GET.getlist("language") or [code for code, _name in self.languages]
        return RequestForm(
            self.request.POST if self.request.method == "POST" else None,
            languages=self.languages,
            below=self.below.count(),
            machine=machine.offer(self.machine_languages),
            initial={"languages": chosen},
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        edit_url = reverse("wagtailadmin_pages:edit", args=(self.page.pk,))
        return context | {"form": self.form, "back_url": edit_url}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        facts = self.form.cleaned_data
        languages, with_below = facts.pop("languages"), facts.pop("with_pages_below", False)
        if facts.pop("by_machine", False):
            facts["by_machine"] = [locale.language_code for locale in self.machine_languages]
        below = self.below.specific(defer=True).order_by("path").iterator() if with_below else ()
        user: Any = request.user
        made = services.request_translations(user, [self.page, *below], languages, **facts)
        return redirect("translation_request", made.pk)


class RequestProgressView(Screen):
    """A request, and how far its drafts are; `results_only`, the part that changes."""

    page_title = _("Request for translation")
    results_only = False
    template_name = "translation/request_progress.html"
    results_template_name = "translation/request_progress_results.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = get_object_or_404(
            TranslationRequest.objects.select_related("requested_by", "assignee"), pk=kwargs["pk"]
        )
        user: Any = request.user
        if not policies.may_see_request(user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, {"url": reverse(REQUESTS), "label": RequestsReport.page_title}, here]

    def get_template_names(self) -> list[str]:
        return [self.results_template_name if self.results_only else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        items = list(self.object.items.select_related("source", "locale", "page"))
        counts = {one: sum(item.progress == one for item in items) for one in Progress.values}
        return context | {"object": self.object, "items": items, "counts": counts, "total": len(items)}


class RequestsReport(ReportView):
    """Requests for translation, the newest first."""

    model = TranslationRequest
    page_title = _("Requests for translation")
    header_icon = "globe"
    index_url_name = REQUESTS
    index_results_url_name = f"{REQUESTS}_results"
    permission_policy = POLICY
    any_permission_required = RIGHTS
    columns = [
        TitleColumn(
            "title",
            label=_("Pages"),
            accessor="titles",
            get_url=lambda one: reverse("translation_request", args=(one.pk,)),
        ),
        Column("languages", label=_("Languages"), accessor="languages"),
        Column("ready", label=_("Drafts"), accessor="drafts"),
        Column("priority", label=_("Priority"), accessor="get_priority_display", sort_key="priority"),
        DateColumn("due_on", label=_("Due"), sort_key="due_on"),
        Column("assignee", label=_("Translator"), accessor="assignee.display_name"),
        DateColumn("created_at", label=_("Requested"), sort_key="created_at"),
    ]
    default_ordering = "-created_at"

    def get_base_queryset(self) -> Any:
        user: Any = self.request.user
        visible = TranslationRequest.objects.filter(policies.visible_requests(user)).order_by().values("pk")
        items = RequestedTranslation.objects.select_related("source", "locale")
        ready = Count("items", filter=Q(items__progress=Progress.READY))
        requests = TranslationRequest.objects.filter(pk__in=visible).select_related("assignee", "requested_by")
        return requests.annotate(ready=ready, total=Count("items")).prefetch_related(Prefetch("items", items))

    def decorate_paginated_queryset(self, object_list: Any) -> list[Any]:
        requests = list(object_list)
        for one in requests:
            items = list(one.items.all())
            titles = list(dict.fromkeys(item.source.get_admin_display_title() for item in items))
            one.titles = "; ".join(titles[:3]) + (" …" if len(titles) > len(titles[:3]) else "")
            one.languages = ", ".join(dict.fromkeys(str(item.locale.get_display_name()) for item in items))
            one.drafts = f"{one.ready} / {one.total}"
        return requests


def translations_follow(request: HttpRequest, translation_source_id: int) -> HttpResponseRedirect:
    """In the place of synchronisation by hand: what is kept of an original follows its publication by itself."""
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    page = Page.objects.filter(translation_key=source.object_id, locale=source.locale).first()
    if page is None:
        raise Http404("no page of this original")
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=(page.pk,)))


def closed(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """In the place of screens by which pages would become copies that are public at once, or for which nothing is."""
    raise PermissionDenied


def requests_item() -> TranslationsMenuItem:
    return TranslationsMenuItem(_("Requests for translation"), reverse(REQUESTS), icon_name="globe", order=1210)
