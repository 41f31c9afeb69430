from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count


def count_persons(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Calls of several people, from those who were in them."""
    calls = apps.get_model("calls", "Call").objects.annotate(number=Count("participants"))
    for call in calls.filter(number__gt=2).iterator():
        call.persons = call.number
        call.save(update_fields=["persons"])


class Migration(migrations.Migration):
    dependencies = [("calls", "0004_call_log")]
    operations = [migrations.RunPython(count_persons, migrations.RunPython.noop)]
