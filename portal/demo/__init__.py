"""Demo data: three real ward names, invented buildings and people. Loaded by `manage.py demo`.

Personal numbers start with 000, so that they can be nobody's. Everything goes through the real
actions, so what the demo shows could have happened.
"""
