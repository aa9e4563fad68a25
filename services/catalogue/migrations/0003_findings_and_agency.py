from django.db import migrations, models

import services.catalogue.fields


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_committed_and_legal_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="procedure",
            name="agency",
            field=models.CharField(
                choices=[("committee", "Ủy ban nhân dân phường"), ("police", "Công an phường")],
                default="committee",
                help_text="Người đứng đầu cơ quan này ký; văn bản mang tên, số và chữ ký số của cơ quan này.",
                max_length=12,
                verbose_name="cơ quan giải quyết",
            ),
        ),
        migrations.AddField(
            model_name="procedure",
            name="findings",
            field=services.catalogue.fields.AuthoredField(
                blank=True,
                help_text="Điều người dân không tự khai: mức độ khuyết tật, số định danh mới cấp, số và quyển đăng ký…",
                verbose_name="nội dung công chức ghi khi thẩm định",
            ),
        ),
        migrations.AddField(
            model_name="procedureversion",
            name="agency",
            field=models.CharField(
                choices=[("committee", "Ủy ban nhân dân phường"), ("police", "Công an phường")],
                default="committee",
                help_text="of the definition: decides who sees it",
                max_length=12,
            ),
        ),
    ]
