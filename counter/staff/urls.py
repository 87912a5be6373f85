"""The URLs about one's own account: its password, and the desk of today."""

from django.urls import path

from counter.staff.views import desks, passwords

app_name = "counter_staff"

urlpatterns = [
    path("sign-in/forgotten/", passwords.forgot_password, name="forgot_password"),
    path("account/<anything:token>", passwords.choose_password, name="choose_password"),
    path("sign-in/desk/", desks.choose_desk, name="choose_desk"),
]
