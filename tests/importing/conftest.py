from pathlib import Path

import pytest

from tests.importing.desk import TWO_CLIENTS, TWO_INVOICES, Desk, workspace


@pytest.fixture
def desk(db: None, tmp_path: Path) -> Desk:
    return Desk(workspace(), tmp_path)


@pytest.fixture
def with_clients(desk: Desk) -> Desk:
    assert desk.bring("clients", TWO_CLIENTS).ok
    return desk


@pytest.fixture
def with_invoices(with_clients: Desk) -> Desk:
    assert with_clients.bring("invoices", TWO_INVOICES).ok
    return with_clients
