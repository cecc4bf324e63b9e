from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_subscription_kind")]

    operations = [
        migrations.AddField(model_name="published", name="files", field=models.TextField(blank=True)),
    ]
