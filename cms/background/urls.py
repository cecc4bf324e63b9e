from django.urls import path

from cms.background import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/worker/", views.worker_health, name="worker_health"),
]
