"""People who sign in."""

import factory
from allauth.account.models import EmailAddress

from portal.core.models import User


def vouch_for(user: User) -> None:
    """The contacts of an account as if the codes sent to them had been answered."""
    if user.phone:
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])
    if user.email:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


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
