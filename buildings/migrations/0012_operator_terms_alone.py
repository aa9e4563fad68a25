from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("buildings", "0011_registry_rows")]

    operations = [
        migrations.RemoveField(model_name="building", name="operator"),
        migrations.RemoveField(model_name="building", name="operator_phone"),
    ]
