"""What vocabularies add to the public API."""

from cms.api.registries import PageFilter, register_endpoint, register_page_filter
from taxonomy.api import endpoints, filters

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
    register_page_filter(PageFilter(filters.COUNTRY, filters.about_countries))
    register_page_filter(PageFilter(filters.THEME, filters.about_themes))
