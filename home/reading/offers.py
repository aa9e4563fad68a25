"""Which services a page puts forward."""

from buildings.models import Ward
from services.catalogue.models import Procedure

SERVICES_PUT_FORWARD = 8


def services(ward: Ward | None = None) -> list[Procedure]:
    """Published services, of a ward or of all, without the long texts a list does not show."""
    offered = Procedure.objects.offered_in(ward) if ward else Procedure.objects.published()
    return list(offered.only("slug", "name", "purpose", "level")[:SERVICES_PUT_FORWARD])
