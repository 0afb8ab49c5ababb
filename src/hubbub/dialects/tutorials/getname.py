"""getname://: the server says GET_NAME, the client its name; `name: text` goes to all others, and four words leave."""

from __future__ import annotations

from typing import Final

from hubbub.dialects.tutorials.nick import Named

_LEAVING: Final = frozenset({"q", "exit", "close", "disconnect"})


class GetName(Named):
    door = username = "getname"
    greeting = b"GET_NAME"

    def greet(self) -> None:
        self.tell(f"{self.me.nick} connected to server!")

    async def listen(self, text: str) -> None:
        words = self.unsigned(text)
        if words.strip() in _LEAVING:
            self.go()
        else:
            await self.speak(words)
