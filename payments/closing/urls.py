"""Addresses for the close of a day and its export."""

from django.urls import path

from payments.closing import views

app_name = "payments_closing"

urlpatterns = [
    path("drawers/<uuid:session>/export/", views.export_drawer, name="export_drawer"),
    path("day/", views.today, name="today"),
    path("day/<str:date>/", views.day, name="day"),
    path("day/<str:date>/close.pdf", views.day_paper, name="day_paper"),
    path("day/<str:date>/cards/", views.export_day, name="export_day"),
    path("batches/<int:number>.csv", views.batch, name="batch"),
]
