"""Sign-in through the organisation's own OpenID Connect provider (DEC-1), beside local accounts."""

import hashlib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from healthcompanion.accounts.models import User


class OpenIDAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Lets in who has an account here; an account is opened by registration only (DEC-3)."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Keep nothing of what the provider says about the person but who they are to it.

        A `sub` means somebody at one issuer only (OpenID Connect Core 1.0, 2): the same one at
        the next provider is a stranger.
        """
        user: User = super().populate_user(request, sociallogin, data)
        account = sociallogin.account
        issuer = sociallogin.provider.app.settings["server_url"]
        account.uid = hashlib.sha256(f"{issuer}|{account.uid}".encode()).hexdigest()
        account.extra_data = {}
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account of an address that the provider and we ourselves have both verified.

        Exactly `true`: some providers send the word "false".
        """
        verified = [
            row.email.lower() for row in sociallogin.email_addresses if row.verified is True
        ]
        found = (
            EmailAddress.objects.filter(email__in=verified, verified=True, user__is_active=True)
            .select_related("user")
            .first()
        )
        return (found.user, found.email) if found is not None else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Only for signing in: nobody ties somebody else's identity to the account they are in."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("accounts:security")))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody here has this address: say so, and show the way to registration."""
        rows = list(sociallogin.email_addresses)[:1]
        context = {
            "addresses": [row.email for row in rows],
            "is_unproven": any(row.verified is not True for row in rows),
        }
        page = render(request, "account/oidc_unknown.html", context, status=403)
        raise ImmediateHttpResponse(page)
