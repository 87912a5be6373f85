"""The tables of notifications: the outbox, and the state that its senders share."""

from notifications.models.deliveries import Delivery
from notifications.models.senders import Circuit, Heartbeat

__all__ = ["Circuit", "Delivery", "Heartbeat"]
