"""Where partner managers keep the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import success, warning
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import CreateView, EditView, InspectView, SnippetViewSet

from cms.partners.choices import Scope
from cms.partners.models import PartnerKey
from cms.partners.services import draw, revoke

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

DAYS_SHOWN = 60
NAMES = dict(Scope.choices)


class KeyCreateView(CreateView):
    def save_instance(self) -> PartnerKey:
        self.secret = draw(self.form.instance)
        self.form.instance.created_by = self.request.user
        return super().save_instance()

    def save_action(self) -> HttpResponse:
        """The answer to the form is the only place where the key ever stands."""
        context = {"key": self.object, "secret": self.secret, "list_url": self.get_success_url()}
        response = render(self.request, "partners/key_created.html", context)
        response["Cache-Control"] = "no-store"
        return response


class KeyEditView(EditView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        revoke_url = reverse(KeyViewSet.url_of("revoke"), args=(self.object.pk,))
        return context | {"revoke_url": "" if self.object.revoked_at else revoke_url}


class KeyInspectView(InspectView):
    template_name = "partners/key_inspect.html"

    def get_fields(self) -> list[str]:
        return ["name", "prefix", "state", "rate", "quota", "expires_at", "revoked_at", "last_used_at", "created_at"]

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return gettext_lazy("State") if field_name == "state" else super().get_field_label(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        scopes = [str(NAMES.get(scope, scope)) for scope in self.object.scopes]
        return context | {"scopes": scopes, "usage": self.object.usage.all()[:DAYS_SHOWN]}


class RevokeView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asked on a page, done when the answer is sent."""

    model = PartnerKey
    permission_policy = policy_registry.get_by_type(PartnerKey)
    permission_required = "change"
    template_name = "partners/key_revoke.html"
    header_icon = "key"
    page_title = gettext_lazy("Revoke the key")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = get_object_or_404(PartnerKey, pk=kwargs["pk"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"key": self.object, "list_url": reverse(KeyViewSet.url_of("list"))}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if revoke(self.object, by=request.user):
            success(request, _("The key of %(name)s was revoked. It is refused from now on.") % {"name": self.object})
        else:
            warning(request, _("The key of %(name)s was revoked before.") % {"name": self.object})
        return redirect(KeyViewSet.url_of("list"))


class KeyViewSet(SnippetViewSet):
    model = PartnerKey
    icon = "key"
    menu_label = gettext_lazy("Partner keys")
    menu_name = "partner-keys"
    menu_order = 850
    add_to_settings_menu = True
    add_view_class = KeyCreateView
    edit_view_class = KeyEditView
    edit_template_name = "partners/key_edit.html"
    inspect_view_class = KeyInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    list_display = [
        "name",
        Column("prefix", label=gettext_lazy("Beginning of the key")),
        Column("state", label=gettext_lazy("State")),
        NumberColumn("rate", label=gettext_lazy("In a minute"), sort_key="rate"),
        NumberColumn("quota", label=gettext_lazy("In a day"), sort_key="quota"),
        DateColumn("expires_at", label=gettext_lazy("Expires"), sort_key="expires_at"),
        DateColumn("last_used_at", label=gettext_lazy("Last used"), sort_key="last_used_at"),
    ]
    search_fields = ["name", "prefix"]

    @staticmethod
    def url_of(name: str) -> str:
        return f"wagtailsnippets_partners_partnerkey:{name}"

    @cached_property
    def revoke_view(self) -> Any:
        return RevokeView.as_view(model=PartnerKey)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path(f"revoke/<{self.pk_path_converter}:pk>/", self.revoke_view, name="revoke"),
        ]
