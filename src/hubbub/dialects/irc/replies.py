"""The words of answers: a sentence for each numeric, and one table that puts the hub's refusals into numerics or FAIL.

https://modern.ircdocs.horse/#numerics and https://ircv3.net/specs/extensions/standard-replies
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hubbub.dialects.irc.fit import WORD_MAX
from hubbub.hub.admission import PASSWORD_MAX, PASSWORD_MIN
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.revisions import MOST_EDITS
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

SENTENCES: Final = {
    n.ERR_NOSUCHNICK: "Nobody here is called that",
    n.ERR_NOSUCHSERVER: "There is no such server",
    n.ERR_NOSUCHCHANNEL: "There is no such channel; JOIN makes one",
    n.ERR_TOOMANYCHANNELS: "You are in as many channels as you may; PART one first",
    n.ERR_WASNOSUCHNICK: "Nobody of that name was here lately",
    n.ERR_NOORIGIN: "PING needs something to send back",
    n.ERR_INVALIDCAPCMD: "Expected LS, LIST, REQ or END after CAP",
    n.ERR_NORECIPIENT: "Say whom it is for: a channel or a nick",
    n.ERR_NOTEXTTOSEND: "There is no text to send",
    n.ERR_INPUTTOOLONG: "That line is too long and was not taken; send it in parts",
    n.ERR_UNKNOWNCOMMAND: "Unknown command; HELP lists those that are known",
    n.ERR_NOMOTD: "There is no message of the day",
    n.ERR_NOADMININFO: "Nobody has said who runs this server",
    n.ERR_USERSDISABLED: "USERS is not answered here; LUSERS counts who is on",
    n.ERR_SUMMONDISABLED: "SUMMON is not done here",
    n.ERR_NOOPERHOST: "This server has no operators; its configuration names them",
    n.ERR_NONICKNAMEGIVEN: "Say which nick you want",
    n.ERR_ERRONEUSNICKNAME: "A nick has ASCII letters, digits and []\\`_^{|}-, and starts with none of 0-9 and -",
    n.ERR_NICKNAMEINUSE: "That nick is taken; choose another",
    n.ERR_USERNOTINCHANNEL: "They are not in that channel",
    n.ERR_NOTONCHANNEL: "You are not in that channel",
    n.ERR_USERONCHANNEL: "is already in that channel",
    n.ERR_NOTREGISTERED: "Register first: send NICK and USER",
    n.ERR_NEEDMOREPARAMS: "More parameters are needed; HELP with the command's name shows them",
    n.ERR_ALREADYREGISTERED: "You are registered already",
    n.ERR_PASSWDMISMATCH: "Wrong or missing password",
    n.ERR_CHANNELISFULL: "That channel is full (+l)",
    n.ERR_UNKNOWNMODE: "is not a mode known here",
    n.ERR_INVITEONLYCHAN: "That channel is invite-only (+i); ask somebody in it for an INVITE",
    n.ERR_BANNEDFROMCHAN: "You are banned from that channel (+b)",
    n.ERR_BADCHANNELKEY: "That channel needs its key (+k): JOIN #channel key",
    n.ERR_NEEDREGGEDNICK: "Log in to an account first: that channel is for those who have one",
    n.ERR_CHANOPRIVSNEEDED: "Only an operator of that channel may do that",
    n.ERR_UMODEUNKNOWNFLAG: "is not a user mode known here",
    n.ERR_USERSDONTMATCH: "You can see and change only your own modes",
    n.ERR_HELPNOTFOUND: "There is no help on that; HELP alone lists the commands",
    n.ERR_BANLISTFULL: "That list is full; take something off it first",
    n.RPL_SASLSUCCESS: "SASL authentication successful",
    n.ERR_SASLTOOLONG: "That SASL message is too long: send it in chunks of 400 characters",
    n.ERR_SASLABORTED: "SASL authentication aborted",
    n.RPL_NOWAWAY: "You are marked as being away",
    n.RPL_UNAWAY: "You are no longer marked as being away",
    n.RPL_NOTOPIC: "No topic is set",
    n.RPL_ENDOFNAMES: "End of names",
    n.RPL_ENDOFWHO: "End of WHO",
    n.RPL_ENDOFWHOIS: "End of WHOIS",
    n.RPL_ENDOFWHOWAS: "End of WHOWAS",
    n.RPL_LISTEND: "End of LIST",
    n.RPL_ENDOFBANLIST: "End of the ban list",
    n.RPL_ENDOFEXCEPTLIST: "End of the exception list",
    n.RPL_ENDOFINVEXLIST: "End of the invitation list",
    n.RPL_ENDOFINVITELIST: "End of your invitations",
    n.RPL_ENDOFINFO: "End of INFO",
    n.RPL_ENDOFMOTD: "End of the message of the day",
    n.RPL_ENDOFMONLIST: "End of the monitor list",
    n.RPL_ENDOFLINKS: "End of LINKS",
    n.RPL_ENDOFSTATS: "End of STATS",
    n.RPL_YOUREOPER: "You are an operator of the server now",
}
"""One sentence for each numeric that needs no other."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a refusal is spoken: a numeric, or the code of a FAIL; "" as sentence means that the hub gave one."""

    numeric: str = ""
    code: str = ""
    sentence: str = ""


