from django.urls import path, re_path

from cms.workflows import views

urlpatterns = [
    path("clearance/<id:pk>/<str:secret>/", views.clearance, name="clearance"),
    path("clearance/<id:pk>/<str:secret>/page/", views.clearance_page, name="clearance_page"),
    re_path(r"^clearance/done/(?P<answer>cleared|returned)/$", views.clearance_done, name="clearance_done"),
    path("notifications/stop/<str:token>/", views.notifications_stop, name="notifications_stop"),
]
