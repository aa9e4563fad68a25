from django.db import migrations, models

# Django's own class would ask SQLite for it too, which has no such thing and looks through the few rows of one ward.
INDEX = "CREATE INDEX IF NOT EXISTS list_read_subjects ON core_listread USING gin (subjects jsonb_path_ops)"


def index_subjects(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_notice_calendar'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(help_text='which list: work, register, export', max_length=30)),
                ('asked', models.CharField(blank=True, help_text='how it was narrowed, as its address says it', max_length=300)),
                ('subjects', models.JSONField(default=list, help_text='the streams of what was in it')),
                ('count', models.PositiveIntegerField()),
                ('reader_id', models.BigIntegerField()),
                ('reader_name', models.CharField(max_length=120)),
                ('ward_id', models.BigIntegerField()),
                ('fingerprint', models.CharField(help_text='of the reader, the list and what was in it', max_length=32)),
                ('hour', models.DateTimeField(help_text='the hour it counts for')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='accessrecord',
            index=models.Index(fields=['at'], name='core_access_at_7cdb55_idx'),
        ),
        migrations.AddIndex(
            model_name='listread',
            index=models.Index(fields=['at'], name='core_listre_at_38d052_idx'),
        ),
        migrations.AddConstraint(
            model_name='listread',
            constraint=models.UniqueConstraint(fields=('fingerprint', 'hour'), name='list_read_once_an_hour'),
        ),
        # The index goes with its table when the migration is taken back.
        migrations.RunPython(index_subjects, migrations.RunPython.noop),
    ]
