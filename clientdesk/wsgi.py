import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from clientdesk.record.triggers import require_triggers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientdesk.settings")
application = get_wsgi_application()

# A desk whose record could be rewritten does not open.
require_triggers(connection)
connection.close()
