"""proxy/site.conf, the site for a machine's own nginx beside the units of systemd.

It is loaded by a real nginx, within a main configuration like Debian's.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from localrun.processes import free_port
from tests.certificates import certificate
from tests.processes.test_proxy import (
    ALWAYS,
    NGINX,
    Proxy,
    headers,
    web,
)
from tests.web_server import ROOT, WebServer, get

__all__ = ["web"]

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db,  # makes the database that the server uses
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed here"),
]

SITE = ROOT / "proxy" / "site.conf"
#: Debian's /etc/nginx/nginx.conf around the files of conf.d; here all is written
#: below `home`.
AROUND = """
daemon off;
worker_processes auto;
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    default_type application/octet-stream;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log {home}/access.log;
    gzip on;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxied;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/conf.d/*.conf;
}}
"""


class Site(Proxy):
    """nginx with the site, in which only ports and paths are the test's own."""

    def __init__(self, home: Path, *, web: int) -> None:
        certificate(home / "tls")
        self.port, self.plain_port, self.log = free_port(), free_port(), home / "log"
        (home / "conf.d").mkdir()
        text = SITE.read_text()
        for there, here in {
            "server 127.0.0.1:8000": f"server 127.0.0.1:{web}",
            "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "    listen [::]:80 default_server;\n": "",
            "    listen [::]:443 ssl default_server;\n": "",
            "/etc/sleutelloket/tls": str(home / "tls"),
            "/opt/sleutelloket/proxy": str(ROOT / "proxy"),
            "/var/log/nginx": str(home),
        }.items():
            assert there in text, there
            text = text.replace(there, here)
        (home / "conf.d" / "sleutelloket.conf").write_text(text)
        self.start(home, AROUND.format(home=home))


@pytest.fixture(scope="module")
def site(web: WebServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), web=web.port)
    try:
        yield site
    finally:
        site.close()


def directives(path: Path) -> set[str]:
    """Each line that ends with a semicolon, without its indentation; no comments."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return {line for line in lines if line.endswith(";") and line[0] != "#"}


def test_it_says_what_the_proxy_of_compose_says() -> None:
    """Except for ports, paths and what only the image of compose needs."""
    of_compose = directives(ROOT / "proxy" / "nginx.conf")
    of_site = directives(SITE)
    places = ("listen ", "ssl_certificate", "root ", "error_log ", "proxy_pass ")
    of_image = ("daemon ", "pid ", "worker_", "resolver ", "set $web ", "return 200")
    apart = {
        line
        for line in of_compose - of_site
        if not line.startswith((*places, *of_image)) and "_temp_path " not in line
    }
    assert apart == set()
    more = {line for line in of_site - of_compose if not line.startswith(places)}
    assert more == {"server 127.0.0.1:8000 max_fails=0;", "gzip off;"}


def test_nginx_takes_it_as_it_stands(tmp_path: Path) -> None:
    """Only its ports and the paths of certificate and logs are replaced."""
    certificate(tmp_path / "tls")
    (tmp_path / "conf.d").mkdir()
    text = SITE.read_text().replace("/etc/sleutelloket/tls", str(tmp_path / "tls"))
    text = text.replace("/var/log/nginx", str(tmp_path))
    for port in ("80", "443"):  # only root may listen on these
        text = text.replace(f"listen {port} ", f"listen {(here := free_port())} ")
        text = text.replace(f"listen [::]:{port} ", f"listen [::]:{here} ")
    (tmp_path / "conf.d" / "sleutelloket.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(AROUND.format(home=tmp_path))
    asked = subprocess.run(
        [str(NGINX), "-t", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert asked.returncode == 0, asked.stderr


def test_a_page_comes_through_with_its_headers_once_and_in_no_log(site: Site) -> None:
    answer = site.ask(get("/counter/sign-in/"))
    assert answer.startswith(b"HTTP/1.1 200")
    values = headers(answer)
    for name, value in ALWAYS.items():
        assert len(values[name]) == 1, name
        assert value in values[name][0]
    home = site.log.parent
    for log in (home / "access.log", home / "error.log", home / "sleutelloket.log"):
        assert "sign-in" not in log.read_text()


def test_without_a_web_server_people_read_what_to_do(tmp_path: Path) -> None:
    site = Site(tmp_path, web=free_port())
    try:
        answer = site.ask(get("/nl/"))
    finally:
        site.close()
    assert answer.startswith(b"HTTP/1.1 502")
    assert (ROOT / "proxy" / "away.html").read_bytes().strip() in answer
    for name in ALWAYS:
        assert len(headers(answer)[name]) == 1, name
