from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.workflows.installation import install_workflow


class Command(BaseCommand):
    help = "Makes the workflow of review and puts all pages under it, where no other one was chosen."

    def handle(self, **options: Any) -> None:
        made = install_workflow()
        self.stdout.write("The workflow is made." if made else "There is a workflow already.")
