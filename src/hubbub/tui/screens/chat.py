"""The screen one chats on: it puts the widgets together, decides what they ask for, and keeps them up to date."""

import asyncio
from collections.abc import Callable, Coroutine
from difflib import get_close_matches
from typing import Any, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from hubbub.client.commands import BadCommand
from hubbub.client.events import Event, Failed
from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.desk import Desk
from hubbub.client.model.network import Network
from hubbub.client.model.wishes import Wishes
from hubbub.client.protocol import NotOnline
from hubbub.client.registration import INVITES
from hubbub.client.waits import TOKEN as DIRECT
from hubbub.tui import messages
from hubbub.tui.completing import completions
from hubbub.tui.ink import fit
from hubbub.tui.keys import bindings, unknown
from hubbub.tui.links import Links
from hubbub.tui.logbook import Logbook
from hubbub.tui.naming import title
from hubbub.tui.notices import Notices
from hubbub.tui.purpose import Editing, Purpose, Replying
from hubbub.tui.screens.ask import Ask
from hubbub.tui.seat import Seat
from hubbub.tui.settings.kept import Kept
from hubbub.tui.verbs import Verb, Where, verbs
from hubbub.tui.widgets.composer import Composer
from hubbub.tui.widgets.headline import Headline
from hubbub.tui.widgets.lines import Lines
from hubbub.tui.widgets.offers import Offers
from hubbub.tui.widgets.people import People
from hubbub.tui.widgets.rooms import Rooms
from hubbub.tui.widgets.status import Status, TooSmall, Typing
from hubbub.tui.widgets.tabs import Tabs
from hubbub.tui.widgets.transcript import Transcript
from hubbub.wire.line import BadLine

# At most so often everything is drawn: a burst of messages is one picture.
_FRAME: Final = 1 / 30

_TICK: Final = 1.0
_NOTICE_TICKS: Final = 5
_IDLE_TICKS: Final = 60

_WRITING: Final = "(Enter send · alt+Enter newline · / commands · Tab complete)"
_ALONE: Final = "(nobody else is here yet: /invite shows a link and a code for them)"
_ALONE_DIRECTLY: Final = "(nobody else is here yet: /direct shows who is there and how others call you)"
_NO: Final = "  (Esc: no)"
_HINT: Final = "F1 help · ctrl+k jump · ctrl+f search · PgUp history"
_HINT_MESSAGE: Final = "r reply · + react · c change · d take back · y copy · o link · i picture · Esc"


