"""A house whose doors lead into #lobby, without sockets: people of IRC inside, visitors at the doors."""

from __future__ import annotations

from hubbub.dialects.doors import SEATS
from hubbub.dialects.seats.doorkeeper import Doorkeeper, Terms
from hubbub.dialects.seats.seat import Seat
from hubbub.hub import invites
from hubbub.hub.account import Account
from hubbub.server.logins import AccountRules
from tests.scene import Cable, Scene


class Visitor:
    """Somebody at a door, who sends reads and reads what comes."""

    def __init__(self, scene: Scene, seat: Seat, cable: Cable) -> None:
        self.scene = scene
        self.seat = seat
        self.cable = cable

    def sends(self, *reads: bytes | str) -> None:
        """What the server reads, one after the other."""
        for read in reads:
            self.seat.receive(read.encode() if isinstance(read, str) else read)
            self.scene.turn()

    def hears(self) -> str:
        """What came since last asked."""
        text = self.cable.data.decode()
        self.cable.data.clear()
        return text

    def lines(self) -> list[str]:
        return self.hears().splitlines()

    def asks(self, *reads: bytes | str) -> list[str]:
        """Send something; the lines that come back."""
        self.hears()
        self.sends(*reads)
        return self.lines()

    def leaves(self) -> None:
        self.seat.lost("Connection closed")
        self.scene.turn()


class Porch(Scene):
    """`at` puts somebody before a door, `enter` somebody of IRC inside."""

    def __init__(self, *, terms: Terms | None = None, accounts: AccountRules | None = None, slow: bool = False) -> None:
        super().__init__(slow=slow, accounts=accounts)
        self.notes: list[tuple[str, dict[str, object]]] = []
        self.keeper = Doorkeeper(self.server, self.registrar, terms or Terms(), self._note)

    def at(self, door: str, *reads: bytes | str, room: str = "#lobby", address: str = "192.0.2.9") -> Visitor:
        """Somebody who has sent this, and has heard what came of it."""
        cable = Cable(address=address)
        visitor = Visitor(self, SEATS[door](self.keeper, room, cable), cable)
        self.turn()
        if reads:
            visitor.sends(*reads)
            visitor.hears()
        return visitor

    def account(self, name: str, password: str) -> None:
        self.accounts.save(self.hub.fold(name), Account(name, password, self.clock.now()), new=True).result()

    def invite(self, room: str = "") -> str:
        """The code of an invite that the house makes, for an hour."""
        terms = invites.Terms(self.clock.now(), self.clock.now() + invites.HOUR)
        code = self.irc.reception.new_code(terms)
        self.server.commit(self.hub.make_house_invite(code, room, terms), None)
        self.turn()
        return code

    def _note(self, event: str, **about: object) -> None:
        self.notes.append((event, about))
