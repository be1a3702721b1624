from datetime import UTC, datetime

from clientdesk.record.models import Entry
from clients.models import Interaction
from tests.importing.desk import INTERACTIONS, Desk, counts, found, workspace

WHOLE = INTERACTIONS.strip() + ",minutes,body,tags\n"


def test_an_entry_comes_in_whole(with_clients: Desk) -> None:
    row = 'LUNE,2025-05-12T16:20,Call,Luc called,10,"He said:\n=1+1",#Menu menu photos\n'
    assert counts(with_clients.bring("interactions", WHOLE + row)) == (1, 0, 0)
    entry = Interaction.unscoped.get()
    assert (entry.kind, entry.summary, entry.minutes, entry.body, entry.tags) == (
        "call", "Luc called", 10, "He said:\n=1+1", "menu photos"
    )  # fmt: skip
    recorded = Entry.unscoped.get(kind="interaction.logged")
    assert (recorded.happened_at, recorded.client_ref) == (entry.happened_at, entry.client_id)


def test_peer_7_times_without_an_offset_are_the_workspaces(with_clients: Desk) -> None:
    """7. Time zones: due dates off by one, a date that slips a day."""
    with_clients.workspace.time_zone = "Pacific/Auckland"
    rows = (
        "LUNE,2025-05-12,note,a day\n"
        "LUNE,2025-01-12T16:20,note,in summer\n"
        "LUNE,2025-07-12T16:20:00+02:00,note,with an offset\n"
        "LUNE,2025-07-12T16:20:00Z,note,in UTC\n"
    )
    assert with_clients.bring("interactions", INTERACTIONS + rows).ok
    assert list(Interaction.unscoped.order_by("pk").values_list("happened_at", flat=True)) == [
        datetime(2025, 5, 11, 12, 0, tzinfo=UTC),
        datetime(2025, 1, 12, 3, 20, tzinfo=UTC),
        datetime(2025, 7, 12, 14, 20, tzinfo=UTC),
        datetime(2025, 7, 12, 16, 20, tzinfo=UTC),
    ]


def test_equal_rows_are_entries_and_the_file_again_none_more(with_clients: Desk) -> None:
    text = INTERACTIONS + "LUNE,2025-05-12,call,Called\nLUNE,2025-05-12,call,Called\n"
    assert counts(with_clients.bring("interactions", text)) == (2, 0, 0)
    before = Entry.unscoped.count()
    assert counts(with_clients.bring("interactions", text)) == (0, 2, 0)
    with_clients.workspace.time_zone = "America/Los_Angeles"
    assert counts(with_clients.bring("interactions", text)) == (0, 2, 0)
    assert (Interaction.unscoped.count(), Entry.unscoped.count()) == (2, before)


def test_every_bad_cell_is_named_after_quoted_line_breaks_too(with_clients: Desk) -> None:
    report = with_clients.bring(
        "interactions",
        WHOLE + 'LUNE,2025-05-12,call,Fine,,"one\ntwo\nthree",\n'
        "MOON,12.5.2025,talk,,soon,,\n"
        f"LUNE,2030-01-01,call,{'x' * 301},-1,,\n",
    )
    assert found(report) == [
        (5, "client_reference", "MOON"),
        (5, "happened_at", "12.5.2025"),
        (5, "kind", "talk"),
        (5, "summary", ""),
        (5, "minutes", "soon"),
        (6, "happened_at", "2030-01-01"),
        (6, "summary", "x" * 200),
        (6, "minutes", "-1"),
    ]
    assert Interaction.unscoped.count() == 0


def test_another_workspaces_client_is_unknown(with_clients: Desk) -> None:
    other = Desk(workspace("other"), with_clients.folder)
    report = other.bring("interactions", INTERACTIONS + "LUNE,2025-05-12,call,Called\n")
    assert found(report) == [(2, "client_reference", "LUNE")]
