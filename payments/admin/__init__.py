"""The money as the supervisor sees it: prices to set, payments to read."""

from payments.admin import closing, drawers, payments, report, tariffs

__all__ = ["closing", "drawers", "payments", "report", "tariffs"]
