"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from cms.collection import keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
application = get_asgi_application()
keep_what_is_loaded()
