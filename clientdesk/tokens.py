"""Tokens of public links: 256 bits, made from a row's nonce, hashed at rest.

A token is an HMAC of the nonce under the installation's secret key, so that a letter put together
twice carries the same link, while the database alone opens nothing.
"""

import hashlib
import hmac
import secrets
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse


def new_nonce() -> str:
    return secrets.token_hex(16)


def token_of(purpose: str, nonce: str) -> str:
    """64 hexadecimal digits; another purpose makes another token of the same nonce."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"{purpose}:{nonce}".encode(), hashlib.sha256).hexdigest()


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(route: str, token: str) -> str:
    """The absolute address, built from the configured base and never from a Host header."""
    return urljoin(settings.BASE_URL, reverse(route, args=[token]))