class Chat(Screen[None]):
    """Everything one has open."""

    DEFAULT_CSS = """
    Chat { layout: vertical; overflow: hidden; }
    Chat > Horizontal { height: 1fr; }
    Tabs, TooSmall { display: none; }
    Chat.-narrow Tabs { display: block; }
    Chat.-narrow Rooms, Chat.-narrow People { display: none; }
    Chat.-tight Typing, Chat.-low Typing, Chat.-tiny Typing { display: none; }
    Chat.-low Headline, Chat.-tiny Headline, Chat.-tiny Tabs { display: none; }
    Chat.-intent Typing { display: block; }
    Chat.-sliver > *, Chat.-flat > * { display: none; }
    Chat.-sliver TooSmall, Chat.-flat TooSmall { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings()
    AUTO_FOCUS: ClassVar[str | None] = "Composer"

    def __init__(self, desk: Desk, links: Links, kept: Kept) -> None:
        super().__init__()
        self.desk, self.links, self.kept = desk, links, kept
        self.verbs = verbs(lent=kept.lent)
        self.seat = Seat(self)
        self.transcript, self.composer = Transcript(), Composer()
        self._typing, self._status = Typing(desk), Status(desk)
        self._offers = Offers(self.verbs)
        self._panes: tuple[Lines, ...] = (
            Headline(desk),
            Tabs(desk),
            Rooms(desk),
            People(desk),
            self._typing,
            self._status,
        )
        self._notices = Notices(kept, self._is_looked_at, self._to_terminal, self._run)
        self._logbook = Logbook(kept, self._warn)
        self._purposes: dict[Buffer, Purpose] = {}
        self._tells_focus = False
        self._idle = 0
        self._due = False
        self._ticks = 0
        self._shown: Buffer | None = None

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        headline, tabs, rooms, people, typing, status = self._panes
        yield TooSmall()
        yield headline
        yield tabs
        yield Horizontal(rooms, self.transcript, people)
        yield typing
        yield self._offers
        yield self.composer
        yield status

    def on_mount(self) -> None:
        """Called by Textual."""
        self.links.news = self.news
        self.links.heard = self._hear
        self.kept.watch(self._wish)
        self._wish()
        self._status.hint = _HINT
        self.set_interval(_TICK, self._tick)
        if self.kept.trouble:
            self._warn(self.kept.trouble)
        self.call_after_refresh(self._begin)

    # What verbs and widgets ask for.

    def show(self, buffer: Buffer) -> None:
        """Have a buffer in front."""
        if self._shown is not None:
            self._shown.draft = self._draft()
        self.desk.show(buffer)
        self._shown = buffer
        network = self.desk.network
        self.transcript.show(network, buffer)
        self.composer.put(buffer.draft, buffer.typed, self._placeholder())
        self._look()
        self.write()
        self._catch_up()

    def write(self) -> None:
        """Go back to writing."""
        self.transcript.unpick()
        self.composer.focus()

    def intend(self, purpose: Purpose) -> None:
        """What is written next is for something."""
        self._give_up()
        self._purposes[self.desk.front] = purpose
        if isinstance(purpose, Editing):
            self.composer.put(purpose.entry.text, self.desk.front.typed, self._placeholder())
        self.write()
        self._say_purpose()

    def tell(self, notice: str) -> None:
        """Tell the person something that need not stay."""
        self._status.notice, self._ticks = notice, 0
        self._status.update()

    def attempt(self, do: Callable[[], object]) -> bool:
        """Do what may be refused; says whether it was done, and tells the person why not."""
        try:
            do()
        except (BadCommand, BadLine, NotOnline) as error:
            self.desk.network.note(self.desk.front, str(error), refused=True)
            self.news()
            return False
        self.links.flush()
        self.news()
        return True

    def choose(self, row: Verb) -> None:
        """A verb was chosen by its name: one that needs words is begun for the person."""
        if row.usage and " " in row.usage.replace("[", ""):
            self.begin(f"/{row.name} ")
        else:
            self.attempt(lambda: row.run(self, ""))

    def begin(self, text: str) -> None:
        """Begin a line for the person."""
        self.composer.put(text, self.desk.front.typed, self._placeholder())

    def leave(self, reason: str) -> None:
        """Go, or ask first where it ends for others, too."""
        others = self.links.others()
        if not others:
            self._go(reason)
            return
        who = "1 other is" if others == 1 else f"{others} others are"
        question = Ask(f"{who} here: going ends the chat for them.", "", {"y": "go", "n": "stay"})
        self.app.push_screen(question, lambda answer: self._go(reason) if answer == "y" else None)

    def _go(self, reason: str) -> None:
        self.app.exit()
        self.links.farewell = reason

    def news(self) -> None:
        """Something was taken in: draw it with all else that comes within the same moment.

        Called by tasks that Textual does not know: its own timers would not know the app there.
        """
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_later(_FRAME, self.call_later, self._catch_up)

    # What happens.

    def action_verb(self, name: str) -> None:
        """A key was pressed."""
        row = self.verbs.get(name)
        if row is not None:
            self.attempt(lambda: row.run(self, ""))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Called by Textual. Keys of messages mean nothing when none is in focus: the focus moves a moment later."""
        name = str(parameters[0]) if action == "verb" and parameters else ""
        row = self.verbs.get(name)
        return not (row is not None and row.where is Where.MESSAGE and self.transcript.picked is None)

    def on_submitted(self, event: messages.Submitted) -> None:
        """Enter: a command, a message, an answer, other words for a message."""
        text, front = event.text, self.desk.front
        if not text.strip():
            return
        if not self.attempt(lambda: self._submit(text)):
            self.begin(text + self.composer.text)
            return
        front.type(text)
        purpose = self._purposes.pop(front, None)
        if front is self.desk.front:
            self.begin((purpose.draft if isinstance(purpose, Editing) else "") + self.composer.text)
            self._say_purpose()
            self.transcript.to_end()

    def on_drafted(self, event: messages.Drafted) -> None:
        """What is being written was changed."""
        self._idle = 0
        self._offers.of(self.composer.text)
        if event.text == self.composer.text and not isinstance(self._purposes.get(self.desk.front), Editing):
            self.attempt_quietly(lambda: self.desk.network.drafting(self.desk.front, event.text))

    def attempt_quietly(self, do: Callable[[], object]) -> None:
        """Do what nobody misses where it cannot be done."""
        try:
            do()
        except (BadLine, NotOnline):
            return
        self.links.flush()

    def on_completing(self, _event: messages.Completing) -> None:
        """Tab."""
        cycle = self.composer.cycle
        if cycle is None:
            line, row = self.composer.word()
            cycle = completions(self.desk, line, self.verbs, first=row == 0)
        self.composer.complete(cycle)

    def on_recalled(self, _event: messages.Recalled) -> None:
        """It looks as if a message were changed, as it would be in other chats."""
        if self.composer.draft != self.composer.text:
            self.tell("what you typed before, to send again; Esc, then c changes a message")

    def on_pasted(self, event: messages.Pasted) -> None:
        """Many lines: in one message, in one line, or not at all."""

        def answered(answer: str | None) -> None:
            if answer == "l":
                self.composer.insert(event.text)
            elif answer == "o":
                self.composer.insert(" ".join(event.text.split()))

        count = len(event.text.rstrip("\n").split("\n"))
        answers = {"l": "Keep the lines", "o": "Make it one line", "n": "Leave it"}
        self.app.push_screen(Ask(f"Paste {count} lines?", event.text, answers, usual="l"), answered)

    def on_chosen(self, event: messages.Chosen) -> None:
        """A buffer was clicked at."""
        self.show(event.buffer)

    def on_person_chosen(self, event: messages.PersonChosen) -> None:
        """Someone was clicked at."""
        self.show(self.desk.network.open(event.nick))

    def on_picked(self, _event: messages.Picked) -> None:
        """A message was clicked at."""
        self.transcript.focus()

    def on_earlier_wanted(self) -> None:
        """The beginning of what is loaded is near."""
        self.attempt_quietly(lambda: self.desk.network.earlier(self.desk.front))

    def on_seen(self, _event: messages.Seen) -> None:
        """The end of the transcript came into sight, or went."""
        self._look()
        self._update()

    def on_app_focus(self) -> None:
        """The terminal is looked at again."""
        self._look()
        self._update()

    def on_app_blur(self) -> None:
        """The terminal is looked at no more."""
        self._tells_focus = True
        self.desk.front.watched = False

    def on_descendant_focus(self) -> None:
        """Called by Textual: another hint."""
        self._status.hint = _HINT_MESSAGE if self.focused is self.transcript else _HINT
        self._status.update()

    def on_escaped(self, _event: messages.Escaped) -> None:
        """Esc leaves what was intended, or goes to the messages."""
        if not self._give_up():
            self.action_verb("pick")

    def on_key(self, event: events.Key) -> None:
        """Letters that mean nothing to a message go to where one writes, and what comes before the focus is there.

        That takes what it knows: what comes here was on its way to a message, which may be in focus no more.
        """
        if self.transcript.picked is not None and not unknown(event.key):
            return
        if event.is_printable:
            self.write()
            self.composer.insert(event.character or "")
        elif event.key == "enter":
            self.composer.submit()
        elif event.key == "escape":
            self.write()

    def on_resize(self, event: events.Resize) -> None:
        """Where there is little room, it goes to the messages."""
        self.composer.invite(self._placeholder())
        self.composer.set_class(event.size.height < 16 or event.size.width < 50, "-bare")

    # How it is kept up to date.

    def _begin(self) -> None:
        self.show(self.desk.front)
        self.app.post_message(messages.Begun())

    def _catch_up(self) -> None:
        self._due = False
        front = self.desk.front
        if front is not self._shown:
            self.show(front)
            return
        self.transcript.follow(front.take_change())
        if self.focused is self.transcript and self.transcript.picked is None:
            self.write()  # what was in focus is there no more
        self._update()

    def _update(self) -> None:
        unread = self.desk.front.unread
        self._status.where = f"{unread} new, ctrl+end" if unread and not self.transcript.at_end else ""
        self._say_purpose()  # what it is about may have been edited or taken back
        for pane in self._panes:
            pane.update()
        self.composer.invite(self._placeholder())

    def _tick(self) -> None:
        """Every second: what passes by itself."""
        self._ticks += 1
        self._idle += 1
        if self._ticks >= _NOTICE_TICKS:
            self._status.notice = ""
        for network in self.desk.networks:
            network.tell_markers()
        self.links.flush()
        self._update()

    def _look(self) -> None:
        """The front is read while its end is in sight and the terminal has the focus."""
        if self.transcript.at_end and self.app.app_focus:
            self.desk.front.look()
        else:
            self.desk.front.watched = False

    def _submit(self, text: str) -> None:
        network, front = self.desk.network, self.desk.front
        purpose = self._purposes.get(front)
        if isinstance(purpose, Editing):
            network.edit(front, purpose.entry, " ".join(text.split("\n")))
        elif text.startswith("/") and not text.startswith("//"):
            self._obey(text)
        elif front.place is Place.STATUS:
            raise BadCommand("this is the network itself; go into a room to talk: /join #general")
        else:
            said = text.removeprefix("/") if text.startswith("//") else text
            network.say(front, said, purpose.entry if isinstance(purpose, Replying) else None)

    def _obey(self, text: str) -> None:
        name, _, rest = text[1:].partition(" ")
        row = self.verbs.get(name.lower())
        if row is None or not row.usage:
            raise BadCommand(self._unknown(name))
        row.run(self, rest.strip())

    def _unknown(self, name: str) -> str:
        known = [row.name for row in self.verbs.values() if row.usage]
        close = get_close_matches(name.lower(), known, n=1)
        return f"there is no command /{name}; " + (f"did you mean /{close[0]}?" if close else "/help shows all")

    def _hear(self, network: Network, event: Event) -> None:
        if isinstance(event, Failed) and network.find(event.target) is not self.desk.front:
            self.tell(f"not sent to {event.target}: {event.reason}")
        self._notices.hear(network, event)
        self._logbook.hear(network, event)

    def _warn(self, text: str) -> None:
        self.desk.network.note(self.desk.front, text, refused=True)

    def _wish(self) -> None:
        self.links.wish(Wishes(self.kept.now.ignore, self.kept.now.highlight))

    def _is_looked_at(self) -> bool:
        """Not every terminal tells; of one that never did, somebody who typed lately looks at it."""
        return self.app.app_focus and (self._tells_focus or self._idle < _IDLE_TICKS)

    def _to_terminal(self, text: str) -> None:
        driver = self.app._driver  # as App.bell does
        if driver is not None:
            driver.write(text)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(work, exit_on_error=False)

    def _draft(self) -> str:
        purpose = self._purposes.get(self._shown) if self._shown is not None else None
        if self._shown is not None and isinstance(purpose, Editing):
            del self._purposes[self._shown]
            return purpose.draft
        return self.composer.text

    def _give_up(self) -> bool:
        """What was intended is not any more."""
        purpose = self._purposes.pop(self.desk.front, None)
        if isinstance(purpose, Editing):
            self.composer.put(purpose.draft, self.desk.front.typed, self._placeholder())
        self._say_purpose()
        return purpose is not None

    def _say_purpose(self) -> None:
        purpose = self._purposes.get(self.desk.front)
        self._typing.more = f"{fit(purpose.words, self.size.width - len(_NO) - 2)}{_NO}" if purpose else ""
        self.set_class(purpose is not None, "-intent")
        self._typing.update()

    def _placeholder(self) -> str:
        front = self.desk.front
        if front.place is Place.STATUS:
            return "/list shows the rooms, /join #room makes one, /help"
        said = f"Message {title(self.desk.network, front)}"
        hint = self._alone() if self._is_alone(front) else _WRITING
        return f"{said}   {hint}" if self.size.width >= len(said) + len(hint) + 10 else said

    def _alone(self) -> str:
        return _ALONE_DIRECTLY if DIRECT in self.desk.network.client.mirror.features else _ALONE

    def _is_alone(self, front: Buffer) -> bool:
        """Whether nobody else is here, and there is a way to bring them in."""
        client = self.desk.network.client
        room = client.mirror.room(front.name)
        return room is not None and len(room.members) == 1 and client.can(INVITES)
