from django.db import migrations, models


class Migration(migrations.Migration):
    """Sizes that are there already are of the making 0, which copied what the photo says of its place and camera."""

    dependencies = [
        ("home", "0008_english_contacts"),
    ]

    operations = [
        migrations.AddField(
            model_name="picturerendition",
            name="making",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="picturerendition",
            name="making",
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
    ]
