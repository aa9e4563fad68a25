"""The operator a building named becomes its first term; the block a flat's number names becomes a row."""

from django.db import migrations
from django.utils import timezone

from portal.core.text import fold


def block_named_in(number):
    head, dash, _rest = number.strip().upper().partition("-")
    return head.strip() if dash else number.strip().upper().rstrip("0123456789. ")


def fill(apps, schema_editor):
    Building = apps.get_model("buildings", "Building")
    OperatorTerm = apps.get_model("buildings", "OperatorTerm")
    Block, Apartment = apps.get_model("buildings", "Block"), apps.get_model("buildings", "Apartment")
    for building in Building.objects.exclude(operator=""):
        OperatorTerm.objects.create(
            building=building,
            company=building.operator,
            phone=building.operator_phone,
            began_on=timezone.localdate(),  # since when it has run the house, nobody wrote down
        )
    blocks = {}
    for flat in Apartment.objects.iterator():
        name = block_named_in(flat.number)[:10]
        if name and (flat.building_id, name) not in blocks:
            block, _made = Block.objects.get_or_create(building_id=flat.building_id, name=name)
            blocks[flat.building_id, name] = block.pk
        rest = {"block_id": blocks[flat.building_id, name]} if name else {}
        Apartment.objects.filter(pk=flat.pk).update(folded=fold(flat.number), **rest)


class Migration(migrations.Migration):
    dependencies = [("buildings", "0010_registry")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
