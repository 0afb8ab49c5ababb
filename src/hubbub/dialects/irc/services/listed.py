"""The services there are. A new one is added to this list."""

from hubbub.dialects.irc.services.chanserv import CHANSERV
from hubbub.dialects.irc.services.nickserv import NICKSERV

ALL = (CHANSERV, NICKSERV)
