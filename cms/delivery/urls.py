from django.urls import path

from cms.delivery.views import changes

urlpatterns = [path("changes/", changes, name="changes")]
