from django.db import migrations
from django.db.models import Max
from django.utils import timezone


def fix_published(apps, schema_editor):
    """Reports that are public already keep the figures that they show today."""
    Report = apps.get_model("reports", "CountryReportPage")
    Row = apps.get_model("reports", "ReportIndicator")
    Observation = apps.get_model("reports", "Observation")
    Fixed = apps.get_model("reports", "FixedIndicator")
    now = timezone.now()
    rows = Row.objects.filter(report__live=True).order_by("report_id", "indicator_id")
    for key, country, indicator in rows.values_list(
        "report__translation_key", "report__country", "indicator"
    ).distinct():
        current = Observation.objects.filter(
            indicator=indicator, country=country, origin="international", valid_to=None
        )
        newest = current.aggregate(newest=Max("valid_from"))["newest"]
        Fixed.objects.get_or_create(
            report=key, indicator_id=indicator, defaults={"as_of": newest, "fixed_at": now}
        )


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0004_fixed_figures'),
    ]

    operations = [
        migrations.RunPython(fix_published, migrations.RunPython.noop),
    ]
