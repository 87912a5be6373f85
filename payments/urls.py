from django.urls import path

from payments.views import closing, drawers, receipts, refunds, reversals

app_name = "payments"

urlpatterns = [
    path("", drawers.drawer, name="drawer"),
    path("drawer/open/", drawers.open_drawer, name="open_drawer"),
    path("drawer/deposit/", drawers.deposit, name="deposit"),
    path("drawer/count/", drawers.count_drawer, name="count_drawer"),
    path("drawer/close/", drawers.close_drawer, name="close_drawer"),
    path(
        "drawers/<uuid:session>/approve/", drawers.approve_drawer, name="approve_drawer"
    ),
    path("drawers/<uuid:session>/export/", closing.export_drawer, name="export_drawer"),
    path("day/", closing.today, name="today"),
    path("day/<str:date>/", closing.day, name="day"),
    path("day/<str:date>/close.pdf", closing.day_paper, name="day_paper"),
    path("day/<str:date>/cards/", closing.export_day, name="export_day"),
    path("batches/<int:number>.csv", closing.batch, name="batch"),
    path("reversals/", reversals.reversals, name="reversals"),
    path(
        "reversals/<uuid:reversal>/", reversals.decide_reversal, name="decide_reversal"
    ),
    path("reversals/<uuid:reversal>/paid/", refunds.note_refund, name="note_refund"),
    path("dossiers/<uuid:pk>/reverse/", reversals.ask_reversal, name="ask_reversal"),
    path("dossiers/<uuid:pk>/receipt.pdf", receipts.receipt, name="receipt"),
]
