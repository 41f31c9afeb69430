from django.db import migrations
from django.utils import timezone


def plan_reminders(apps, schema_editor):
    """The tick looks at every appointment that is still ahead, and sets when to look next."""
    now = timezone.now()
    ahead = apps.get_model("appointments", "Appointment").objects.filter(
        starts_at__gt=now, deleted_at=None
    )
    ahead.update(remind_at=now)


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_reminders")]

    operations = [migrations.RunPython(plan_reminders, migrations.RunPython.noop)]
