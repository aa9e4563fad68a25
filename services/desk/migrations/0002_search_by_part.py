"""On PostgreSQL, indexes that find a part of a code, a name or a phone number among a million.

Django's own index classes would ask SQLite for them too, which has no such thing and, with the
few dossiers of one ward, no need of it.
"""

from django.db import migrations

INDEXES = {
    "desk_search_code": "dossiers_dossier USING gin (code gin_trgm_ops)",
    "desk_search_name": "dossiers_dossier USING gin (folded_name gin_trgm_ops)",
    "desk_search_phone": "core_user USING gin (phone gin_trgm_ops)",
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, definition in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {definition}")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_views_and_reasons"), ("core", "0001_initial"), ("dossiers", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
