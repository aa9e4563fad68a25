"""People who sign in."""

import factory

from portal.core.accounts.adapter import vouch_for
from portal.core.models import User


class UserFactory(factory.django.DjangoModelFactory):
    """A resident, until a membership makes an officer of them."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"nguoi-{number}@portal.example")
    full_name = "Nguyễn Thị Hường"
    password = factory.django.Password("mat-khau-thu-nghiem")

    @factory.post_generation
    def proven(self, create: bool, extracted: bool | None, **kwargs) -> None:
        """`proven=True`: has answered the codes sent to the e-mail address and the phone number."""
        if extracted:
            vouch_for(self)
