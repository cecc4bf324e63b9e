from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from cms.core.policies import ReadOnlyPolicy
from cms.workflows.policies import CountryRecordPolicy
from reports.models import ImportRun, Measure, Observation
from reports.policies import FiguresPolicy
from reports.viewsets import StatisticsGroup

register_permission_policy(ImportRun, ReadOnlyPolicy(ImportRun))
register_permission_policy(Observation, FiguresPolicy(Observation))
register_permission_policy(Measure, CountryRecordPolicy(Measure))

register_snippet(StatisticsGroup)
