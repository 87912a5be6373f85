from django.urls import path

from payments.views import drawers

app_name = "payments"

urlpatterns = [
    path("", drawers.drawer, name="drawer"),
    path("drawer/open/", drawers.open_drawer, name="open_drawer"),
    path("drawer/deposit/", drawers.deposit, name="deposit"),
    path("drawer/count/", drawers.count_drawer, name="count_drawer"),
    path("drawer/close/", drawers.close_drawer, name="close_drawer"),
    path("drawers/<uuid:pk>/approve/", drawers.approve_drawer, name="approve_drawer"),
]
