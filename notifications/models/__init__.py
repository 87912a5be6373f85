"""The tables of notifications: the outbox, and what its senders tell each other."""

from notifications.models.deliveries import Delivery
from notifications.models.senders import Circuit, Heartbeat

__all__ = ["Circuit", "Delivery", "Heartbeat"]
