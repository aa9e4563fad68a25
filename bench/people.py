"""Who measures: visitors and signed-in people over plain HTTP, and what a request asks of the database."""

import http.client
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext

from portal.core.models import User


class Visitor:
    """One client over plain HTTP, one connection a request, as sync workers serve it."""

    cookies = ""

    def __init__(self, base: str) -> None:
        self.host = urlsplit(base).netloc

    def get(self, path: str) -> tuple[int, str, bytes]:
        return self._ask("GET", path)

    def post(self, path: str = "/", fields: list[tuple[str, str]] | None = None) -> tuple[int, str, bytes]:
        body = urlencode(fields or [("name", "value")]).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(
        self, path: str, fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]
    ) -> tuple[int, str, bytes]:
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields
        ]
        for name, filename, content in files:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": self.cookies} | ({"Content-Type": kind} if kind else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return answer.status, answer.getheader("Location", ""), content


class Person(Visitor):
    """Signed in, with the token its forms need."""

    def __init__(self, base: str, user: User) -> None:
        super().__init__(base)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.user, self.token = user, secrets.token_hex(16)
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={self.token}"

    def post(self, path: str = "/", fields: list[tuple[str, str]] | None = None) -> tuple[int, str, bytes]:
        return super().post(path, [*(fields or []), ("csrfmiddlewaretoken", self.token)])

    def upload(
        self, path: str, fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]
    ) -> tuple[int, str, bytes]:
        return super().upload(path, [*fields, ("csrfmiddlewaretoken", self.token)], files)


def browser(user: User | None) -> Client:
    client = Client(headers={"host": "localhost"})
    if user:
        client.force_login(user)
    return client


def queries_of(path: str, user: User | None = None) -> int:
    """Queries of one GET, in this process; the second time, when caches are warm."""
    client = browser(user)
    if client.get(path).status_code != 200:
        raise RuntimeError(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def queries_of_post(user: User, path: str, data: Any, content_type: str = MULTIPART_CONTENT) -> int:
    """Queries of one POST, in this process."""
    client = browser(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        if client.post(path, data, content_type).status_code != 302:
            raise RuntimeError(path)
    return len(captured)
