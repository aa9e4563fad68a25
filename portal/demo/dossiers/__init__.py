"""Dossiers in every state, taken there by the real actions at times that could have been."""

from .stories import BIRTH, MARRIAGE, Story
from .telling import load_dossiers, tell

__all__ = ["BIRTH", "MARRIAGE", "Story", "load_dossiers", "tell"]
