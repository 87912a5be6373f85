from django.urls import path

from notifications.desk import views

app_name = "notifications_desk"

urlpatterns = [
    path("dossiers/<uuid:pk>/mail/", views.mail_state, name="mail_state"),
    path("dossiers/<uuid:pk>/mail/arrived/", views.decide_mail, name="decide_mail"),
    path("mails/", views.mails_of_no_visit, name="mails_of_no_visit"),
    path(
        "mails/<uuid:delivery>/",
        views.decide_mail_of_no_visit,
        name="decide_mail_of_no_visit",
    ),
]
