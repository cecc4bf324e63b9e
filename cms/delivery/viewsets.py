"""Webhooks as partner managers see them: where they go, what was delivered, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import error, success
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from cms.delivery.forms import ReplayForm, SubscriptionForm
from cms.delivery.models import Subscription
from cms.delivery.webhooks import services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LOGGED = 100
INSPECT = "webhooks:inspect"
SECRET = "webhook-secret"  # noqa: S105 - where the session holds one until it is shown


class WebhookIndexView(IndexView):
    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn("name", label=gettext_lazy("Name"), url_name=self.inspect_url_name, sort_key="name"),
            Column("url", label=gettext_lazy("Address")),
            Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
            Column("position", label=gettext_lazy("Delivered up to version")),
            DateColumn("failing_since", label=gettext_lazy("Failing since")),
        ]


class WebhookCreateView(CreateView):
    """What is entered from now on is delivered; what was before, once it is asked for."""

    def save_instance(self) -> Any:
        subscription = self.form.instance
        subscription.secret = services.new_secret()
        subscription.position = services.newest_version()
        saved = super().save_instance()
        self.request.session[SECRET] = [saved.pk, saved.secret]
        return saved

    def get_success_url(self) -> str:
        return reverse(INSPECT, args=(self.object.pk,))


class WebhookView(InspectView):
    any_permission_required = ["view", "change"]
    template_name = "delivery/webhook.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subscription = self.object
        owner, secret = self.request.session.get(SECRET, (None, ""))
        is_shown = owner == subscription.pk
        if is_shown:
            del self.request.session[SECRET]
        return super().get_context_data(**kwargs) | {
            "subscription": subscription,
            "secret": secret if is_shown else "",
            "deliveries": subscription.deliveries.all()[:LOGGED],
            "newest": services.newest_version(),
            "may_change": self.permission_policy.user_has_permission(self.request.user, "change"),
        }


class WebhookActionView(WebhookView):
    """Something that is done about a webhook. It is sent, so that nobody does it by a link."""

    any_permission_required = ["change"]
    http_method_names = ["post"]
    action = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        getattr(self, self.action)(request, self.object)
        return redirect(INSPECT, self.object.pk)

    def test(self, request: HttpRequest, subscription: Subscription) -> None:
        outcome = services.send_test(subscription)
        if outcome.is_delivered:
            success(
                request, _("The test was delivered: the receiver answered %(status)s.") % {"status": outcome.status}
            )
        else:
            answer = {"answer": outcome.status or outcome.problem}
            error(request, _("The test was not delivered: %(answer)s.") % answer)

    def rotate(self, request: HttpRequest, subscription: Subscription) -> None:
        secret = services.rotate(subscription, request.user)
        request.session[SECRET] = [subscription.pk, secret]
        success(request, _("For a day, the secret before this one signs as well."))

    def replay(self, request: HttpRequest, subscription: Subscription) -> None:
        form = ReplayForm(request.POST)
        if not form.is_valid() or form.cleaned_data["version"] > services.newest_version():
            error(request, _("Give a version that the ledger has had, as a whole number from 0."))
            return
        services.replay(subscription, form.cleaned_data["version"], request.user)
        success(request, _("Everything after this version is delivered again."))

    def resume(self, request: HttpRequest, subscription: Subscription) -> None:
        services.resume(subscription, request.user)
        success(request, _("The webhook goes on where it stood."))


class WebhookViewSet(ModelViewSet):
    model = Subscription
    name = "webhooks"
    icon = "link"
    menu_label = gettext_lazy("Webhooks")
    menu_order = 1400
    menu_hook = "register_reports_menu_item"
    add_to_admin_menu = True
    add_to_reference_index = False
    search_fields = ["name", "url"]
    index_view_class = WebhookIndexView
    add_view_class = WebhookCreateView
    inspect_view_class = WebhookView
    inspect_view_enabled = True
    copy_view_enabled = False
    template_prefix = "delivery/admin/"

    def get_form_class(self, for_update: bool = False) -> Any:
        return SubscriptionForm

    def get_urlpatterns(self) -> list[Any]:
        pk = f"<{self.pk_path_converter}:pk>"
        options = self.get_inspect_view_kwargs()
        actions = [
            path(f"{action}/{pk}/", self.construct_view(WebhookActionView, **options, action=action), name=action)
            for action in ("test", "rotate", "replay", "resume")
        ]
        return [*super().get_urlpatterns(), *actions]
