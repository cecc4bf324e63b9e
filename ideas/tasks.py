"""What is thrown away by itself: ideas whose time is over, and files that belong to none."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.search.models import IndexEntry

from cms.background.backends import background_task
from cms.users.choices import Role
from cms.users.models import User
from cms.workflows.choices import Kind
from cms.workflows.notifications import listeners
from ideas.choices import Actor
from ideas.digests import digest_since
from ideas.mails import mail_digest
from ideas.models import Idea, IdeaFile, private_storage

FOLDER = "ideas"
# A request that stores files may still be under way.
LONGEST_REQUEST = timedelta(days=1)


@background_task(_("Delete an attachment of an idea"), atomic=False)
def delete_attachment(name: str) -> None:
    private_storage().delete(name)


@background_task(_("Take erased words out of the search index"))
def clean_index() -> None:
    """SQLite keeps the words of what was deleted in its full-text index until it is put in order."""
    if connection.vendor == "sqlite":
        table = connection.ops.quote_name(f"{IndexEntry._meta.db_table}_fts")
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - a name of the project's


@background_task(_("Erase ideas whose time is over"), atomic=False)
def forget() -> None:
    """Erase what has been in its state for as long as `IDEAS_RETENTION` says, and files that belong to no idea."""
    from ideas.services import erase

    for pk in list(Idea.objects.outlived().values_list("pk", flat=True)):
        with transaction.atomic():
            # What has taken a step since the list was read is not over.
            if Idea.objects.outlived().select_for_update().filter(pk=pk).first():
                erase(pk, Actor.SYSTEM)
    storage = private_storage()
    names = storage.listdir(FOLDER)[1] if storage.exists(FOLDER) else []
    owned = set(IdeaFile.objects.values_list("file", flat=True))
    for name in (f"{FOLDER}/{name}" for name in names):
        if name not in owned and storage.get_modified_time(name) < timezone.now() - LONGEST_REQUEST:
            storage.delete(name)


@background_task(_("Tell moderators how many ideas wait"))
def tell_moderators() -> None:
    """One mail to each moderator who wants it, where an idea has come in since yesterday or is overdue."""
    counts = digest_since(Idea.objects.all(), timezone.now() - timedelta(days=1))
    if not counts.is_worth_a_mail:
        return
    moderators = User.objects.filter(is_active=True, groups__name=Role.IDEA_MODERATOR).exclude(email="")
    for moderator in listeners(moderators, Kind.IDEAS):
        mail_digest(moderator, counts)
