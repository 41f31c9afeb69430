from django.db import migrations, models

import healthcompanion.core.models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0005_codes_and_periods")]
    operations = [
        migrations.AlterField(
            model_name="membership",
            name="code",
            field=models.CharField(
                default=healthcompanion.core.models.new_code,
                editable=False,
                max_length=12,
                unique=True,
            ),
        )
    ]
