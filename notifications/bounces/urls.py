from django.urls import path

from notifications.bounces import webhook

app_name = "notifications_bounces"

urlpatterns = [path("mail-service/", webhook.take_call, name="take_call")]
