"""As in tests, with mail and tasks in the database, and attachments in the folder that the environment names.

Workers hand mail to the server of which the environment names the port, and find lost ones within a second.
"""

import os

from cms.settings.test import *  # noqa: F403 - as the settings of the project build on each other

EMAIL_BACKEND = "cms.background.mail.QueueBackend"
TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("MAIL_PORT", "25"))
WORKER_BEAT = WORKER_LOST_AFTER = 1
STORAGES["private"]["OPTIONS"]["location"] = ENV.private_root  # noqa: F405 - as above
