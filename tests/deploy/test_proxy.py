"""deploy/nginx as it is shipped, in front of the portal: only its addresses, ports and folders are this test's."""

import gzip
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.live import ROOT, free_port

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")

SHIPPED = ROOT / "deploy" / "nginx"
HASHED = "portal/x.0123456789ab.css"


@contextmanager
def process(command, **environment):
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    running = subprocess.Popen(["setpriv", "--pdeathsig=TERM", *command], env={**inherited, **environment}, cwd=ROOT)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


def wait_for(port):
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", int(port)), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@contextmanager
def nginx(folder, inner):
    """nginx as shipped before whatever listens on `inner`: its ports of http and https."""
    data, http, https = folder / "data", free_port(), free_port()
    for name, content in {"keys/x": b"secret", f"static/{HASHED}": b"a{}", "static/portal/plain.css": b"b{}"}.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(content)
    (data / f"static/{HASHED}.gz").write_bytes(gzip.compress(b"a{}"))
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*certificate, "-keyout", folder / "key", "-out", folder / "chain"], check=True, capture_output=True)

    site = (SHIPPED / "portal.conf").read_text()
    for shipped, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "listen 80": f"listen 127.0.0.1:{http}",
        "https://$host$": f"https://$host:{https}$",
        "127.0.0.1:8000": f"127.0.0.1:{inner}",
        "portal.example;": "localhost;",
        "/etc/ssl/portal/fullchain.pem": str(folder / "chain"),
        "/etc/ssl/portal/privkey.pem": str(folder / "key"),
        "/var/lib/portal": str(data),
        "/srv/portal": str(ROOT),
    }.items():
        assert shipped in site
        site = site.replace(shipped, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # may read what this test wrote
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off;\n{temporary}\n{site}}}"
    )

    with process(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]):
        wait_for(https)
        yield http, https


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Gunicorn and nginx: the ports of http and https."""
    folder, inner = tmp_path_factory.mktemp("proxy"), free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{inner}", "--no-control-socket"]
    with nginx(folder, inner) as (http, https):
        environment = {
            "DATA_DIR": str(folder / "data"),
            "PUBLIC_URL": f"https://localhost:{https}",
            "ALLOWED_HOSTS": "localhost",
            "TRUSTED_PROXIES": "1",
            "TESTING": "true",  # pages without collected static files
        }
        with process(gunicorn, **environment):
            wait_for(inner)
            yield http, https


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def ask(address, *, data=None, **headers):
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=anybody))
    try:
        return opener.open(urllib.request.Request(address, data=data, headers=headers), timeout=30)
    except urllib.error.HTTPError as answer:
        return answer


def test_the_portal_behind_it_knows_that_it_is_reached_by_https(served):
    http, https = served
    plain = ask(f"http://localhost:{http}/livez?a=b")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://localhost:{https}/livez?a=b")
    answer = ask(f"https://localhost:{https}/livez")  # asks no database, which is empty here
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_static_files_are_compressed_and_kept_for_good_only_under_a_name_that_never_changes(served):
    _http, https = served
    hashed = ask(f"https://localhost:{https}/static/{HASHED}", **{"Accept-Encoding": "gzip"})
    plain = ask(f"https://localhost:{https}/static/portal/plain.css")
    assert (gzip.decompress(hashed.read()), plain.read()) == (b"a{}", b"b{}")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == "public, max-age=300"
    assert [each.headers["Content-Type"] for each in (hashed, plain)] == ["text/css"] * 2
    assert [each.headers["X-Content-Type-Options"] for each in (hashed, plain)] == ["nosniff"] * 2


@pytest.mark.parametrize("path", ["/keys/x", "/static/../keys/x", "/static/%2e%2e/keys/x", "/static../keys/x"])
def test_nothing_else_of_the_data_is_reached(served, path):
    _http, https = served
    answer = ask(f"https://localhost:{https}{path}")
    assert answer.status >= 302
    assert b"secret" not in answer.read()


def test_the_portal_itself_says_what_was_too_large(served):
    _http, https = served
    answer = ask(f"https://localhost:{https}/tai-khoan/dang-nhap/", data=b"x" * 65 * 1024**2)
    assert answer.status == 413
    assert "Tệp quá lớn" in answer.read().decode()


def test_another_name_gets_no_answer(served):
    _http, https = served
    with pytest.raises(urllib.error.URLError):
        ask(f"https://127.0.0.1:{https}/livez")


def test_while_the_portal_is_stopped_there_are_words_for_it(tmp_path):
    with nginx(tmp_path, free_port()) as (_http, https):  # nothing listens there
        answer = ask(f"https://localhost:{https}/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "Cổng đang tạm nghỉ" in answer.read().decode()
