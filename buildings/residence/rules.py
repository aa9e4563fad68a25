"""The numbers of this room, in one place. None is law: each is this portal's choice, for wards to change here."""

from datetime import timedelta

LETTER_GOOD_FOR = timedelta(days=60)
LETTERS_AT_ONCE = 60  # printed while the manager waits; about a third of a second each
CODE_LENGTH = 8
# Nothing that is read for something else: no 0 O, 1 I L, 5 S, 2 Z, 8 B.
CODE_LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"
# Wrong tries, by whoever tries and for whichever flat is tried: 25^8 codes outlast them.
TRIES_OF_A_PERSON = "5/h/key,15/d/key"
TRIES_AT_A_FLAT = "15/d/key"

ASKED_AT_ONCE = 5  # flats a person may be waiting for
INVITATION_OPEN_FOR = timedelta(days=30)
INVITATION_KEPT_FOR = timedelta(days=365)
INVITATIONS_OF_A_FLAT = 10  # open at once
WARN_DAYS = (30, 7)  # before a lease ends
LONGEST_LEASE = timedelta(days=365 * 50)
PROOF_KEPT_FOR = timedelta(days=90)  # after the decision it was for
