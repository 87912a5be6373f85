from django.urls import path

from payments.views import (
    closing,
    correcting,
    drawers,
    handing_over,
    receipts,
    refunds,
    reversals,
    supervised_drawers,
)

app_name = "payments"

urlpatterns = [
    path("", drawers.drawer, name="drawer"),
    path("drawer/open/", drawers.open_drawer, name="open_drawer"),
    path("drawer/deposit/", drawers.deposit, name="deposit"),
    path("drawer/count/", drawers.count_drawer, name="count_drawer"),
    path("drawer/close/", drawers.close_drawer, name="close_drawer"),
    path(
        "drawers/<uuid:session>/approve/",
        supervised_drawers.approve_drawer,
        name="approve_drawer",
    ),
    path(
        "drawers/<uuid:session>/ask-recount/",
        supervised_drawers.ask_recount,
        name="ask_recount",
    ),
    path(
        "drawers/<uuid:session>/recount/",
        supervised_drawers.recount_drawer,
        name="recount_drawer",
    ),
    path(
        "drawers/<uuid:session>/count/",
        supervised_drawers.count_for_colleague,
        name="count_for_colleague",
    ),
    path(
        "drawers/<uuid:session>/close/",
        supervised_drawers.close_for_colleague,
        name="close_for_colleague",
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
    path("dossiers/<uuid:pk>/receipt/", receipts.receipt_page, name="receipt_page"),
    path(
        "dossiers/<uuid:pk>/receipt/print/",
        receipts.print_receipt,
        name="print_receipt",
    ),
    path("dossiers/<uuid:pk>/correct/", correcting.correct, name="correct"),
    path("dossiers/<uuid:pk>/receipt.pdf", receipts.receipt, name="receipt"),
]
