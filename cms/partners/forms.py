from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.partners.choices import Scope


class PartnerKeyForm(WagtailAdminModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("For"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Other parts of the API refuse the key."),
    )
