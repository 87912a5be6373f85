"""The tables about money: prices, drawers, payments, receipts, closing of a day."""

from payments.models.closing import ExportBatch, Terminal, TerminalTotal
from payments.models.counts import DrawerCount
from payments.models.drawers import DrawerMovement, DrawerSession
from payments.models.payments import Payment
from payments.models.receipts import Receipt, ReceiptCounter
from payments.models.refunds import BankRefund
from payments.models.reversals import Reversal
from payments.models.tariffs import Tariff

__all__ = [
    "BankRefund",
    "DrawerCount",
    "DrawerMovement",
    "DrawerSession",
    "ExportBatch",
    "Payment",
    "Receipt",
    "ReceiptCounter",
    "Reversal",
    "Tariff",
    "Terminal",
    "TerminalTotal",
]
