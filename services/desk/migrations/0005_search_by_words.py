"""On PostgreSQL, an index of the words of a name: a search for whole words reads one short list a word."""

from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX IF NOT EXISTS desk_search_words "
            "ON dossiers_dossier USING gin (string_to_array(folded_name, ' '))"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS desk_search_words")


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_held_dates"), ("dossiers", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
