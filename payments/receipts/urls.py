"""Addresses for the receipt of a dossier."""

from django.urls import path

from payments.receipts import views

app_name = "payments_receipts"

urlpatterns = [
    path("dossiers/<uuid:pk>/receipt/", views.receipt_page, name="receipt_page"),
    path(
        "dossiers/<uuid:pk>/receipt/print/",
        views.print_receipt,
        name="print_receipt",
    ),
    path("dossiers/<uuid:pk>/receipt.pdf", views.receipt, name="receipt"),
]
