"""A pytest plugin that decides the environment before Django reads it.

Nothing of the developer's own desk is used: no mail server, no key, no data directory. DATABASE_URL
and REDIS_URL stay, they choose the ground (`make test` gives servers of its own). Each parallel
worker has its own data directory and Redis database; pytest-django gives it its own database.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

FOREIGN = re.compile(
    r"CLIENTDESK_|CELERY_|DJANGO_(?!SETTINGS_MODULE|ALLOW_ASYNC)|(EMAIL_|DEBUG$|SECRET_KEY$|DEFAULT_FROM_EMAIL$)"
)


def redis_database(url: str, number: int) -> str:
    """`url` with its database counted up by `number`."""
    parts = urlsplit(url)
    first = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{first + number}"))


def _prepare() -> None:
    for name in [name for name in os.environ if FOREIGN.match(name)]:
        del os.environ[name]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and (url := os.environ.get("REDIS_URL", "")):
        os.environ["REDIS_URL"] = redis_database(url, 1 + int(worker.removeprefix("gw")))
    data = Path(tempfile.mkdtemp(prefix="clientdesk-test-"))
    # Not by a fixture: settings make the directory long before the first fixture runs.
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    os.environ["CLIENTDESK_DATA"] = str(data)
    os.environ["TZ"] = "UTC"


_prepare()
