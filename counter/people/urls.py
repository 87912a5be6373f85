"""The URL of the question whether a dossier's person is family of the clerk."""

from django.urls import path

from counter.people import views

app_name = "counter_people"

urlpatterns = [
    path("dossiers/<uuid:pk>/family/", views.family, name="family"),
]
