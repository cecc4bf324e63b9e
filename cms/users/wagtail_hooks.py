from wagtail import hooks

from cms.users.registrations import SecurityPanel, register_log_actions

hooks.register("register_log_actions", register_log_actions)
hooks.register("register_account_settings_panel", SecurityPanel)
