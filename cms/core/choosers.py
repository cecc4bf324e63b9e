"""Windows in which editors choose a row: search by name in any language, filters, facts beside the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

if TYPE_CHECKING:
    from wagtail.admin.ui.tables import Column


MOST_DIGITS = 18


class NameChooser(AdminSnippetChooser):
    """Wagtail's widget makes its texts in the language of whoever opens a form first; these follow each reader."""

    def __init__(self, model: Any = None, *, name: Any = None, **kwargs: Any) -> None:
        super().__init__(model, **kwargs)
        name = name or self.model._meta.verbose_name
        self.choose_one_text = format_lazy(_("Choose: {name}"), name=name)
        self.choose_another_text = format_lazy(_("Choose another: {name}"), name=name)
        self.link_to_chosen_text = format_lazy(_("Edit: {name}"), name=name)

    def get_instance(self, value: Any) -> Any:
        """As Wagtail; an id that is none, as in a form that somebody tampered with, chooses nothing."""
        return None if isinstance(value, str) and not is_id(value) else super().get_instance(value)


def is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS


class FilterSelect(forms.Select):
    """A filter that is applied as soon as it changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attrs["data-chooser-modal-search-filter"] = True


class NameFilterForm(BaseFilterForm):
    """Search by name. Fields of subclasses whose names are ORM paths narrow the rows to the value chosen."""

    q = forms.CharField(
        label=_("Search term"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Search")})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ids of their own, since the form below the window has fields of the same names. Wagtail looks for `id_q`."""
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.fields["q"].widget.attrs["id"] = "id_q"

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        paths = {name: value for name, value in self.cleaned_data.items() if name != "q" and value}
        text = self.cleaned_data["q"]
        if text:
            self.is_searching = True
            self.search_query = text
            objects = objects.matching(text)
        return objects.filter(**paths)


class FactColumnsMixin:
    """The name, then the facts that tell rows of the same name apart."""

    facts: list[Column] = []

    @property
    def columns(self) -> list[Column]:
        name, *others = super().columns  # type: ignore[misc]  # a mixin of choose views
        name.label = pgettext_lazy("thing", "Name")
        return [name, *others, *self.facts]


class NameChooseView(FactColumnsMixin, ChooseView):
    pass


class NameChooseResultsView(FactColumnsMixin, ChooseResultsView):
    pass


class NameChooserViewSet(SnippetChooserViewSet):
    """Subclasses name `facts` (columns) and `filter_form_class`."""

    choose_view_class = NameChooseView
    choose_results_view_class = NameChooseResultsView
    base_widget_class = NameChooser
    facts: list[Column] = []
    filter_form_class: type[NameFilterForm] = NameFilterForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(facts=self.facts, filter_form_class=self.filter_form_class, **kwargs)

    def get_object_list(self) -> Any:
        return self.model.objects.by_label()
