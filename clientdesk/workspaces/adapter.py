from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from clientdesk import clock
from clientdesk.workspaces.limits import Limit, address_of_visitor, give_back, try_once_more

# Failed tries. Of one visitor at one address few; the others keep many hands from sharing the work
# without letting anybody lock an owner out with a handful of tries.
OF_BOTH = Limit(8, timedelta(minutes=15))
OF_ADDRESS = Limit(60, timedelta(hours=1))
OF_VISITOR = Limit(60, timedelta(minutes=15))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open unless closed by CLIENTDESK_SIGNUP; an invitation opens it for its guest."""
        return settings.SIGNUP_IS_OPEN or "invitation" in request.session

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The user, or None; a try that succeeds does not count.

        Counted in the database, beside allauth's own count, which each process keeps for itself
        where there is no Redis. Raises ValidationError where there were too many.
        """
        now, visitor = clock.now(), address_of_visitor(request)
        email = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        tries: list[tuple[str, str, Limit]] = [
            ("login", f"{email} {visitor}", OF_BOTH),
            ("login-of", email, OF_ADDRESS),
            ("login-from", visitor, OF_VISITOR),
        ]
        # All are counted, whichever of them refuses.
        allowed = [
            try_once_more(what=what, who=who, limit=limit, now=now) for what, who, limit in tries
        ]
        if not all(allowed):
            raise self.validation_error("too_many_login_attempts")
        user = super().authenticate(request, **credentials)
        if user is not None:
            for what, who, limit in tries:
                give_back(what=what, who=who, limit=limit, now=now)
        return user
