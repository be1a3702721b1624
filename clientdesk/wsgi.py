import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from clientdesk import guards

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientdesk.settings")
application = get_wsgi_application()

# A desk whose record could be rewritten does not open.
for one in guards.every():
    one.require(connection)
connection.close()
