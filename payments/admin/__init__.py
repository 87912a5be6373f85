"""The money as the supervisor sees it: prices to set, payments to read."""

from payments.admin import closing, drawers, payments, tariffs

__all__ = ["closing", "drawers", "payments", "tariffs"]
