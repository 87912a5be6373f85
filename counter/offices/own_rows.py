"""Whose rows somebody sees: those of the own office."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from counter.models import Clerk, Office


class OfOffice:
    """A queryset of rows of one office; `office_path` leads from the row to it.

    Stands before the queryset among the bases. What belongs to an office in another way
    overrides `of_office` alone.
    """

    office_path: ClassVar[str] = "office"

    if TYPE_CHECKING:  # of the queryset

        def none(self) -> Self: ...
        def filter(self, *args: Any, **kwargs: Any) -> Self: ...

    def visible_to(self, clerk: "Clerk") -> Self:
        """Those of the clerk's own office; all for whom `sees_every_office`.

        Nothing for somebody of no office: a row without one is not theirs.
        """
        if clerk.sees_every_office:
            return self
        if clerk.office_id is None:
            return self.none()
        return self.of_office(clerk.office_id)

    def of_office(self, office: "Office | int") -> Self:
        return self.filter(**{self.office_path: office})
