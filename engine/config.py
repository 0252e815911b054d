"""Settings, read from the environment once; every variable starts with HEJIE_ and has a working default."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What an operator may set.

    `database_url` is empty for the embedded PostgreSQL below `var`; `keys` is where secret keys are kept (engine.keys).
    `secure_cookies` is for HTTPS: leave it off only on loopback. `demo` says that the data is made up: pages mark it
    and name the demo accounts. `address` is how people reach the house, for links in mails. The other `smtp_` and
    `gateway_` settings are ways to tell people (docs/notifications.md); the mail password is read from a file.
    `second_factor` names the roles that sign in with a code beside their password (engine.people.second_factor).
    `exit_address` is the harmless page that "leave quickly" leads to.
    """

    var: Path
    keys: Path
    database_url: str
    secure_cookies: bool
    trusted_proxies: int
    upload_limit: int
    session_hours: int
    second_factor: frozenset[str]
    demo: bool
    address: str
    smtp_host: str
    smtp_port: int
    smtp_tls: str
    smtp_user: str
    smtp_password: str
    smtp_from: str
    gateway_url: str
    exit_address: str


@cache
def settings() -> Settings:
    """The settings of this process."""
    env = os.environ.get
    var = Path(env("HEJIE_VAR") or ROOT / "var").absolute()
    return Settings(
        var=var,
        keys=Path(env("HEJIE_KEYS") or var / "keys").absolute(),
        database_url=env("HEJIE_DATABASE_URL") or "",
        secure_cookies=env("HEJIE_SECURE_COOKIES", "0") == "1",
        trusted_proxies=int(env("HEJIE_TRUSTED_PROXIES") or 0),
        upload_limit=int(env("HEJIE_UPLOAD_LIMIT") or 10 * 1024 * 1024),
        session_hours=int(env("HEJIE_SESSION_HOURS") or 12),
        second_factor=frozenset((env("HEJIE_SECOND_FACTOR") or "").replace(",", " ").split()),
        demo=env("HEJIE_DEMO", "0") == "1",
        address=(env("HEJIE_ADDRESS") or "").rstrip("/"),
        smtp_host=env("HEJIE_SMTP_HOST") or "",
        smtp_port=int(env("HEJIE_SMTP_PORT") or 0),
        smtp_tls=env("HEJIE_SMTP_TLS") or "starttls",
        smtp_user=env("HEJIE_SMTP_USER") or "",
        smtp_password=_secret(env("HEJIE_SMTP_PASSWORD_FILE")),
        smtp_from=env("HEJIE_SMTP_FROM") or "hejie@localhost",
        gateway_url=env("HEJIE_GATEWAY_URL") or "",
        exit_address=env("HEJIE_EXIT") or "https://www.weather.com.cn/",
    )


def _secret(file: str | None) -> str:
    """What a file holds, without the line's end: a secret in the environment is seen by more than it is meant for."""
    return Path(file).read_text(encoding="utf-8").strip() if file else ""
