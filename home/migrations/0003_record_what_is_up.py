"""What was up before the record was kept is entered as published when it first was."""

from django.db import migrations

OBLIGED = {  # by art. 11, on the day this was written
    "thu-tuc-hanh-chinh",
    "phi-le-phi",
    "nghia-vu-quan-su",
    "tro-cap-bao-hiem",
    "lay-y-kien",
    "du-an-thu-hoi-dat",
    "ngan-sach",
    "quy-dong-gop",
}


def enter(apps, schema_editor):
    PublicityRecord = apps.get_model("home", "PublicityRecord")
    for page in apps.get_model("home", "AnnouncementPage").objects.filter(live=True).select_related("ward"):
        PublicityRecord.objects.get_or_create(
            announcement=page.translation_key,
            event="published",
            defaults={
                "ward": page.ward,
                "at": page.first_published_at or page.last_published_at,
                "title": page.title,
                "address": f"/{page.ward.slug}/thong-bao/{page.slug}/",
                "kind": page.kind,
                "obliged": page.kind in OBLIGED,
                "basis": page.legal_item,
                "decision_date": page.decision_date,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("home", "0002_announcements")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
