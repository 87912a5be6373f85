"""Addresses for correcting the method of a payment."""

from django.urls import path

from payments.corrections import views

app_name = "payments_corrections"

urlpatterns = [
    path("dossiers/<uuid:pk>/correct/", views.correct, name="correct"),
]
