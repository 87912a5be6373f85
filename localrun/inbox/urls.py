"""The demo inbox's addresses; config.urls includes them if DEMO_INBOX is set."""

from django.urls import path

from config.local import inbox

app_name = "local"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<str:name>/", inbox.message, name="message"),
    path("inbox/<str:name>/html/", inbox.message_html, name="message_html"),
]
