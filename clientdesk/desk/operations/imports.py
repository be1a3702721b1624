"""The kinds of files that can be brought in, and the files that wait for their owner's yes."""

import csv
import io
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from billing.operations.importing import InvoiceImporter
from billing.operations.importing_payments import PaymentImporter
from clientdesk import importing
from clientdesk.importing import Importer, Report
from clientdesk.workspaces.models import User, Workspace
from clients.operations.importing import ClientImporter
from clients.operations.importing_log import InteractionImporter

# In the order in which they need each other.
KINDS: dict[str, type[Importer]] = {
    importer.kind: importer
    for importer in (ClientImporter, InvoiceImporter, PaymentImporter, InteractionImporter)
}
