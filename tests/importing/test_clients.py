from clientdesk.record.models import Content, Entry
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Contact
from tests.importing.desk import CLIENTS, TWO_CLIENTS, Desk, counts, expected, found, workspace


def test_clients_come_with_the_person_letters_go_to(desk: Desk) -> None:
    assert counts(desk.bring("clients", TWO_CLIENTS)) == (2, 0, 0)
    lune = Client.unscoped.get(reference="LUNE")
    assert (lune.name, lune.slug, lune.country, lune.language, lune.currency) == (
        "Bistro Lune", "bistro-lune", "HR", "hr", "EUR"
    )  # fmt: skip
    assert list(Contact.unscoped.filter(client=lune).values_list("email", "is_primary")) == [
        ("luc@lune.example", True)
    ]


def test_each_row_is_in_the_record(with_clients: Desk) -> None:
    entries = Entry.unscoped.filter(kind__in=("client.created", "contact.created"))
    assert [entry.kind for entry in entries.order_by("seq")] == [
        "client.created", "contact.created", "client.created", "contact.created"
    ]  # fmt: skip
    said = Content.unscoped.get(entry=entries.order_by("seq")[0]).content
    assert '"name":"Bistro Lune"' in said
    assert '"reference":"LUNE"' in said


def test_empty_cells_take_what_the_workspace_has(desk: Desk) -> None:
    text = CLIENTS + "LUNE,Bistro Lune,,,,\n"
    assert counts(desk.bring("clients", text)) == (1, 0, 0)
    lune = Client.unscoped.get()
    assert (lune.language, lune.currency) == (desk.workspace.language, desk.workspace.currency)
    assert Contact.unscoped.count() == 0
    assert counts(desk.bring("clients", text)) == (0, 1, 0)


def test_the_same_file_twice_changes_nothing(with_clients: Desk) -> None:
    before = Entry.unscoped.count()
    assert counts(with_clients.bring("clients", TWO_CLIENTS)) == (0, 2, 0)
    assert (Client.unscoped.count(), Entry.unscoped.count()) == (2, before)


def test_a_client_that_exists_with_other_values_is_named_with_both(with_clients: Desk) -> None:
    report = with_clients.bring(
        "clients", CLIENTS + "LUNE,Bistro Luna,luc@luna.example,HR,hr,EUR\n"
    )
    assert found(report) == [(2, "name", "Bistro Luna"), (2, "email", "luc@luna.example")]
    assert counts(report) == (0, 0, 1)
    assert expected(report)[0].startswith("Bistro Lune, as it is here already")
    assert expected(report)[1].startswith("luc@lune.example, as it is here already")


def test_every_bad_cell_is_named_and_nothing_comes_in(desk: Desk) -> None:
    report = desk.bring(
        "clients",
        CLIENTS + "A,Good,a@a.example,HR,en,EUR\n"
        ",Nobody,b@b.example,HR,en,EUR\n"
        "C,Cafe,not an address,Croatia,de,EURO\n"
        "D,Deli,d@d.example,HR,en\n"
        f"{'E' * 61},Eve,,HR,en,EUR\n",
    )
    assert found(report) == [
        (3, "reference", ""),
        (4, "country", "Croatia"),
        (4, "language", "de"),
        (4, "currency", "EURO"),
        (4, "email", "not an address"),
        (5, "", ""),
        (6, "reference", "E" * 61),
    ]
    assert counts(report) == (1, 0, 4)
    assert (Client.unscoped.count(), Entry.unscoped.filter(kind="client.created").count()) == (0, 0)


def test_a_reference_twice_names_the_first_line(desk: Desk) -> None:
    text = CLIENTS + "A,One,,HR,en,EUR\nB,Two,,HR,en,EUR\nA,One,,HR,en,EUR\n"
    report = desk.bring("clients", text)
    assert found(report) == [(4, "reference", "A")]
    assert expected(report) == ["each once; line 2 has it already"]


def test_slugs_are_free_and_never_a_page(desk: Desk) -> None:
    names = ("Cafe", "Cafe", "New", "咖啡", "Cafe")
    rows = "".join(f"R{number},{name},,,,\n" for number, name in enumerate(names))
    assert desk.bring("clients", CLIENTS + rows).ok
    slugs = Client.unscoped.order_by("reference").values_list("slug", flat=True)
    assert list(slugs) == ["cafe", "cafe-2", "new-2", "client", "cafe-3"]


def test_formulas_stay_text(desk: Desk) -> None:
    formula = '=HYPERLINK("http://evil.example")'
    quoted = '"' + formula.replace('"', '""') + '"'
    assert desk.bring("clients", CLIENTS + f"@SUM(A1),{quoted},,,,\n").ok
    client = Client.unscoped.get()
    assert (client.reference, client.name) == ("@SUM(A1)", formula)


def test_line_breaks_in_a_name_are_refused(desk: Desk) -> None:
    report = desk.bring("clients", CLIENTS + 'A,"Cafe\nBcc: x@y.example",,,,\nB,,,,,\n')
    assert found(report) == [(2, "name", "Cafe\nBcc: x@y.example"), (4, "name", "")]


def test_another_workspace_has_its_own_references(with_clients: Desk) -> None:
    other = Desk(workspace("other"), with_clients.folder)
    report = other.bring("clients", CLIENTS + "LUNE,Moon Ltd,moon@moon.example,IE,en,EUR\n")
    assert counts(report) == (1, 0, 0)
    with acting_in(with_clients.workspace.pk):
        assert Client.objects.get(reference="LUNE").name == "Bistro Lune"


def test_a_dry_run_says_the_same_and_keeps_nothing(desk: Desk) -> None:
    report = desk.bring("clients", TWO_CLIENTS, dry_run=True)
    assert counts(report) == (2, 0, 0)
    assert [row["name"] for row in report.preview] == ["Bistro Lune", "Nordlys Yoga"]
    assert Client.unscoped.count() == 0
    assert not Entry.unscoped.filter(kind="client.created").exists()


def test_of_many_problems_the_first_are_kept_and_all_counted(desk: Desk) -> None:
    report = desk.bring("clients", CLIENTS + "X,,,HR,en,EUR\n" * 1_500)
    assert len(report.problems) == 200
    assert report.bad == 1_500
    assert report.unshown == report.problem_count - 200
