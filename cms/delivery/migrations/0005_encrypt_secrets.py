from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import cms.core.fields
from cms.encryption import decrypt, encrypt

NAMES = ("secret", "previous_secret")


def close(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("delivery", "Subscription").objects.all():
        for name in NAMES:
            setattr(row, name, encrypt(text) if (text := getattr(row, name)) else "")
        row.save(update_fields=NAMES)


def open_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("delivery", "Subscription").objects.all():
        for name in NAMES:
            setattr(row, name, decrypt(text) if (text := getattr(row, name)) else "")
        row.save(update_fields=NAMES)


class Migration(migrations.Migration):
    """First room for what is longer, then the content; to the database, the last step is none."""

    dependencies = [("delivery", "0004_published_files")]

    operations = [
        migrations.AlterField("subscription", "secret", models.TextField(editable=False)),
        migrations.AlterField("subscription", "previous_secret", models.TextField(blank=True, editable=False)),
        migrations.RunPython(close, open_again),
        migrations.AlterField("subscription", "secret", cms.core.fields.SecretField(editable=False)),
        migrations.AlterField("subscription", "previous_secret", cms.core.fields.SecretField(blank=True, editable=False)),
    ]
