from django.urls import path

from notifications import desk_views

app_name = "notifications_desk"

urlpatterns = [
    path(
        "dossiers/<uuid:pk>/mail/arrived/", desk_views.decide_mail, name="decide_mail"
    ),
    path("mails/", desk_views.mails_of_no_visit, name="mails_of_no_visit"),
    path(
        "mails/<uuid:delivery>/",
        desk_views.decide_mail_of_no_visit,
        name="decide_mail_of_no_visit",
    ),
]
