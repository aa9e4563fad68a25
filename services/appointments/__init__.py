"""Visits to the office that a level 3 procedure needs: slots from the office's hours, booking, the day's list."""
