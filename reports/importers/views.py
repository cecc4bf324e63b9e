"""Where statistics are sent, looked at after a dry run, and imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from reports.choices import Origin, RejectReason
from reports.importers import entries, uploads
from reports.importers.forms import ROWS, EntryForm, FigureFormSet, Figures, UploadForm
from reports.importers.profiles.registry import PROFILES
from reports.importers.profiles.template import explanations, write_template
from reports.importers.reporting import left_out_in_words, write_rejects
from reports.models import Observation, StatisticsUpload
from taxonomy.models import Country

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from reports.importers.reporting import FileReport

LIST = "statistics_uploads"
SHOWN_UPLOADS, SHOWN_REJECTS = 20, 50
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ImportsMenuItem(MenuItem):
    """Shown to those who may send statistics."""

    def is_shown(self, request: Any) -> bool:
        return bool(policy_registry.get_by_type(StatisticsUpload).user_has_permission(request.user, "add"))


def countries_of(user: Any) -> frozenset[int] | None:
    """Ids of the countries for which somebody may send statistics, None for all; refused where there is none."""
    policy = policy_registry.get_by_type(StatisticsUpload)
    if not policy.user_has_permission(user, "add"):
        raise PermissionDenied
    countries: frozenset[int] | None = policy.countries(user, "add")
    return countries


def upload_for(user: Any, pk: int) -> StatisticsUpload:
    upload = get_object_or_404(StatisticsUpload.objects.select_related("user"), pk=pk)
    if not uploads.may_import(user, upload):
        raise PermissionDenied
    return upload


class Screen(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class UploadView(Screen):
    """The form by which files are sent, and what was sent lately."""

    page_title = gettext_lazy("Import statistics")
    template_name = "reports/imports/send.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.countries = countries_of(request.user)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form(self) -> UploadForm:
        sent = (self.request.POST, self.request.FILES) if self.request.method == "POST" else ()
        return UploadForm(*sent, countries=self.countries)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        lately = StatisticsUpload.objects.visible_to(self.countries)[:SHOWN_UPLOADS]
        return context | {"form": self.form, "uploads": lately, "profiles": PROFILES.values()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        upload = uploads.receive(request.user, self.form.cleaned_data.pop("sent"), **self.form.cleaned_data)
        return redirect("statistics_upload", upload.pk)


class EntryView(Screen):
    """The form in which figures are typed in, and what the country has sent of the same indicator."""

    page_title = gettext_lazy("Enter national figures")
    template_name = "reports/imports/enter.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.countries = countries_of(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, {"url": reverse(LIST), "label": UploadView.page_title}, here]

    @cached_property
    def form(self) -> EntryForm:
        sent = self.request.POST if self.request.method == "POST" else None
        return EntryForm(sent, countries=self.countries, initial=self.request.GET.dict())

    @cached_property
    def figures(self) -> FigureFormSet:
        figures: Any = Figures(self.request.POST if self.request.method == "POST" else None)
        return cast("FigureFormSet", figures)

    def known(self) -> Any:
        """The newest figures that the chosen country has sent of the chosen indicator."""
        found = EntryForm(self.request.POST or self.request.GET, countries=self.countries)
        if not found.is_valid():
            return []
        figures = Observation.objects.current(Origin.NATIONAL).filter(**found.cleaned_data)
        return figures.order_by("-period_start")[:ROWS]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        explained = explanations(None)
        return context | {"form": self.form, "figures": self.figures, "known": self.known(), "explained": explained}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.form.is_valid() and self.figures.is_valid() and (report := self.take_in()):
            facts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
            text = _("New figures: %(added)d; changed: %(changed)d; unchanged: %(unchanged)d.")
            messages.success(request, text % facts)
            chosen = {name: str(row.pk) for name, row in self.form.cleaned_data.items()}
            return redirect(f"{reverse('statistics_enter')}?{urlencode(chosen)}")
        return self.render_to_response(self.get_context_data())

    def take_in(self) -> FileReport | None:
        """What came of the figures; None where nothing was kept of them, which the forms then explain."""
        if not self.figures.filled:
            self.form.add_error(None, _("Enter at least one figure."))
            return None
        rows = [row.cleaned_data for row in self.figures.filled]
        report = entries.take_in(self.request.user, rows=rows, **self.form.cleaned_data)
        self.figures.refuse(report.rejects)
        return None if report.rejected else report


class UploadReportView(Screen):
    """What a dry run or an import of sent files has found."""

    page_title = gettext_lazy("Statistics that were sent")
    template_name = "reports/imports/report.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = upload_for(request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, {"url": reverse(LIST), "label": UploadView.page_title}, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = [one | {"left_out": left_out_in_words(one["left_out"])} for one in self.object.found]
        rejects = [
            one | {"file": name, "reason": RejectReason(one["reason"]).label}
            for name, listed in self.object.rejects
            for one in listed
        ]
        profile = PROFILES.get(self.object.profile)
        facts = {"object": self.object, "profile": profile.name if profile else self.object.profile, "found": found}
        return context | facts | {"rejects": rejects[:SHOWN_REJECTS], "has_more": len(rejects) > SHOWN_REJECTS}


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    upload = upload_for(request.user, pk)
    if not uploads.start_import(upload.pk):
        messages.warning(request, _("These files are not waiting to be imported any more."))
    return redirect("statistics_upload", upload.pk)


@require_safe
def rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was rejected, as CSV."""
    upload = upload_for(request.user, pk)
    headers = {"Content-Disposition": f'attachment; filename="rejects-{upload.pk}.csv"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    write_rejects(response, upload.rejects)  # type: ignore[arg-type]  # it is written to like a file
    return response


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty form for national figures of a `country` (alpha-2), of the `kind` csv or xlsx."""
    countries = countries_of(request.user)
    code, kind = request.GET.get("country", ""), request.GET.get("kind", "")
    if kind not in CONTENT_TYPES or not code.isalpha():
        raise Http404("no such form")
    country = get_object_or_404(Country, code=code)
    if countries is not None and country.pk not in countries:
        raise PermissionDenied
    headers = {"Content-Disposition": f'attachment; filename="national-figures-{country.code}.{kind}"'}
    response = HttpResponse(content_type=CONTENT_TYPES[kind], headers=headers)
    write_template(response, country, kind)
    return response
