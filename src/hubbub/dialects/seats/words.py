"""The hub's refusals as sentences, for people who know no numerics."""

from __future__ import annotations

from typing import Final

from hubbub.hub.admission import PASSWORD_MAX, PASSWORD_MIN
from hubbub.hub.refusals import Refused, Why
from hubbub.wire.chunks import TEXT_MAX
from hubbub.wire.clean import clean

_SENTENCES: Final = {
    Why.NICK_ILLEGAL: "A name has ASCII letters, digits and []\\`_^{{|}}-, and begins with none of 0-9 and -",
    Why.NICK_TAKEN: "{0} is taken",
    Why.NICK_OWNED: "{0} belongs to an account",
    Why.NICK_OF_SERVICE: "{0} is the name of a service",
    Why.NO_SUCH_NICK: "Nobody here is called {0}",
    Why.NO_SUCH_CHANNEL: "There is no room {0}",
    Why.CHANNEL_ILLEGAL: "A room is # and visible characters but , and :, each word in one script",
    Why.TOO_MANY_CHANNELS: "You are in as many rooms as you may be",
    Why.KEY_WRONG: "{0} needs its key",
    Why.INVITE_ONLY: "{0} is for those who were invited",
    Why.CHANNEL_FULL: "{0} is full",
    Why.BANNED: "You are banned from {0}",
    Why.ACCOUNT_NEEDED: "{0} is for people with an account",
    Why.ROOM_RENAMED: "{0} is called {1} now",
    Why.NOT_ON_CHANNEL: "You are not in {0}",
    Why.NOT_OPERATOR: "Only an operator of {0} may do that",
    Why.TOO_LONG: f"That is too long: a message has at most {TEXT_MAX} bytes",
    Why.HISTORY_HIDDEN: "There is nothing to read of {0}",
    Why.NOT_STORED: "The server could not store that, so nobody has seen it; try again",
    Why.STRANGER: "{0} hears only people with an account, until they write themselves",
    Why.LOGIN_FAILED: "The name or the password is wrong",
    Why.LOGGED_IN: "You are logged in already, as {0}",
    Why.NOT_LOGGED_IN: "You are not logged in",
    Why.NOT_ALONE: "Other devices of yours are here as {0}; disconnect them first",
    Why.ACCOUNT_TAKEN: "There is an account {0} already, or somebody is called so",
    Why.ACCOUNT_ILLEGAL: "An account is called like a person: ASCII letters, digits and []\\`_^{{|}}-",
    Why.PASSWORD_WEAK: f"That is easily guessed: take at least {PASSWORD_MIN} characters, and not your name",
    Why.PASSWORD_ILLEGAL: f"A password has at most {PASSWORD_MAX} bytes and no control characters",
    Why.EMAIL_ILLEGAL: "An email address is needed, such as maya@example.org",
    Why.REGISTRATION_CLOSED: "Accounts are made by the operators here: ask one of them",
    Why.INVITE_UNKNOWN: "There is no such invite here: look at it again, or ask for a new one",
    Why.CODE_WRONG: "That code is wrong or has expired",
}
"""Sentences about what the refusal is about, by its place. Of other reasons the hub says the sentence itself."""


class TurnedAway(Exception):
    """They are shown out, with this sentence."""


def words(refused: Refused) -> str:
    sentence = _SENTENCES.get(refused.why)
    if sentence is not None:
        return sentence.format(*map(clean, refused.about))
    return refused.about[-1] if refused.about and " " in refused.about[-1] else "That cannot be done"
