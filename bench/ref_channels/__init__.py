"""The reference: a minimal signalling server of Django Channels and Redis. Never shipped."""
