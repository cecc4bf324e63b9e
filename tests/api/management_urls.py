"""The addresses of the site, and those of API v3 as it is switched on."""

from django.test import override_settings

from cms.api.urls import management
from cms.urls import urlpatterns as everything

with override_settings(API_MANAGEMENT=True):
    urlpatterns = [*management(), *everything]
