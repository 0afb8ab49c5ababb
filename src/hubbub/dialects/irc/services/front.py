"""What services have in common: a nick that takes orders in words and answers by NOTICE, and a command that does, too.

`/msg ChanServ INFO #tea` and `/cs info #tea` are the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.fit import fitting
from hubbub.dialects.irc.registry import Kind, command
from hubbub.dialects.irc.request import ECHO_MESSAGE, Request
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused
from hubbub.wire.line import Line

Run: TypeAlias = "Callable[[Order], Coroutine[Promise[Any], None, None]]"


@dataclass(frozen=True, slots=True)
class Verb:
    """One row. `arity` is how many words it needs behind itself; `usage` shows them, `help` is one sentence."""

    name: str
    arity: int
    usage: str
    help: str
    run: Run


class Service:
    """`about` is one sentence on what it is for."""

    def __init__(self, nick: str, about: str) -> None:
        self.nick = nick
        self.about = about
        self.verbs: dict[str, Verb] = {}
        SERVICES[nick.lower()] = self

    def verb(self, name: str, arity: int = 0, *, usage: str = "", help: str) -> Callable[[Run], Run]:
        """Add a row to the table."""

        def add(run: Run) -> Run:
            self.verbs[name] = Verb(name, arity, usage, help, run)
            return run

        return add

    def commands(self, *names: str) -> None:
        """Commands that are short for a message to it."""

        async def run(request: Request, line: Line) -> None:
            await self.serve(request, " ".join(line.params))

        for name in names:
            command(name, 1, kind=Kind.CHANGE, usage="<order> [...]", help=f"Say something to {self.nick}; try HELP.")(
                run
            )

    async def hear(self, request: Request, text: str) -> None:
        """A message to its nick. Who wants to see their own messages sees it: nobody else does."""
        if ECHO_MESSAGE in request.session.caps:
            request.send(Line("PRIVMSG", (self.nick, text), request.user.who.mask))
        await self.serve(request, text)

    async def serve(self, request: Request, text: str) -> None:
        name, *words = text.split() or [""]
        order = Order(self, request, name.upper(), words)
        verb = self.verbs.get(order.name)
        await request.server.caught_up()
        if order.name == "HELP":
            self._help(order)
        elif verb is None:
            order.say(f"{name or 'Nothing'} is not known here; HELP lists what is")
        elif len(words) < verb.arity:
            order.say_usage()
        else:
            await self._run(order, verb)

    async def _run(self, order: Order, verb: Verb) -> None:
        try:
            await verb.run(order)
        except Refused as refused:
            order.say(replies.words(refused))

    def _help(self, order: Order) -> None:
        verb = self.verbs.get(order.word(0).upper())
        if verb is not None:
            order.say(f"{verb.name} {verb.usage}".rstrip(), verb.help)
            return
        order.say(self.about)
        order.say(*(f"{each.name:9} {each.help}" for each in self.verbs.values()))
        order.say("HELP and one of these shows how it is used")


class Order:
    """One order to a service: its words behind the verb, and the way to answer."""

    def __init__(self, service: Service, request: Request, name: str, words: list[str]) -> None:
        self.service = service
        self.request = request
        self.name = name
        self.words = words

    def word(self, index: int) -> str:
        """ "" where there are fewer."""
        return self.words[index] if index < len(self.words) else ""

    def rest(self, index: int) -> str:
        """What was said from a word on."""
        return " ".join(self.words[index:])

    def say(self, *texts: str) -> None:
        nick, irc = self.service.nick, self.request.irc
        for text in texts:
            words = (self.request.session.shown_nick, text)
            self.request.unit([fitting(Line("NOTICE", words, f"{nick}!{nick}@{irc.name}"))])

    def say_usage(self) -> None:
        """For who said too little."""
        self.say(f"Usage: {self.name} {self.service.verbs[self.name].usage}")


SERVICES: Final[dict[str, Service]] = {}
"""By folded nick."""
