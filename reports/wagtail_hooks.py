from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from cms.core.policies import ReadOnlyPolicy
from cms.workflows.policies import CountryRecordPolicy
from reports.models import ImportRun, Measure, Observation
from reports.viewsets import StatisticsGroup

for model in (Observation, ImportRun):
    register_permission_policy(model, ReadOnlyPolicy(model))

register_permission_policy(Measure, CountryRecordPolicy(Measure))

register_snippet(StatisticsGroup)