def _numeric(numeric: str) -> _Form:
    return _Form(numeric, sentence=SENTENCES[numeric])


_FORMS: Final = {
    Why.NICK_ILLEGAL: _numeric(n.ERR_ERRONEUSNICKNAME),
    Why.NICK_TAKEN: _numeric(n.ERR_NICKNAMEINUSE),
    Why.NO_SUCH_NICK: _numeric(n.ERR_NOSUCHNICK),
    Why.NO_SUCH_CHANNEL: _numeric(n.ERR_NOSUCHCHANNEL),
    Why.CHANNEL_ILLEGAL: _Form(
        n.ERR_NOSUCHCHANNEL, sentence="A channel is # and visible characters but , and :, each word in one script"
    ),
    Why.TOO_MANY_CHANNELS: _numeric(n.ERR_TOOMANYCHANNELS),
    Why.KEY_WRONG: _numeric(n.ERR_BADCHANNELKEY),
    Why.INVITE_ONLY: _numeric(n.ERR_INVITEONLYCHAN),
    Why.CHANNEL_FULL: _numeric(n.ERR_CHANNELISFULL),
    Why.BANNED: _numeric(n.ERR_BANNEDFROMCHAN),
    Why.ACCOUNT_NEEDED: _numeric(n.ERR_NEEDREGGEDNICK),
    Why.ROOM_RENAMED: _Form(code="CHANNEL_RENAMED", sentence="That channel has another name now; join it there"),
    Why.NAME_IN_USE: _Form(code="CHANNEL_NAME_IN_USE", sentence="There is a channel of that name already"),
    Why.CANNOT_RENAME: _Form(code="CANNOT_RENAME"),
    Why.OWNED_ALREADY: _Form(code="CHANNEL_REGISTERED", sentence="That channel belongs to somebody already"),
    Why.NOT_OWNED: _Form(code="CHANNEL_NOT_REGISTERED", sentence="Nobody owns that channel; CS REGISTER claims it"),
    Why.NOT_OWNER: _Form(n.ERR_CHANOPRIVSNEEDED, sentence="Only the owner of that channel may do that"),
    Why.NO_SUCH_ACCOUNT: _Form(code="ACCOUNT_UNKNOWN", sentence="There is no account of that name"),
    Why.TOO_MANY_ROOMS: _Form(code="TOO_MANY_CHANNELS", sentence="That account owns as many channels as it may"),
    Why.SETTING_ILLEGAL: _Form(code="INVALID_SETTING"),
    Why.METADATA_HIDDEN: _Form(code="KEY_NO_PERMISSION", sentence="That is not yours to read or to change"),
    Why.METADATA_FULL: _Form(code="LIMIT_REACHED", sentence="There are as many keys as there may be; remove one first"),
    Why.NOT_ON_CHANNEL: _numeric(n.ERR_NOTONCHANNEL),
    Why.NOT_THERE: _numeric(n.ERR_USERNOTINCHANNEL),
    Why.ALREADY_THERE: _numeric(n.ERR_USERONCHANNEL),
    Why.NOT_OPERATOR: _numeric(n.ERR_CHANOPRIVSNEEDED),
    Why.CANNOT_SPEAK: _Form(n.ERR_CANNOTSENDTOCHAN),
    Why.CTCP_FORBIDDEN: _Form(n.ERR_CANNOTSENDTOCHAN, sentence="CTCP is not wanted in that channel (+C)"),
    Why.MODE_UNKNOWN: _numeric(n.ERR_UNKNOWNMODE),
    Why.MODE_ARGUMENT: _Form(n.ERR_INVALIDMODEPARAM),
    Why.LIST_FULL: _numeric(n.ERR_BANLISTFULL),
    Why.TOO_LONG: _numeric(n.ERR_INPUTTOOLONG),
    Why.TOO_MANY_TARGETS: _Form(n.ERR_TOOMANYTARGETS, sentence="Too many targets at once; the rest was not sent"),
    Why.HISTORY_HIDDEN: _Form(code="INVALID_TARGET", sentence="Messages could not be retrieved"),
    Why.REDACT_FORBIDDEN: _Form(code="REDACT_FORBIDDEN", sentence="You may take back what you said; others' words, no"),
    Why.EDIT_FORBIDDEN: _Form(
        code="EDIT_FORBIDDEN", sentence=f"You may edit what you said yourself, up to {MOST_EDITS} times"
    ),
    Why.UNKNOWN_MESSAGE: _Form(code="UNKNOWN_MSGID", sentence="No message of that id was said there, or it is gone"),
    Why.NOT_STORED: _Form(
        code="NOT_STORED", sentence="The server could not store that, so nobody has seen it; try again"
    ),
    Why.NICK_OWNED: _Form(
        n.ERR_NICKNAMEINUSE, sentence="That nick belongs to an account: log in to it first, or choose another"
    ),
    Why.NICK_OF_SERVICE: _Form(n.ERR_NICKNAMEINUSE, sentence="That nick belongs to a service; choose another"),
    Why.REALNAME_ILLEGAL: _Form(code="INVALID_REALNAME"),
    Why.STRANGER: _Form(
        n.ERR_NEEDREGGEDNICK, sentence="They hear only those who are logged in (+R); log in, or wait until they write"
    ),
    Why.CTCP_UNWANTED: _Form(n.ERR_CANTSENDTOUSER, sentence="They take no CTCP (+T)"),
    Why.BAN_ILLEGAL: _Form(code="INVALID_MASK"),
    Why.NOT_PERMITTED: _Form(n.ERR_NOPRIVILEGES),
    Why.LOGIN_FAILED: _numeric(n.ERR_PASSWDMISMATCH),
    Why.LOGIN_LATER: _Form(code="TEMPORARILY_UNAVAILABLE"),
    Why.LOGGED_IN: _Form(code="ALREADY_AUTHENTICATED", sentence="You are logged in already; log out first"),
    Why.NOT_LOGGED_IN: _Form(code="ACCOUNT_REQUIRED", sentence="You are not logged in"),
    Why.NOT_ALONE: _Form(
        code="OTHER_DEVICES", sentence="Other devices of yours are here under this account; disconnect them first"
    ),
    Why.ACCOUNT_TAKEN: _Form(code="ACCOUNT_EXISTS", sentence="That name is taken; choose another"),
    Why.ACCOUNT_ILLEGAL: _Form(
        code="BAD_ACCOUNT_NAME", sentence="An account is called like a nick: ASCII letters, digits and []\\`_^{|}-"
    ),
    Why.PASSWORD_WEAK: _Form(
        code="WEAK_PASSWORD",
        sentence=f"That is easily guessed: take at least {PASSWORD_MIN} characters, and not the account's name",
    ),
    Why.PASSWORD_ILLEGAL: _Form(
        code="UNACCEPTABLE_PASSWORD", sentence=f"A password has at most {PASSWORD_MAX} bytes and no control characters"
    ),
    Why.EMAIL_ILLEGAL: _Form(code="INVALID_EMAIL", sentence="An email address is needed, such as maya@example.org"),
    Why.REGISTRATION_CLOSED: _Form(
        code="DISALLOWED", sentence="Accounts are made by the operators here: ask one of them"
    ),
    Why.REGISTRATION_LATER: _Form(code="TEMPORARILY_UNAVAILABLE"),
    Why.CODE_WRONG: _Form(code="INVALID_CODE", sentence="That code is wrong or has expired"),
    Why.INVITE_UNKNOWN: _Form(
        code="INVITE_UNKNOWN", sentence="There is no such invite here; look at it again, or ask for a new one"
    ),
    Why.INVITE_OVER: _Form(code="INVITE_OVER"),
    Why.INVITE_ILLEGAL: _Form(code="INVALID_PARAMS"),
    Why.KEY_ILLEGAL: _Form(code="INVALID_KEY"),
    Why.NO_SUCH_KEY: _Form(code="UNKNOWN_KEY", sentence="Nothing of that name opens your account"),
}


def middle(param: str) -> str:
    """A word from outside where only one word can stand: itself, or "*" for what would be read as something else."""
    speakable = param and param[0] != ":" and " " not in param and len(param.encode()) <= WORD_MAX
    return param if speakable else "*"


def numeric(server: str, nick: str, code: str, params: Sequence[str]) -> Line:
    """A numeric reply: the nick it is for, words that may come from outside, and a last parameter of any form."""
    *words, last = params
    return Line(code, (nick, *map(middle, words), last), server)


def words(refused: Refused) -> str:
    """A refusal as a sentence alone."""
    return _FORMS[refused.why].sentence or refused.about[-1]


def refusal(server: str, nick: str, command: str, refused: Refused) -> Line:
    form, about = _FORMS[refused.why], refused.about
    sentence = form.sentence or about[-1]
    words = about if form.sentence else about[:-1]
    if form.numeric:
        return numeric(server, nick, form.numeric, (*words, sentence))
    return Line("FAIL", (command, form.code, *map(middle, words), sentence), server)
