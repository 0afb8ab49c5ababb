"""The doors that lead into a room: each scheme with the seats behind its listeners. Those of ssh:// stand in net."""

from collections.abc import Callable
from typing import Final

from hubbub.dialects.plain.session import PlainSeat
from hubbub.dialects.seats.doorkeeper import Doorkeeper
from hubbub.dialects.seats.seat import Seat
from hubbub.dialects.tutorials.addressed import Addressed
from hubbub.dialects.tutorials.classic import Classic
from hubbub.dialects.tutorials.getname import GetName
from hubbub.dialects.tutorials.nick import Nick
from hubbub.dialects.tutorials.raw import Raw
from hubbub.hub.ports import Link

SEATS: Final[dict[str, Callable[[Doorkeeper, str, Link], Seat]]] = {
    seat.door: seat for seat in (PlainSeat, Nick, Addressed, Raw, GetName, Classic)
}
