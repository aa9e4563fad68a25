"""Registers and slips of the office as lists and files: the follow-up register (form 07), the control slip, exports."""
