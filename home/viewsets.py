"""The menu of content: one list for each main type of page, whatever its place in the tree."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from ideas.viewsets import PublishedIdeaListing
from news.viewsets import EventListing, NewsListing
from practices.viewsets import AdaptationViewSet, PracticeListing
from reports.viewsets import CountryPageListing, CountryReportListing


class ContentGroup(ViewSetGroup):
    menu_label = _("Content")
    menu_name = "content"
    menu_icon = "doc-full-inverse"
    menu_order = 110
    listings = [
        PracticeListing,
        CountryPageListing,
        CountryReportListing,
        NewsListing,
        EventListing,
        PublishedIdeaListing,
    ]
    items = [*listings, AdaptationViewSet]
