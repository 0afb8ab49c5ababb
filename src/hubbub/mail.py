"""Mail: codes for those who want an account, sent through the mail server that the operator names.

Each in a thread of its own that nobody waits for: a mail server that is slow, or gone, holds up neither people nor the
end of the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from hubbub.hub.promise import Promise, kept

if TYPE_CHECKING:
    from smtplib import SMTP

_SECONDS: Final = 20.0
"""How long each step of a delivery may take."""

_MAILS_MAX: Final = 8
"""Mails that may be under way; whoever comes then is told to come back, and no flood of them goes out later."""

_TEXT: Final = """\
Somebody, probably you, wants the account {account} on {network}.

To finish, type this there:

    /quote VERIFY {account} {code}

If it was not you, do nothing: without the code there will be no account.
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and from whom it is; `security` is starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


class Mailer:
    """Sends codes; `soon` hands answers to the server's thread, `failed` is told there what went wrong."""

    def __init__(
        self, server: MailServer, network: str, soon: Callable[..., Any], failed: Callable[[Exception], Any]
    ) -> None:
        self._server = server
        self._network = network
        self._soon = soon
        self._failed = failed
        self._sending = 0

    def send(self, address: str, account: str, code: str) -> Promise[bool]:
        """Hand a code to the mail server; whether it took it."""
        if self._sending >= _MAILS_MAX:
            return kept(False)
        self._sending += 1
        promise: Promise[bool] = Promise()
        Thread(target=self._work, args=(address, account, code, promise), name="hubbub-mail", daemon=True).start()
        return promise

    def _work(self, address: str, account: str, code: str, promise: Promise[bool]) -> None:
        try:
            self._deliver(address, account, code)
        except Exception as problem:  # whatever it is, it is one for the operator
            self._soon(partial(self._failed, problem))
            self._soon(partial(self._answer, promise, False))
        else:
            self._soon(partial(self._answer, promise, True))

    def _deliver(self, address: str, account: str, code: str) -> None:
        from email.message import EmailMessage
        from email.utils import formatdate, make_msgid

        mail = EmailMessage()
        mail["From"], mail["To"] = self._server.sender, address
        mail["Subject"] = f"Your account {account} on {self._network}"
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=self._server.sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"  # https://www.rfc-editor.org/rfc/rfc3834: nothing shall answer it
        mail.set_content(_TEXT.format(account=account, network=self._network, code=code))
        with self._connect() as smtp:
            smtp.send_message(mail)

    def _connect(self) -> SMTP:
        import ssl
        from smtplib import SMTP, SMTP_SSL

        server = self._server
        if server.security == "tls":
            smtp: SMTP = SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=ssl.create_default_context())
        else:
            smtp = SMTP(server.host, server.port, timeout=_SECONDS)
        try:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())  # fails where it is not offered: no code in clear
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _answer(self, promise: Promise[bool], answer: bool) -> None:
        self._sending -= 1
        promise.keep(answer)
