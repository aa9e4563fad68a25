"""What was confirmed before a tenant's family was theirs (migration buildings 0013)."""

from datetime import datetime

from django.db.models import Count, Q

from portal.core import audit
from portal.core.upgrading import upgrades

from ..models import Apartment, Residency, ResidencyState


@upgrades("Families of tenants")
def name_families(at: datetime) -> int:
    """Members belong to the one tenant of a flat that never had a confirmed owner: nobody else's family they could be.

    Elsewhere they may be an owner's, and stay nobody's until a manager says so.
    """
    is_owner = Q(residencies__role=Residency.Role.OWNER) & ~Q(residencies__confirmed_at=None)
    is_tenant = Q(residencies__role=Residency.Role.TENANT, residencies__state=ResidencyState.CONFIRMED)
    rented = Apartment.objects.annotate(owned=Count("residencies", is_owner), let=Count("residencies", is_tenant))
    lost = Residency.objects.confirmed().filter(role=Residency.Role.MEMBER, tenant=None)
    lost = lost.filter(apartment__in=rented.filter(owned=0, let=1).values("pk"))
    for member in lost:
        member.tenant = Residency.objects.confirmed().tenants().get(apartment=member.apartment_id)
        member.save(update_fields=["tenant"])
        audit.record(member, "family_of", by=None, at=at, tenant=member.tenant_id)
    return len(lost)
