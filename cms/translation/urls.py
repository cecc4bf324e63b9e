"""Addresses in the administration: own screens, and those that stand in the place of screens of wagtail-localize."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import URLPattern, path
from wagtail_localize.views.edit_translation import edit_override, edit_string_translation, stop_translation

from cms.translation import files
from cms.translation.editor.views import save_segment, unless_locked
from cms.translation.machines.views import draft_by_machine
from cms.translation.views import (
    REQUESTS,
    RequestProgressView,
    RequestsReport,
    RequestView,
    closed,
    translations_follow,
)
from cms.translation.viewsets import INDEX, TranslationReport

RESULTS = {"results_only": True}
# Theirs ask for a right over all pages and all languages at once, make pages public, or do not heed locks.
INSTEAD: dict[str, Any] = {
    "submit/page/<int:page_id>/": RequestView.as_view(),
    "submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/": closed,
    "update/<int:translation_source_id>/": translations_follow,
    "page/<int:page_id>/convert_to_alias/": closed,
    "translate/<int:translation_id>/strings/<int:string_segment_id>/edit/": unless_locked(edit_string_translation),
    "translate/<int:translation_id>/overrides/<int:overridable_segment_id>/edit/": unless_locked(edit_override),
    "translate/<int:translation_id>/disable/": unless_locked(stop_translation),
    "translate/<int:translation_id>/pofile/download/": partial(files.download, kind="po"),
    "translate/<int:translation_id>/pofile/upload/": files.upload,
    "translate/<int:translation_id>/machine_translate/": draft_by_machine,
    "api/snippets/<slug:app_label>/<slug:model_name>/": closed,
    "api/snippets/<slug:app_label>/<slug:model_name>/<str:pk>/": closed,
    "reports/translations/": TranslationReport.as_view(),
    "reports/translations/results/": TranslationReport.as_view(**RESULTS),
}
urlpatterns: list[URLPattern] = [
    path("translations/", TranslationReport.as_view(), name=INDEX),
    path("translations/results/", TranslationReport.as_view(**RESULTS), name=f"{INDEX}_results"),
    path("translations/requests/", RequestsReport.as_view(), name=REQUESTS),
    path("translations/requests/results/", RequestsReport.as_view(**RESULTS), name=f"{REQUESTS}_results"),
    path("translations/requests/<int:pk>/", RequestProgressView.as_view(), name="translation_request"),
    path(
        "translations/requests/<int:pk>/results/",
        RequestProgressView.as_view(**RESULTS),
        name="translation_progress",
    ),
    path("translations/requests/<int:pk>/files/", files.upload_request, name="translation_files_upload"),
    path("translations/requests/<int:pk>/files/po/", files.download_request, {"kind": "po"}, "translation_po"),
    path("translations/requests/<int:pk>/files/xliff/", files.download_request, {"kind": "xliff"}, "translation_xliff"),
    path("translations/<int:translation_id>/segments/<uuid:unit_id>/", save_segment, name="translation_segment"),
    path("translations/<int:translation_id>/xliff/", files.download, {"kind": "xliff"}, "translation_page_xliff"),
    path("translations/<int:translation_id>/machine/", draft_by_machine, name="translation_machine"),
    *(path(f"localize/{route}", view) for route, view in INSTEAD.items()),
]
