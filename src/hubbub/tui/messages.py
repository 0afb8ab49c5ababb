"""What the widgets tell the screen. They know nothing of one another: widgets post, the screen decides."""

from textual.message import Message

from hubbub.client.model.buffer import Buffer
from hubbub.client.model.entry import Entry


class Begun(Message):
    """There is a field to write in."""


class Chosen(Message):
    """A buffer is to come to the front."""

    def __init__(self, buffer: Buffer) -> None:
        super().__init__()
        self.buffer = buffer


class Submitted(Message):
    """Something was typed and finished with Enter."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Drafted(Message):
    """What is being typed was changed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Pasted(Message):
    """Many lines were pasted: the person is asked first."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Completing(Message):
    """Tab was pressed: what stands before the cursor is to be completed."""


class Recalled(Message):
    """A line that was typed before stands in the field."""


class Escaped(Message):
    """Esc was pressed while writing."""


class EarlierWanted(Message):
    """The beginning of what is loaded is near."""


class Seen(Message):
    """The end of the transcript came into sight, or went out of it."""

    def __init__(self, end: bool) -> None:
        super().__init__()
        self.end = end


class Picked(Message):
    """A message was clicked at: it is the one in focus."""

    def __init__(self, entry: Entry | None) -> None:
        super().__init__()
        self.entry = entry


class PersonChosen(Message):
    """A conversation with someone is to come to the front."""

    def __init__(self, nick: str) -> None:
        super().__init__()
        self.nick = nick
