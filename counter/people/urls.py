"""Whether the clerk is family of a dossier's person."""

from django.urls import path

from counter.people import views

app_name = "counter_people"

urlpatterns = [
    path("dossiers/<uuid:pk>/family/", views.family, name="family"),
]
