from django.urls import path

from ideas import views

urlpatterns = [
    path("ideas/send/", views.send, name="idea_form"),
    path("ideas/similar/", views.similar, name="idea_similar"),
    path("ideas/sent/<str:token>/", views.sent, name="idea_sent"),
    path("ideas/follow/<str:number>/<str:secret>/", views.status, name="idea_status"),
    path("ideas/follow/<str:number>/<str:secret>/confirm/<str:code>/", views.confirm, name="idea_confirm"),
    path("ideas/follow/<str:number>/<str:secret>/withdraw/", views.withdraw, name="idea_withdraw"),
    path("ideas/follow/<str:number>/<str:secret>/data/", views.personal_data, name="idea_data"),
    path("ideas/follow/<str:number>/<str:secret>/erase/", views.erase, name="idea_erase"),
]
