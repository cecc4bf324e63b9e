from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.partners.registrations import register_actions
from cms.partners.viewsets import KeyViewSet

register_snippet(KeyViewSet)
hooks.register("register_log_actions", register_actions)
