"""What logged minutes went into, read from the tags: chasing, revisions, or the work itself. Pure.

The words stand as `quicklog.plain` writes them: small letters, no marks.
"""

from clients.rules.quicklog import plain

CHASING, REVISION = "chasing", "revision"
WORDS = {
    "chasing": CHASING, "chase": CHASING, "chased": CHASING, "reminder": CHASING,
    "podsjecanje": CHASING, "podsjetnik": CHASING, "pozurivanje": CHASING, "cekanje": CHASING,
    "revision": REVISION, "revisions": REVISION, "changes": REVISION, "correction": REVISION,
    "izmjena": REVISION, "izmjene": REVISION, "ispravak": REVISION, "ispravci": REVISION,
    "korekcija": REVISION, "korekture": REVISION,
}  # fmt: skip


def spent_on(tags: str) -> str:
    """ "chasing" or "revision", by the first tag that names one; "" is the work itself."""
    found = (WORDS.get(plain(tag.lstrip("#"))) for tag in tags.split())
    return next((what for what in found if what), "")
