"""The ways out of the house: e-mail by SMTP, and a webhook to the gateway of an SMS or WeChat provider.

Nothing here touches the database. What goes wrong is a SendingFailed whose text names no address.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import smtplib
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import SplitResult, urlsplit

from engine.config import settings
from engine.keys import key
from engine.notifications.kinds import EMAIL, GATEWAY
from engine.notifications.models import Preference

TIMEOUT = 15
"""Seconds for connecting and for each answer."""
LATER = {408, 425, 429}
"""Refusals of a gateway after which the same message may be taken later; other 4xx are final."""
SUBJECT = {"zh": "和解：有事情需要您看", "en": "Hejie: something needs you"}


class SendingFailed(Exception):
    """A message was not taken; `final` says that trying again is of no use."""

    def __init__(self, problem: str, *, final: bool = False) -> None:
        super().__init__(problem)
        self.final = final


@dataclass(frozen=True)
class Message:
    """One message, ready to go: by which channel, to whom, what, in which language."""

    id: str
    channel: str
    to: str
    kind: str
    text: str
    locale: str
    at: datetime


def gateway_is_set() -> bool:
    """Whether this house has a gateway."""
    return bool(settings().gateway_url)


def are_set() -> dict[str, bool]:
    """Which ways out this house has."""
    return {EMAIL: bool(settings().smtp_host), GATEWAY: gateway_is_set()}


def that_reach(preference: Preference | None, chosen: Collection[str]) -> list[str]:
    """The ways out that a person chose, has an address for, and the house has."""
    addresses = {EMAIL: preference.email, GATEWAY: preference.phone} if preference else {}
    return [one for one, address in addresses.items() if address and one in chosen and are_set()[one]]


def send(message: Message) -> None:
    """Send one message. Raises SendingFailed."""
    try:
        if message.channel == EMAIL:
            _send_mail(message)
        else:
            _call_gateway(message)
    except smtplib.SMTPResponseException as error:
        raise SendingFailed(f"SMTP {error.smtp_code}", final=500 <= error.smtp_code < 600) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise SendingFailed(f"SMTP {min(codes)}: recipient refused", final=min(codes) >= 500) from None
    except (OSError, smtplib.SMTPException, http.client.HTTPException) as error:
        raise SendingFailed(type(error).__name__) from None  # its text may name the address


def _send_mail(message: Message) -> None:
    house, mail = settings(), EmailMessage()
    mail["From"], mail["To"] = house.smtp_from, message.to
    mail["Subject"] = SUBJECT["en" if message.locale == "en" else "zh"]
    mail["Message-ID"] = (
        f"<{message.id}@{house.smtp_from.rpartition('@')[2].rstrip('>')}>"  # sent twice, it is seen to be one
    )
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        "\n\n".join(part for part in (message.text, house.address and f"{house.address}/notifications") if part)
    )
    with _mail_server() as server:
        if house.smtp_user:
            server.login(house.smtp_user, house.smtp_password)
        server.send_message(mail)


def _mail_server() -> smtplib.SMTP:
    house, context = settings(), ssl.create_default_context()
    if house.smtp_tls == "tls":
        return smtplib.SMTP_SSL(house.smtp_host, house.smtp_port or 465, timeout=TIMEOUT, context=context)
    if house.smtp_tls == "none" and not is_loopback(house.smtp_host):
        raise SendingFailed("HEJIE_SMTP_TLS=none is for a mail server on this machine alone", final=True)
    server = smtplib.SMTP(house.smtp_host, house.smtp_port or 587, timeout=TIMEOUT)
    if house.smtp_tls != "none":
        server.starttls(context=context)
    return server


def _call_gateway(message: Message) -> None:
    """POST the message as JSON, signed (HMAC-SHA-256 of time and body), with its id as Idempotency-Key.

    A redirect is refused: it could lead anywhere.
    """
    address = gateway_address(settings().gateway_url)
    facts = {"id": message.id, "to": message.to, "kind": message.kind, "text": message.text, "locale": message.locale}
    body = json.dumps(facts, ensure_ascii=False).encode()
    at = str(int(message.at.timestamp()))
    headers = {
        "Content-Type": "application/json", "Idempotency-Key": message.id, "Hejie-Timestamp": at,
        "Hejie-Signature": "sha256=" + signature(at, body),
    }  # fmt: skip
    made = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = made(address.hostname or "", address.port, timeout=TIMEOUT)
    try:
        connection.request("POST", address.path or "/", body, headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise SendingFailed(f"HTTP {status}", final=300 <= status < 500 and status not in LATER)


def signature(at: str, body: bytes) -> str:
    """What proves to the gateway that a message is ours; the key is the file gateway.key (engine.keys)."""
    return hmac.digest(key("gateway"), at.encode() + b"." + body, hashlib.sha256).hex()


def gateway_address(url: str) -> SplitResult:
    """The gateway's address, taken apart. Raises SendingFailed where it is neither https nor on this machine.

    A query or a password in it is refused as well: addresses end up in logs.
    """
    address = urlsplit(url)
    safe = address.scheme == "https" or (address.scheme == "http" and is_loopback(address.hostname or ""))
    if not safe or not address.hostname or address.query or address.fragment or address.username or address.password:
        raise SendingFailed("HEJIE_GATEWAY_URL must be https, without query or password", final=True)
    return address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


__all__ = ["Message", "SendingFailed", "are_set", "gateway_is_set", "is_loopback", "send", "that_reach"]
