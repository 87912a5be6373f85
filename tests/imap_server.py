"""A real mail server with one mailbox, read over IMAP: Dovecot, in its own directory.

It comes with `apt-get install dovecot-imapd`; .ci/run installs it. It listens on this
machine only. The mailbox belongs to the account that runs the tests. Dovecot does
nothing as root; when root runs the tests, the mailbox belongs to the account `mail`.
"""

import getpass
import grp
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from localrun.processes import free_port

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER, PASSWORD = "bounces", "a-password-of-the-tests"

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{home}/mail
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def _accounts() -> dict[str, str]:
    """The accounts in the configuration: the mailbox's, and those of Dovecot itself."""
    if os.getuid() == 0:
        return {
            "user": "mail",
            "group": "mail",
            "internal": "dovecot",
            "internal_group": "dovecot",
            "login": "dovenull",
        }
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    return {
        "user": user,
        "group": group,
        "internal": user,
        "internal_group": group,
        "login": user,
    }


@dataclass
class ImapServer:
    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp("-imap")))
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        assert DOVECOT is not None
        accounts = _accounts()
        self.home.chmod(0o755)
        for name in ("", "new", "cur", "tmp"):
            folder = self.home / "mail" / name
            folder.mkdir()
            shutil.chown(folder, accounts["user"], accounts["group"])
        configuration = self.home / "dovecot.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                home=self.home, port=self.port, password=PASSWORD, **accounts
            )
        )
        self._process = subprocess.Popen([DOVECOT, "-F", "-c", str(configuration)])
        self._wait()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self.home)

    @property
    def account(self) -> dict[str, object]:
        """The account, in the form of settings.BOUNCE_MAILBOX."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "plain",
            "user": USER,
            "password": PASSWORD,
        }

    def put(self, raw: bytes) -> None:
        """Deliver a mail, as another mail server would."""
        name = f"{time.time_ns()}.{os.getpid()}.tests"
        path = self.home / "mail" / "tmp" / name
        path.write_bytes(raw)
        accounts = _accounts()
        shutil.chown(path, accounts["user"], accounts["group"])
        path.rename(self.home / "mail" / "new" / name)

    def mails(self) -> dict[str, bytes]:
        """The mails by their flags and file name; a read mail has the flag `S`."""
        by_flags: dict[str, bytes] = {}
        for folder in ("new", "cur"):
            for path in (self.home / "mail" / folder).iterdir():
                flags = path.name.partition(":2,")[2]
                by_flags[f"{flags} {path.name}".strip()] = path.read_bytes()
        return by_flags

    def unread(self) -> int:
        return sum("S" not in name.split(" ")[0] for name in self.mails())

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as there:
                    if there.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.05)
        log = self.home / "log"
        raise AssertionError(log.read_text() if log.exists() else "Dovecot is silent.")
