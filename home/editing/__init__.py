"""The editors' admin: who may enter it, the wall between wards, its forms, panels and first screen."""
