from wagtail import hooks

from cms.users.bulk_actions import keep_accounts_safe
from cms.users.registrations import SecurityPanel, register_log_actions

hooks.register("register_log_actions", register_log_actions)
hooks.register("register_account_settings_panel", SecurityPanel)
hooks.register("before_bulk_action", keep_accounts_safe)
