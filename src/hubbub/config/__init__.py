"""What an operator may set: one tree of frozen values, its defaults, and the one file it is read from."""

from hubbub.config.endpoint import Endpoint
from hubbub.config.loading import load
from hubbub.config.problems import ConfigError
from hubbub.config.reloading import RELOADABLE, reload
from hubbub.config.tree import Config, History, Limits, Listen, Log, Operator, Proxy, Sts, Tls, Webirc
from hubbub.config.values import File, Secret

__all__ = [
    "RELOADABLE",
    "Config",
    "ConfigError",
    "Endpoint",
    "File",
    "History",
    "Limits",
    "Listen",
    "Log",
    "Operator",
    "Proxy",
    "Secret",
    "Sts",
    "Tls",
    "Webirc",
    "load",
    "reload",
]
