"""Signing in and out, the app, the screen lock and its language."""

from django.urls import path

from counter.sign_in.views import second_factor, sessions

app_name = "counter_sign_in"

urlpatterns = [
    path("sign-in/", sessions.sign_in, name="sign_in"),
    path("sign-in/code/", second_factor.second_factor, name="second_factor"),
    path("sign-in/app/", second_factor.set_up_app, name="set_up_app"),
    path("sign-in/app/qr.svg", second_factor.app_qr_code, name="app_qr_code"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("lock/", sessions.lock, name="lock"),
    path("unlock/", sessions.unlock, name="unlock"),
    path("at-work/", sessions.at_work, name="at_work"),
    path("language/", sessions.switch_language, name="switch_language"),
]
