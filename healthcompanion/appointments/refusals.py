"""Why an appointment stays as it is."""

from healthcompanion.notifications.models import Message


class SentJustNow(Exception):
    """The last invitation is on its way still, or went out within the last minute."""


class ConsultationRunning(Exception):
    """The appointment stays as it is while its consultation is being held."""


class NoAddress(Exception):
    """There is neither an e-mail address nor a number that an invitation could go to."""


class SmsClosed(Exception):
    """There is only a number, and the practice may send no SMS any more (BIL-4)."""


class AppointmentOver(Exception):
    """Nobody is invited to what is past, and nobody cancels it."""


class PatientIsHere(Exception):
    """The change would show out a patient who has arrived through the link."""

    def __init__(self, way: Message.Channel) -> None:
        super().__init__(way)
        self.way = way


class NotConsulting(Exception):
    """The professional holds no consultations any more: no licence, another role, or gone."""


class NotVerified(Exception):
    """The operator has not checked yet that the professional may practise (DEC-11)."""


class AppointmentGone(Exception):
    """Deleted in the meantime, perhaps in another window; or cancelled by the patient."""
