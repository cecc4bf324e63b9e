from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def platform_name() -> str:
    """The name of the platform. In the pages around signing in, `site_name` is the host name instead."""
    return str(settings.WAGTAIL_SITE_NAME)
