"""Browsers of the tests."""

from django.test import Client


def as_user(user) -> Client:
    """The browser of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client
