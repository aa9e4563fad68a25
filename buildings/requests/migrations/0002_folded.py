"""What a request says without diacritics; on PostgreSQL with an index of its words."""

from django.db import migrations

import portal.core.words
from portal.core.text import fold


def fill(apps, schema_editor):
    BuildingRequest = apps.get_model("requests", "BuildingRequest")
    for row in BuildingRequest.objects.filter(folded="").iterator():
        row.folded = fold(f"{row.code} {row.what} {row.where}")
        row.save(update_fields=["folded"])


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX IF NOT EXISTS request_search_words "
            "ON requests_buildingrequest USING gin (string_to_array(folded, ' '))"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS request_search_words")


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="buildingrequest",
            name="folded",
            field=portal.core.words.FoldedText("code", "what", "where", blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, drop),
    ]
