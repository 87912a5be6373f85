"""The database column for the lane of a message."""

from typing import TYPE_CHECKING, Any, override

from django.db import models

from notifications.enums import Kind, lane_of

if TYPE_CHECKING:
    _Numbers = models.PositiveSmallIntegerField[int, int]
else:
    _Numbers = models.PositiveSmallIntegerField


class LaneField(_Numbers):
    """The lane of the row's kind, set when the row is inserted.

    A waiting row keeps its lane if a later version gives its kind another one.
    """

    @override
    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if add:
            lane = lane_of(Kind(model_instance.kind)).value
            setattr(model_instance, self.attname, lane)
        return super().pre_save(model_instance, add)
