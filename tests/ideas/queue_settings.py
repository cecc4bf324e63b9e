"""As in tests, with mail and tasks in the database, and attachments in the folder that the environment names."""

from cms.settings.test import *  # noqa: F403 - as the settings of the project build on each other

EMAIL_BACKEND = "cms.background.mail.QueueBackend"
TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
STORAGES["private"]["OPTIONS"]["location"] = ENV.private_root  # noqa: F405 - as above
