"""What higher rooms hear of calls, within the transaction in which it happens."""

from django.dispatch import Signal

call_ended = Signal()  # call: Call, ended, with its outcome
