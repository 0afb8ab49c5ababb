"""Why the hub says no: a typed answer to a request, never logged, put into words by each dialect."""

from enum import Enum, auto


class Why(Enum):
    """The reasons; the comment names what `Refused.about` holds."""

    NICK_ILLEGAL = auto()  # the nick asked for
    NICK_TAKEN = auto()  # the nick asked for
    NO_SUCH_NICK = auto()  # the nick
    NO_SUCH_CHANNEL = auto()  # the channel
    CHANNEL_ILLEGAL = auto()  # the channel
    TOO_MANY_CHANNELS = auto()  # the channel
    KEY_WRONG = auto()  # the channel
    INVITE_ONLY = auto()  # the channel
    CHANNEL_FULL = auto()  # the channel
    BANNED = auto()  # the channel
    ACCOUNT_NEEDED = auto()  # the channel
    ROOM_RENAMED = auto()  # the channel asked for, its name now
    NAME_IN_USE = auto()  # the channel, the name it should have
    CANNOT_RENAME = auto()  # the channel, the name it should have, the sentence why
    OWNED_ALREADY = auto()  # the channel
    NOT_OWNED = auto()  # the channel
    NOT_OWNER = auto()  # the channel
    NO_SUCH_ACCOUNT = auto()  # the account
    TOO_MANY_ROOMS = auto()  # the channel
    SETTING_ILLEGAL = auto()  # the channel, the setting, the sentence why
    METADATA_HIDDEN = auto()  # the target, the key or "*"
    METADATA_FULL = auto()  # the target, the limit
    NOT_ON_CHANNEL = auto()  # the channel
    NOT_THERE = auto()  # the nick, the channel: somebody else is not on it
    ALREADY_THERE = auto()  # the nick, the channel
    NOT_OPERATOR = auto()  # the channel
    CANNOT_SPEAK = auto()  # the channel, the sentence why
    CTCP_FORBIDDEN = auto()  # the channel
    MODE_UNKNOWN = auto()  # the letter
    MODE_ARGUMENT = auto()  # the channel, the letter, the argument, the sentence why
    LIST_FULL = auto()  # the channel, the letter
    TOO_LONG = auto()  # nothing
    TOO_MANY_TARGETS = auto()  # the target
    HISTORY_HIDDEN = auto()  # the target: not there, or not for these eyes; the answer is the same
    REDACT_FORBIDDEN = auto()  # the target, the msgid
    EDIT_FORBIDDEN = auto()  # the target, the msgid
    UNKNOWN_MESSAGE = auto()  # the target, the msgid: nothing that was said there, or it is gone
    NOT_STORED = auto()  # nothing: the store failed; try again
    REALNAME_ILLEGAL = auto()  # the sentence why
    STRANGER = auto()  # the nick, who takes messages only from those with an account (+R)
    CTCP_UNWANTED = auto()  # the nick, who takes no CTCP (+T)
    BAN_ILLEGAL = auto()  # the mask, the sentence why
    NOT_PERMITTED = auto()  # the sentence what they may not do
    NICK_OWNED = auto()  # the nick asked for, which is somebody's account
    NICK_OF_SERVICE = auto()  # the nick asked for
    LOGIN_FAILED = auto()  # nothing: whether the name or the password was wrong is not said
    LOGIN_LATER = auto()  # the sentence why
    LOGGED_IN = auto()  # the account they are logged in to already
    NOT_LOGGED_IN = auto()  # nothing
    NOT_ALONE = auto()  # the account: other devices of theirs are behind the same nick
    ACCOUNT_TAKEN = auto()  # the name asked for
    ACCOUNT_ILLEGAL = auto()  # the name asked for
    PASSWORD_WEAK = auto()  # the account's name
    PASSWORD_ILLEGAL = auto()  # the account's name
    EMAIL_ILLEGAL = auto()  # the account's name
    REGISTRATION_CLOSED = auto()  # the account's name
    REGISTRATION_LATER = auto()  # the account's name, the sentence why
    CODE_WRONG = auto()  # the account's name
    INVITE_UNKNOWN = auto()  # the code
    INVITE_OVER = auto()  # the code, the sentence why
    INVITE_ILLEGAL = auto()  # the sentence why
    KEY_ILLEGAL = auto()  # the device or certificate, the sentence why
    NO_SUCH_KEY = auto()  # the device or certificate


class Refused(Exception):
    """The request cannot be granted: `why`, and what it is `about` in the order that `Why` documents."""

    def __init__(self, why: Why, *about: str) -> None:
        super().__init__(why, *about)
        self.why = why
        self.about = about
