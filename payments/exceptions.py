"""What can go wrong with money. The text of each error is shown to the clerk."""

from counter.exceptions import CounterError


class NoTariffError(CounterError):
    """The office has no price for this day."""


class PriceChangedError(CounterError):
    """The price is no longer the one that the person was told."""


class TooLittleTenderedError(CounterError):
    """Less was handed over than is due."""


class NoTerminalSlipError(CounterError):
    """The number on the terminal's slip is missing for a card payment."""


class SlipUsedError(CounterError):
    """Another payment or refund of that day has the same slip number."""


class NoDrawerError(CounterError):
    """Cash cannot be booked, because the clerk has no open drawer."""


class DrawerOpenError(CounterError):
    """The clerk has a drawer that is not closed yet."""


class DrawerMovedOnError(CounterError):
    """The drawer was counted, closed or approved since this page was opened."""


class DrawerRefusedError(CounterError):
    """Something is missing, or this person may not do it to this drawer."""
