"""With which code the server closes a websocket, and so what its page does: docs/protocol.md.

Their names in the browser are in frontend/lib/close-codes.ts.
"""

NORMAL = 1000
FAULT = 1011
COME_BACK = 1012
TOO_SLOW = 1013
SIGN_IN_AGAIN = 4401
FOREIGN_ORIGIN = 4403
UNKNOWN = 4404
REPLACED = 4408
LINK_ENDED = 4410
FLOODING = 4429
