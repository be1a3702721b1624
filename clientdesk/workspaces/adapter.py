from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open unless closed by CLIENTDESK_SIGNUP; an invitation opens it for its guest."""
        return settings.SIGNUP_IS_OPEN or "invitation" in request.session
