"""Telling people: in the product, by e-mail, by the gateway of an SMS or WeChat provider (docs/notifications.md).

``tell`` writes in the transaction of the fact; whatever leaves the house is sent by jobs afterwards.
"""

from engine.notifications import delivering
from engine.notifications.commands import hush, tell, tell_follower, tell_followers

__all__ = ["delivering", "hush", "tell", "tell_follower", "tell_followers"]
