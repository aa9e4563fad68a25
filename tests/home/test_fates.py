from django.apps import apps

from buildings.models import Ward
from home.tenancy.fates import FATES


def test_everything_that_names_a_ward_says_what_becomes_of_it():
    """A new field that names a ward: say in home/tenancy/fates.py what a merger does with it, and do it."""
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete
        and ((field.is_relation and field.related_model is Ward) or field.name in ("ward_id", "ward_code"))
    }

    assert named == set(FATES)
