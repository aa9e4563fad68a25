"""Signing up, signing in, and what a person keeps about themselves.

allauth does the work. Here is what it cannot know: a phone number serves as well as an e-mail
address (`adapter`), a contact that was never confirmed keeps nobody out (`stages`), a forgotten
password comes back by SMS too (`password_reset`), and the words of the forms (`forms`).
"""
