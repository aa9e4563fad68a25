"""People who sign in."""

import factory

from portal.core.models import User


class UserFactory(factory.django.DjangoModelFactory):
    """A resident, until a membership makes an officer of them."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"nguoi-{number}@portal.example")
    full_name = "Nguyễn Thị Hường"
    password = factory.django.Password("mat-khau-thu-nghiem")
