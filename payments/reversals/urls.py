"""Addresses for giving money back."""

from django.urls import path

from payments.reversals.views import handing_over, refunds, reversals

app_name = "payments_reversals"

urlpatterns = [
    path("reversals/", reversals.reversals, name="reversals"),
    path(
        "reversals/<uuid:reversal>/", reversals.decide_reversal, name="decide_reversal"
    ),
    path(
        "reversals/<uuid:reversal>/withdraw/",
        reversals.withdraw_reversal,
        name="withdraw_reversal",
    ),
    path(
        "reversals/<uuid:reversal>/hand-over/",
        handing_over.hand_over,
        name="hand_over",
    ),
    path("reversals/<uuid:reversal>/paid/", refunds.note_refund, name="note_refund"),
    path("dossiers/<uuid:pk>/reverse/", reversals.ask_reversal, name="ask_reversal"),
]
