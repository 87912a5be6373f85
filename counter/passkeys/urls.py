"""URLs of a clerk's own second factors, and of a passkey at sign-in."""

from django.urls import path

from counter.passkeys.views import at_sign_in, own

app_name = "counter_passkeys"

urlpatterns = [
    path("second-factors/", own.overview, name="overview"),
    path("second-factors/prove/", own.prove, name="prove"),
    path("second-factors/passkeys/add/", own.add, name="add"),
    path(
        "second-factors/passkeys/add/question/",
        own.question_to_add,
        name="question_to_add",
    ),
    path(
        "second-factors/passkeys/<uuid:passkey>/remove/",
        own.remove,
        name="remove",
    ),
    path("sign-in/passkey/", at_sign_in.sign_in, name="sign_in"),
    path(
        "sign-in/passkey/question/",
        at_sign_in.question,
        name="question",
    ),
]
