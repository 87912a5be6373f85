"""Addresses for a clerk's own drawer, and for a supervisor at another's drawer."""

from django.urls import path

from payments.drawers.views import own, supervised

app_name = "payments_drawers"

urlpatterns = [
    path("", own.drawer, name="drawer"),
    path("drawer/open/", own.open_drawer, name="open_drawer"),
    path("drawer/deposit/", own.deposit, name="deposit"),
    path("drawer/count/", own.count_drawer, name="count_drawer"),
    path("drawer/close/", own.close_drawer, name="close_drawer"),
    path(
        "drawers/<uuid:session>/approve/",
        supervised.approve_drawer,
        name="approve_drawer",
    ),
    path(
        "drawers/<uuid:session>/ask-recount/",
        supervised.ask_recount,
        name="ask_recount",
    ),
    path(
        "drawers/<uuid:session>/recount/",
        supervised.recount_drawer,
        name="recount_drawer",
    ),
    path(
        "drawers/<uuid:session>/count/",
        supervised.count_for_colleague,
        name="count_for_colleague",
    ),
    path(
        "drawers/<uuid:session>/close/",
        supervised.close_for_colleague,
        name="close_for_colleague",
    ),
]
