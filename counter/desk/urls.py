"""The URLs of the desk, its search, and visits that end without a dossier."""

from django.urls import path

from counter.desk.views import desk, finding, rejections

app_name = "counter_desk"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("search/", finding.find_dossier, name="find_dossier"),
    path("free-route/", rejections.redirect_person, name="redirect_person"),
    path("refuse/", rejections.refuse_person, name="refuse_person"),
    path(
        "turned-away/<uuid:submission>/",
        rejections.turned_away,
        name="turned_away",
    ),
]
