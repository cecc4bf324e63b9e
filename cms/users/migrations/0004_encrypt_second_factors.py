from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from cms.encryption import decrypt, encrypt
from cms.users.adapters import with_secrets


def close(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.all():
        row.data = with_secrets(row.data, encrypt)
        row.save(update_fields=["data"])


def open_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.all():
        row.data = with_secrets(row.data, decrypt)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("users", "0003_invitations"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(close, open_again)]
