"""A certificate from an authority, by ACME: we show that a name is ours by an answer at a path of our own HTTP.

Everything here blocks: it is for threads. Import this module where a certificate is wanted and not before: the library
is the extra `acme`, and takes 0.3 s to load. https://www.rfc-editor.org/rfc/rfc8555
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from acme import challenges, client, crypto_util, errors, messages
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from josepy.errors import Error as JoseError
from josepy.jwa import ES256
from josepy.jwk import JWKEC

from hubbub import __version__
from hubbub.net.keeping import write_whole

_PATIENCE: Final = timedelta(seconds=120)
"""In which an authority has looked at us and signed: they take some seconds."""


class NotIssued(Exception):
    """Why there is no certificate, in the authority's words or the network's."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """`directory` is the authority's URL; `account` the file of the key that it knows us by, made where there is none.

    `shown` is what we answer at `/.well-known/acme-challenge/TOKEN`, by token.
    """

    directory: str
    email: str
    account: Path
    shown: MutableMapping[str, str]

    def issue(self, domain: str) -> bytes:
        """A new key and its certificate chain, as PEM. Raises `NotIssued`, OSError."""
        with _told():
            key = JWKEC(key=self._account_key())
            authority = self._enter(key)
            own = _pem(ec.generate_private_key(ec.SECP256R1()))
            order = authority.new_order(crypto_util.make_csr(own, domains=[domain]))
            try:
                for found in order.authorizations:
                    self._answer(authority, key, found)
                # The library waits by the machine's clock, without a zone.
                signed = authority.poll_and_finalize(order, datetime.now() + _PATIENCE)  # noqa: DTZ005
            finally:
                self.shown.clear()
            return own + str(signed.fullchain_pem).encode()

    def _account_key(self) -> ec.EllipticCurvePrivateKey:
        if not self.account.exists():
            self.account.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.account, _pem(ec.generate_private_key(ec.SECP256R1())))
        key = load_pem_private_key(self.account.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NotIssued(f"{self.account}: expected an EC key; remove the file to have one made")
        return key

    def _enter(self, key: JWKEC) -> client.ClientV2:
        """Authorities ask that their terms are agreed to: whoever names a domain has."""
        net = client.ClientNetwork(key, alg=ES256, user_agent=f"hubbub/{__version__}")
        authority = client.ClientV2(client.ClientV2.get_directory(self.directory, net), net)
        wish = messages.NewRegistration.from_data(email=self.email or None, terms_of_service_agreed=True)
        try:
            authority.new_account(wish)
        except errors.ConflictError as known:
            net.account = messages.RegistrationResource(uri=known.location, body=messages.Registration())
        return authority

    def _answer(self, authority: client.ClientV2, key: JWKEC, found: messages.AuthorizationResource) -> None:
        """Show what is asked for, and say so."""
        if found.body.status == messages.STATUS_VALID:
            return
        asked = next((one for one in found.body.challenges if isinstance(one.chall, challenges.HTTP01)), None)
        if asked is None:
            raise NotIssued("the authority offers no http-01 challenge")
        response, self.shown[asked.chall.encode("token")] = asked.chall.response_and_validation(key)
        authority.answer_challenge(asked, response)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except errors.ValidationError as error:
        raise NotIssued(_why(error)) from None
    except errors.TimeoutError:
        raise NotIssued(f"the authority was not done within {_PATIENCE.seconds} seconds") from None
    except messages.Error as error:
        raise NotIssued(error.detail or str(error)) from None
    except (errors.Error, JoseError, OSError, ValueError) as error:  # those of `requests` are OSErrors
        raise NotIssued(str(error) or type(error).__name__) from None


def _why(error: errors.ValidationError) -> str:
    asked = (one for found in error.failed_authzrs for one in found.body.challenges)
    return "; ".join(one.error.detail or str(one.error) for one in asked if one.error is not None)
