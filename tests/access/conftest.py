from tests.access.world import clock, world

__all__ = ["clock", "world"]
