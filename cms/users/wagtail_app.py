from wagtail.users.apps import WagtailUsersAppConfig


class AccountsAppConfig(WagtailUsersAppConfig):
    """Wagtail's own app, with the project's screens for accounts."""

    user_viewset = "cms.users.viewsets.AccountViewSet"
