"""What can go wrong with money. The text of each error is shown to the clerk."""

from counter.exceptions import CounterError


class NoTariffError(CounterError):
    """The office has no price for this day."""


class PriceChangedError(CounterError):
    """The price is no longer the one that the person was told."""


class TooLittleTenderedError(CounterError):
    """Less was handed over than is due."""


class NoTerminalSlipError(CounterError):
    """A card payment without the number on the terminal's slip."""


class SlipUsedError(CounterError):
    """The number of the terminal's slip is of another payment of that day."""


class NoDrawerError(CounterError):
    """A payment in cash by a clerk who has no open drawer."""


class DrawerOpenError(CounterError):
    """The clerk has a drawer that is not closed yet."""


class DrawerMovedOnError(CounterError):
    """The drawer was counted, closed or approved since this page was opened."""


class DrawerRefusedError(CounterError):
    """Something is missing, or this person may not do it to this drawer."""
