"""What the demo's wards announce. Invented, with events counted from the day it is loaded."""

from .loading import load_announcements

__all__ = ["load_announcements"]
