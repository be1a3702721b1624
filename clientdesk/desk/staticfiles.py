"""Collecting static files when they have changed, and not otherwise."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Run collectstatic where a file was added, changed or removed; answers whether it ran."""
    stamp = settings.DATA_DIR / "static.stamp"
    state = _fingerprint()
    if stamp.exists() and stamp.read_text() == state and settings.STATIC_ROOT.exists():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)
    return True


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=None):
            changed = storage.get_modified_time(path).timestamp()
            found.update(f"{path}\0{storage.size(path)}\0{changed}\n".encode())
    return found.hexdigest()
