"""What vocabularies add to the public API."""

from cms.api.registries import register_endpoint, register_page_filter
from cms.delivery.registries import register_kind
from taxonomy.api import endpoints, filters
from taxonomy.api.representations import KINDS

ENDPOINTS = {
    "countries": (endpoints.Countries, endpoints.CountryDetail),
    "themes": (endpoints.Themes, endpoints.ThemeDetail),
    "organisations": (endpoints.Organisations, endpoints.OrganisationDetail),
    "vocabularies": (endpoints.Vocabularies, endpoints.Concepts),
}


def register() -> None:
    for name, (rows, detail) in ENDPOINTS.items():
        register_endpoint(f"{name}/", rows)
        register_endpoint(f"{name}/<str:code>/", detail)
    for kind in KINDS:
        register_kind(kind)
    register_page_filter(filters.ABOUT_COUNTRIES)
    register_page_filter(filters.ABOUT_THEMES)
