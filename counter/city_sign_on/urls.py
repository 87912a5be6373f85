"""URLs that lead to the city's sign-on and back."""

from django.urls import path

from counter.city_sign_on.views import own, sign_in

app_name = "counter_city_sign_on"

urlpatterns = [
    path("sign-in/city/", sign_in.go, name="go"),
    path("sign-in/city/back/", sign_in.come_back, name="come_back"),
    path("unlock/city/", sign_in.unlock, name="unlock"),
    path("second-factors/city/", own.link, name="link"),
    path(
        "password/<str:token>/city/",
        sign_in.accept_invitation,
        name="accept_invitation",
    ),
]
