from django.db import migrations


def from_members(apps, schema_editor):
    """A practice is where its first member is."""
    Organisation = apps.get_model("organisations", "Organisation")
    Membership = apps.get_model("organisations", "Membership")
    abroad = Membership.objects.exclude(user__country__in=["DE", ""]).order_by("-id")
    for row in abroad.select_related("user"):
        first = Membership.objects.filter(organisation=row.organisation_id).order_by("id").first()
        if first.pk == row.pk:
            Organisation.objects.filter(pk=row.organisation_id).update(country=row.user.country)


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_country"),
        ("accounts", "0001_first"),
    ]
    operations = [migrations.RunPython(from_members, migrations.RunPython.noop)]
