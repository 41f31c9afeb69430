"""Where people are signed in: noted at sign-in, followed, ended from afar."""

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.agents import describe_agent
from healthcompanion.accounts.models import SignIn, User
from healthcompanion.core import audit, events
from healthcompanion.core.close_codes import SIGN_IN_AGAIN

SESSION_NAME = "sign_in"
SEEN_SECONDS = 300


def note_sign_in(user: User, session: SessionBase, user_agent: str) -> None:
    """`user` has just signed in with this session."""
    if not session.session_key:
        session.save()
    browser, system = describe_agent(user_agent)
    sign_in, _created = SignIn.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "browser": browser,
            "system": system,
            "last_seen_at": timezone.now(),
        },
    )
    session[SESSION_NAME] = sign_in.pk
    _was_seen(session)


def note_activity(user: User, session: SessionBase, user_agent: str) -> None:
    """Keep "last active" about right, and follow a session whose key was changed.

    Writes once in five minutes, and never to the session: that would prolong it.
    """
    if not _was_seen(session):
        return
    followed = SignIn.objects.filter(pk=session.get(SESSION_NAME, 0), user=user).update(
        session_key=session.session_key, last_seen_at=timezone.now()
    )
    if not followed:  # signed in before sign-ins were noted
        note_sign_in(user, session, user_agent)


def end_session(session: SessionBase) -> None:
    """Sign-out: first the session, then its sockets. The other way round one could come back."""
    key = session.session_key
    session.flush()
    if key:
        SignIn.objects.filter(session_key=key).delete()
        events.revoke(events.session_channel(key), close_code=SIGN_IN_AGAIN)


@transaction.atomic
def end_sign_in(sign_in: SignIn) -> None:
    """Sign that browser out, within two seconds also its open pages."""
    SessionStore(session_key=sign_in.session_key).delete()
    events.revoke(events.session_channel(sign_in.session_key), close_code=SIGN_IN_AGAIN)
    audit.record("sign_in.ended", sign_in.user, actor=sign_in.user, organisation_id=None)
    sign_in.delete()


@transaction.atomic
def end_other_sign_ins(user: User, *, keep: SessionBase | None) -> int:
    """Sign `user` out everywhere but in the session `keep`; how many there were."""
    here = keep.get(SESSION_NAME, 0) if keep is not None else 0
    others = list(SignIn.objects.filter(user=user).exclude(pk=here))
    for sign_in in others:
        end_sign_in(sign_in)
    return len(others)


def _was_seen(session: SessionBase) -> bool:
    """Whether this is the first sign of life in a while, as far as this process knows."""
    return bool(caches["own"].add(f"seen:{session.session_key}", True, SEEN_SECONDS))
