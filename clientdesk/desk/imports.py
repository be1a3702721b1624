"""What can be brought in from files."""

from billing.operations.importing import INVOICES, PAYMENTS
from clients.operations.importing import CLIENTS, INTERACTIONS

IMPORTERS = {importer.kind: importer for importer in (CLIENTS, INVOICES, PAYMENTS, INTERACTIONS)}
