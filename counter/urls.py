"""The pages of the desk, below `/counter/`: each room has its own addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("counter.desk.urls")),
    path("", include("counter.sign_in.urls")),
    path("", include("counter.passkeys.urls")),
    path("", include("counter.city_sign_on.urls")),
    path("", include("counter.staff.urls")),
    path("", include("counter.people.urls")),
    path("", include("counter.dossiers.urls")),
    path("", include("counter.email.urls")),
]
