from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import Page, get_page_models

from cms.delivery.models import Subscription
from cms.delivery.registries import kinds
from cms.delivery.webhooks.sending import RefusedError, checked

REFUSED = _("Give an address that begins with https:// and holds neither a name nor a password.")


def kinds_offered() -> list[tuple[str, Any]]:
    return [(kind.name, capfirst(kind.model._meta.verbose_name_plural)) for kind in kinds().values()]


def types() -> list[tuple[str, Any]]:
    models = [model for model in get_page_models() if hasattr(model, "api_fields")]
    models += [kind.model for kind in kinds().values() if kind.model is not Page]
    return sorted(((model._meta.label, model._meta.verbose_name) for model in models), key=lambda pair: str(pair[1]))


class SubscriptionForm(WagtailAdminModelForm):
    kind = forms.ChoiceField(label=_("Kind of objects"), required=False)
    type = forms.ChoiceField(label=_("Type of content"), required=False)

    class Meta:
        model = Subscription
        fields = ("name", "url", "owner", "kind", "type", "language", "country", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *kinds_offered()]
        self.fields["type"].choices = [("", _("All")), *types()]
        self.fields["language"].choices = [("", _("All")), *self.fields["language"].choices[1:]]
        self.fields["owner"].queryset = self.fields["owner"].queryset.filter(is_active=True)
        if not self.instance.pk:
            del self.fields["state"]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            checked(url)
        except RefusedError:
            raise ValidationError(REFUSED) from None
        return url


class ReplayForm(forms.Form):
    version = forms.IntegerField(label=_("After version"), min_value=0, max_value=2**62)
