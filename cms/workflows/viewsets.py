"""What staff choose for themselves: of what they are told, and how often."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NotificationsSettingsPanel, notifications_tab

from cms.workflows.choices import Frequency, Kind
from cms.workflows.notifications import frequencies, subscribe


class SubscriptionsForm(forms.Form):
    """A frequency for each kind of notification, and whether comments are mailed, which Wagtail does."""

    updated_comments_notifications = forms.BooleanField(
        label=_("Comments on my pages, and answers to mine"), required=False
    )

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = instance
        for kind, frequency in frequencies(instance.user).items():
            self.fields[kind] = forms.ChoiceField(label=Kind(kind).label, choices=Frequency.choices, initial=frequency)
        self.initial["updated_comments_notifications"] = instance.updated_comments_notifications
        self.order_fields([*Kind.values, "updated_comments_notifications"])

    def save(self) -> None:
        for kind in Kind:
            subscribe(self.profile.user, kind, Frequency(self.cleaned_data[kind.value]))
        self.profile.updated_comments_notifications = self.cleaned_data["updated_comments_notifications"]
        self.profile.save(update_fields=["updated_comments_notifications"])


class SubscriptionsPanel(BaseSettingsPanel):
    name = "notifications"
    title = _("Notifications")
    tab = notifications_tab
    order = 100
    form_class = SubscriptionsForm
    form_object = "profile"


class OwnAccountView(AccountView):
    """Wagtail's account page, with the project's notifications in the place of Wagtail's."""

    def get_panels(self) -> list[Any]:
        others = [panel for panel in super().get_panels() if not isinstance(panel, NotificationsSettingsPanel)]
        profile = self.request.user.wagtail_userprofile
        return [*others, SubscriptionsPanel(self.request, self.request.user, profile)]
