"""The pages of the money, below `/payments/`: each room has its own addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("payments.drawers.urls")),
    path("", include("payments.closing.urls")),
    path("", include("payments.reversals.urls")),
    path("", include("payments.corrections.urls")),
    path("", include("payments.receipts.urls")),
]
