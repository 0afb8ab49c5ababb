"""Keys as Textual wants them, from the table of verbs."""

from textual.binding import Binding, BindingType

from hubbub.tui.verbs import Where, verbs


def bindings() -> list[BindingType]:
    """What keys do anywhere: before the field for writing, which would take some of them for itself."""
    rows = [row for row in verbs().values() if row.where is Where.ANYWHERE and row.keys]
    return [Binding(row.keys, f"verb('{row.name}')", row.about, show=False, priority=True) for row in rows]


def message_bindings() -> list[BindingType]:
    """What keys do while a message is in focus."""
    rows = [row for row in verbs().values() if row.where is Where.MESSAGE]
    return [Binding(row.keys, f"screen.verb('{row.name}')", row.about, show=False) for row in rows]


def unknown(key: str) -> bool:
    """Whether a key means nothing to a message in focus."""
    return not any(key in row.keys.split(",") for row in verbs().values() if row.where is Where.MESSAGE)


def alt_letters() -> list[str]:
    """The letters and digits that mean something together with alt."""
    keys = [key for row in verbs().values() for key in row.keys.split(",")]
    return [key.removeprefix("alt+") for key in keys if key.startswith("alt+") and len(key) == len("alt+x")]
