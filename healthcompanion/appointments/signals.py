"""What higher rooms hear of appointments, within the transaction in which it happens."""

from django.dispatch import Signal

# appointment: Appointment, message: Message; once per patient, with the first invitation.
patient_invited = Signal()
