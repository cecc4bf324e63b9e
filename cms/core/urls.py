from django.conf import settings
from django.urls import path

from cms.core import views

urlpatterns = [path("social-card/<uuid:uid>.png", views.social_card, name="social_card")]
if settings.DEBUG:
    urlpatterns.append(path("style-guide/", views.style_guide, name="style_guide"))
