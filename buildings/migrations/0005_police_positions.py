from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("buildings", "0004_reorganisations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
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
    ]
