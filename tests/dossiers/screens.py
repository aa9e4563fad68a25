"""Addresses of the resident's pages, and what a reader sees there."""

import re

from django.urls import reverse

from services.dossiers.models import Dossier


def url(name: str, dossier: Dossier, *more) -> str:
    return reverse(f"dossiers:{name}", args=[dossier.pk, *more])


def page(dossier: Dossier, key: str) -> str:
    return url("page", dossier, key)


def text_of(response) -> str:
    """What a reader sees, without marks and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
