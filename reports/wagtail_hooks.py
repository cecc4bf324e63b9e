from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from cms.core.policies import ReadOnlyPolicy
from cms.workflows.policies import CountryRecordPolicy
from reports.importers.urls import urlpatterns
from reports.importers.views import ImportsMenuItem
from reports.models import ImportRun, Measure, Observation, StatisticsUpload
from reports.policies import FiguresPolicy
from reports.viewsets import StatisticsGroup

register_permission_policy(ImportRun, ReadOnlyPolicy(ImportRun))
register_permission_policy(Observation, FiguresPolicy(Observation))
register_permission_policy(StatisticsUpload, CountryRecordPolicy(StatisticsUpload))
register_permission_policy(Measure, CountryRecordPolicy(Measure))

register_snippet(StatisticsGroup)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def import_item() -> Any:
    return ImportsMenuItem(_("Import statistics"), reverse("statistics_uploads"), icon_name="upload", order=411)
