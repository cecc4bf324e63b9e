#!/usr/bin/env python
"""Run administrative commands: `python manage.py help` lists them."""

import gc
import os
import sys

if __name__ == "__main__":
    if "migrate" in sys.argv:
        # It makes millions of objects that stay: looking among them for garbage so often takes a fifth of the time.
        gc.set_threshold(200_000, 20, 20)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
