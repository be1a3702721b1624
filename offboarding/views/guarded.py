"""What every page behind a link carries, and what one without a link looks like."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render


def guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Neither indexed nor named to other sites: the address is the authority here."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def gone(request: HttpRequest) -> HttpResponseBase:
    """Unknown, expired and revoked look the same."""
    return guarded(render(request, "public/gone.html", status=HTTPStatus.NOT_FOUND))
