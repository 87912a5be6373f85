"""The base class of querysets that show a clerk only the rows of the own office."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from counter.models import Clerk, Office


class OfOffice:
    """A mixin for querysets whose rows belong to an office.

    `office_path` is the lookup from the row to its office. The mixin comes before the
    queryset in the bases. A queryset that cannot use such a lookup overrides only
    `of_office`.
    """

    office_path: ClassVar[str] = "office"

    if TYPE_CHECKING:  # of the queryset

        def none(self) -> Self: ...
        def filter(self, *args: Any, **kwargs: Any) -> Self: ...

    def visible_to(self, clerk: "Clerk") -> Self:
        """The rows of the clerk's office; all rows for a clerk who `sees_every_office`.

        No rows for any other clerk without an office, also none without an office.
        """
        if clerk.sees_every_office:
            return self
        if clerk.office_id is None:
            return self.none()
        return self.of_office(clerk.office_id)

    def of_office(self, office: "Office | int") -> Self:
        return self.filter(**{self.office_path: office})
