from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def stay_with_pages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Receivers that were told of pages alone go on being told of pages alone."""
    apps.get_model("delivery", "Subscription").objects.update(kind="pages")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_what_cannot_be_represented")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="kind",
            field=models.CharField(blank=True, max_length=20, verbose_name="kind of objects"),
        ),
        migrations.RunPython(stay_with_pages, migrations.RunPython.noop),
    ]
