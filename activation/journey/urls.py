"""The applicant's pages, below `/<lang>/a/`.

The paths with a token come last: every path that is not another page counts as a token,
so that a link that a mail program cut off leads to the page that says what to do.
"""

from django.urls import path

from activation.journey.views import (
    account,
    confirming,
    finishing,
    keys,
    link,
    refusing,
    waiting,
)

app_name = "activation_journey"

urlpatterns = [
    path("", link.enter_code, name="enter_code"),
    path("account/", account.choose_account, name="choose_account"),
    path("account/password/", account.renew_password, name="renew_password"),
    path("common-passwords.txt", account.common_passwords, name="common_passwords"),
    path("key/", keys.choose_key, name="choose_key"),
    path("key/number/", keys.enter_number, name="enter_number"),
    path("key/confirm/", confirming.confirm_key, name="confirm_key"),
    path("key/confirm/again/", confirming.send_again, name="send_again"),
    path("key/<uuid:pk>/qr.svg", confirming.qr_code, name="qr_code"),
    path("more-time/", waiting.more_time, name="more_time"),
    path("done/", finishing.done, name="done"),
    path("done/second-key/", finishing.add_second_key, name="add_second_key"),
    path("not-mine/", refusing.not_mine, name="not_mine"),
    path("not-my-change/", refusing.not_my_change, name="not_my_change"),
    path("<str:token>/not-mine/", refusing.open_refusal, name="open_refusal"),
    path("<str:token>/", link.open_link, name="open_link"),
    path("<anything:presented>", refusing.open_mangled, name="open_mangled"),
]
