"""The column that says in which lane a message goes."""

from typing import TYPE_CHECKING, Any, override

from django.db import models

from notifications.enums import Kind, lane_of

if TYPE_CHECKING:
    _Numbers = models.PositiveSmallIntegerField[int, int]
else:
    _Numbers = models.PositiveSmallIntegerField


class LaneField(_Numbers):
    """The lane of the row's kind, written by whatever puts the row in.

    A row that waits keeps its lane when the kind's lane is another one later.
    """

    @override
    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if add:
            lane = lane_of(Kind(model_instance.kind)).value
            setattr(model_instance, self.attname, lane)
        return super().pre_save(model_instance, add)
