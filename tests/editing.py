"""What a browser sends: the form as the server rendered it, with some fields changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

if TYPE_CHECKING:
    from django.test import Client


def add_url(parent: Any, model: Any) -> str:
    return reverse("wagtailadmin_pages:add", args=(model._meta.app_label, model._meta.model_name, parent.pk))


def edit_url(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def rendered_data(client: Client, url: str, model: Any) -> dict[str, Any]:
    """Names and values of the page form at an address, as a browser reads them.

    Bodies are empty: their fields are built by scripts. A line break that opens a text area is not part of its text.
    """
    html = client.get(url).content.decode()
    lists = querydict_from_html(html, form_id="page-edit-form").lists()
    data = {name: [value.removeprefix("\n") for value in values] for name, values in lists}
    bodies = [field.name for field in model._meta.fields if isinstance(field, StreamField)]
    return data | nested_form_data({name: streamfield([]) for name in bodies})


def send(client: Client, url: str, model: Any, changes: dict[str, Any], action: str = "") -> Any:
    """Submit the form at an address; `action` is the name of the button, `action-publish` for example."""
    data = rendered_data(client, url, model) | nested_form_data(changes)
    return client.post(url, data | ({action: action} if action else {}))


def problems(response: Any) -> set[str]:
    """Names of the fields and rows at which the answer shows an error; empty where the form was accepted."""
    if response.status_code == 302:
        return set()
    form = response.context["form"]
    rows = {name for name, formset in form.formsets.items() if not formset.is_valid()}
    return set(form.errors) | rows
