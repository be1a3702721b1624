"""A time-stamp on the head of a record, by RFC 3161: somebody else's word for when it stood.

Only where a time-stamper is configured (TIMESTAMPER_URL). It is told 32 bytes, a hash of the head,
and nothing of what the record says.
"""

import urllib.error
import urllib.request

from django.conf import settings

TIMEOUT_SECONDS = 15
LIMIT = 64 * 1024
GRANTED = (0, 1)
ASKED, ANSWERED = "application/timestamp-query", "application/timestamp-reply"


class StampFailed(Exception):
    """The time-stamper could not be reached, refused, or answered about something else."""


def is_configured() -> bool:
    return bool(settings.TIMESTAMPER_URL)


def stamp(data: bytes) -> bytes:
    """The DER bytes of the answer over SHA-256 of `data`, for `openssl ts -verify`.

    Whether its signer is to be trusted is for the reader to say. Raises StampFailed.
    """
    from rfc3161_client import (  # noqa: PLC0415 -- a compiled library, for those who use it
        HashAlgorithm,
        TimestampRequestBuilder,
        decode_timestamp_response,
    )

    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    request = urllib.request.Request(
        settings.TIMESTAMPER_URL, data=asked.as_bytes(), headers={"Content-Type": ASKED}
    )
    try:
        # The address is the operator's own setting, http or https.
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            raw: bytes = answer.read(LIMIT)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise StampFailed(f"not reached: {error}") from error
    try:
        response = decode_timestamp_response(raw)
        status = int(response.status)
        told = response.tst_info
    except Exception as error:  # the library raises what its parser raises
        raise StampFailed(f"not readable: {error}") from error
    if status not in GRANTED:
        raise StampFailed(f"refused with status {status}")
    if told.message_imprint.message != asked.message_imprint.message or told.nonce != asked.nonce:
        raise StampFailed("it speaks of something else")
    return raw
