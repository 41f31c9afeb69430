from django.db import migrations

import healthcompanion.core.models


def fill(apps, schema_editor):
    """Every membership gets a code; every licence has run since its member came."""
    Membership = apps.get_model("organisations", "Membership")
    LicencePeriod = apps.get_model("organisations", "LicencePeriod")
    for row in Membership.objects.iterator():
        row.code = healthcompanion.core.models.new_code()
        row.save(update_fields=["code"])
        if row.is_licensed:
            LicencePeriod.objects.create(membership=row, began_at=row.created_at)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_members")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
