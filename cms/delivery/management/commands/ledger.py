from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from cms.delivery.models import Ledger, Mark, Published
from cms.delivery.services import begin, settle
from cms.delivery.verification import differences

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Write the published ledger anew, or compare it with what is public."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild", "verify"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "rebuild":
            self.rebuild()
        else:
            self.verify()

    def rebuild(self) -> None:
        """Everything is represented anew; what is as it was keeps its version."""
        begin(anew=True)
        while not settle(steps=1):
            self.stdout.write(f"{Mark.objects.due().count()} to go", ending="\r")
        count = Published.objects.filter(is_public=True).count()
        self.stdout.write(f"{count} public objects, version {Ledger.objects.get().version}.")
        if keys := sorted(Mark.objects.exclude(next_at=None).values_list("key", flat=True)):
            raise CommandError(f"{len(keys)} cannot be represented, see the log: {', '.join(keys)}")

    def verify(self) -> None:
        if waiting := Mark.objects.count():
            self.stdout.write(f"{waiting} changes are not settled yet.")
        found = list(differences())
        for difference in found:
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"{len(found)} differences. Write it anew: manage.py ledger rebuild")
        self.stdout.write("The ledger is what is public.")
