from wagtail import hooks

from home.viewsets import ContentGroup

hooks.register("register_admin_viewset", ContentGroup)
