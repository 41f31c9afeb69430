"""Daily figures of each member, which outlive the rows that they were counted from."""

from django.db import models

from healthcompanion.accounts.models import User
from healthcompanion.core.models import BaseModel
from healthcompanion.organisations.models import Organisation


class DayCount(BaseModel):
    """What one member did on one day of the organisation's time zone (ADM-3 to ADM-9, DEC-38).

    Calls belong to the member who rang and to the day on which they rang; `seconds` counts from
    the accept to the end. An invitation belongs to whoever sent it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    invitations = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "day", "user"], name="day_count_one_per_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.user_id} {self.day}"
