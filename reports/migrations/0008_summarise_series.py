from django.db import migrations

SUMMARISE = """
INSERT INTO reports_seriessummary (
    indicator_id, country_id, origin, first_period, last_period, value_count, changed, newest_id
)
SELECT
    found.indicator_id, found.country_id, found.origin, found.first_period, found.last_period, found.value_count,
    found.changed, newest.id
FROM (
    SELECT
        indicator_id, country_id, origin,
        min(CASE WHEN value IS NOT NULL THEN period_start END) AS first_period,
        max(CASE WHEN value IS NOT NULL THEN period_start END) AS last_period,
        max(period_start) AS last_of_all,
        count(value) AS value_count,
        max(valid_from) AS changed
    FROM reports_observation
    WHERE valid_to IS NULL
    GROUP BY indicator_id, country_id, origin
) AS found
INNER JOIN reports_observation AS newest ON newest.indicator_id = found.indicator_id
    AND newest.country_id = found.country_id AND newest.origin = found.origin AND newest.valid_to IS NULL
    AND newest.period_start = coalesce(found.last_period, found.last_of_all)"""


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0007_series_summaries'),
    ]

    operations = [
        migrations.RunSQL(SUMMARISE, migrations.RunSQL.noop),
    ]
