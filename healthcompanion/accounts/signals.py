"""What higher rooms hear of people, within the transaction in which it happens."""

from django.dispatch import Signal

address_asked = Signal()  # change: AddressChange, waiting for its owner
address_changed = Signal()  # change: AddressChange, confirmed
proof_submitted = Signal()  # verification: Verification, with a document to look at
proof_decided = Signal()  # verification: Verification, verified or rejected
