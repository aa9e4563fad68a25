"""What the outbox keeps for the wards' pages and for wards as tenants; imported when the apps are ready."""

from .tenancy import jobs as tenancy

__all__ = ["tenancy"]
