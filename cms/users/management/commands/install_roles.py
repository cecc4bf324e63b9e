from typing import Any

from django.core.management.base import BaseCommand

from cms.users.choices import Role
from cms.users.services import install_roles


class Command(BaseCommand):
    help = "Make the groups of staff roles and give each exactly its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        install_roles()
        self.stdout.write(f"{len(Role)} roles are in place")
