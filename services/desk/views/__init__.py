"""The officers' screens, a module a concern."""
