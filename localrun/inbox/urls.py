"""The demo inbox's addresses; config.urls includes them if DEMO_INBOX is set."""

from django.urls import path

from localrun.inbox import views

app_name = "localrun_inbox"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<str:name>/", views.message, name="message"),
    path("inbox/<str:name>/html/", views.message_html, name="message_html"),
]
