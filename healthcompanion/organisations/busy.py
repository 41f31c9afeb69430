"""Whether somebody is in a consultation. A leaf: the room of calls fills it in when it starts."""

from collections.abc import Callable

from healthcompanion.accounts.models import User


def _nobody(user: User) -> bool:
    return False


_in_call: Callable[[User], bool] = _nobody


def connect(in_call: Callable[[User], bool]) -> None:
    """Set who knows."""
    global _in_call
    _in_call = in_call


def is_in_call(user: User) -> bool:
    """Whether `user` takes part in a call that was accepted and goes on."""
    return _in_call(user)
