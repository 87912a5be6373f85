"""The address of the live reading of an e-mail address."""

from django.urls import path

from counter.email import views

app_name = "counter_email"

urlpatterns = [
    path("email-reading/", views.email_reading, name="email_reading"),
]
