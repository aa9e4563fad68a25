"""Announcements sent to those who asked for them: who follows which ward, and what is owed to whom."""
