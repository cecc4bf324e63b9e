from django.urls import URLPattern, path

from reports.importers import views

urlpatterns: list[URLPattern] = [
    path("statistics/", views.UploadView.as_view(), name=views.LIST),
    path("statistics/<int:pk>/", views.UploadReportView.as_view(), name="statistics_upload"),
    path("statistics/<int:pk>/import/", views.start, name="statistics_import"),
    path("statistics/<int:pk>/rejects/", views.rejects, name="statistics_rejects"),
    path("statistics/enter/", views.EntryView.as_view(), name="statistics_enter"),
    path("statistics/template/", views.template, name="statistics_template"),
]
