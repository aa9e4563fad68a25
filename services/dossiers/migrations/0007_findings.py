import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0006_lateness_inspected"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="position",
            field=models.CharField(
                choices=[
                    ("clerk", "Cán bộ tiếp nhận và trả kết quả"),
                    ("specialist", "Công chức thụ lý"),
                    ("registry_clerk", "Văn thư"),
                    ("leader", "Lãnh đạo UBND phường"),
                    ("police_officer", "Cán bộ Công an phường"),
                    ("police_head", "Chỉ huy Công an phường"),
                    ("ward_editor", "Biên tập viên của phường"),
                    ("building_manager", "Ban quản lý tòa nhà"),
                    ("catalogue_author", "Người soạn danh mục thủ tục"),
                    ("inspector", "Đầu mối kiểm soát thủ tục hành chính"),
                    ("district_leader", "Lãnh đạo cấp trên"),
                ],
                max_length=20,
                verbose_name="vị trí",
            ),
        ),
        migrations.CreateModel(
            name="FindingSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(help_text="1, 2, … in its dossier")),
                ("values", models.JSONField(default=dict)),
                ("found_at", models.DateTimeField()),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="finding_sheets",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["dossier", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "number"), name="finding_sheet_number_once_a_dossier")
                ],
            },
        ),
    ]
