from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_list_read'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state', 'parked')), fields=['kind'], name='job_parked_by_kind'),
        ),
    ]
