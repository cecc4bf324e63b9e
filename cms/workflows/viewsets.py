"""What staff choose for themselves: of what they are told, and how often."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NotificationsSettingsPanel, notifications_tab

from cms.workflows.choices import COUNTED, Frequency, Kind
from cms.workflows.notifications import frequencies, subscribe


class SubscriptionsForm(forms.Form):
    """A frequency for each kind of notification, and whether comments are mailed, which Wagtail does."""

    updated_comments_notifications = forms.BooleanField(
        label=_("Comments on my pages, and answers to mine"), required=False
    )

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = instance
        self.kinds = frequencies(instance.user)
        for kind, frequency in self.kinds.items():
            offered = [one for one in Frequency if one != Frequency.AT_ONCE or kind not in COUNTED]
            choices = [(one.value, one.label) for one in offered]
            self.fields[kind] = forms.ChoiceField(label=Kind(kind).label, choices=choices, initial=frequency)
        self.initial["updated_comments_notifications"] = instance.updated_comments_notifications
        self.order_fields([*self.kinds, "updated_comments_notifications"])

    def save(self) -> None:
        for kind in self.kinds:
            subscribe(self.profile.user, Kind(kind), Frequency(self.cleaned_data[kind]))
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
