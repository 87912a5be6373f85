"""The admin of the money: prices and terminals to edit, all else to read."""

from payments.admin import closing, drawers, payments, report, tariffs

__all__ = ["closing", "drawers", "payments", "report", "tariffs"]
