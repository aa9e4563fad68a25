from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buildings", "0005_police_positions"),
        ("documents", "0002_signed_numbered_released"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="issueddocument",
            name="document_number_once_a_book",
        ),
        migrations.AddField(
            model_name="issueddocument",
            name="agency_key",
            field=models.CharField(
                choices=[("committee", "Ủy ban nhân dân phường"), ("police", "Công an phường")],
                default="committee",
                help_text="whose document it is",
                max_length=12,
                verbose_name="agency",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                fields=("ward", "agency_key", "book", "year", "number"), name="document_number_once_a_book"
            ),
        ),
    ]
