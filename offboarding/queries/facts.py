"""The facts of a final report, read from every app that knows some.

Call these with the workspace active. `last` bounds everything: what happened later is not told.
"""

import zoneinfo
from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, When

from billing.models import Invoice, Payment
from clientdesk.calendars import working_days_between
from clientdesk.record.models import Entry
from clientdesk.record.operations import head_of
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Interaction, ManagedAccount, Project, Result, Stop
from feedback.models import Request
from offboarding.queries import clocks
from offboarding.rules import facts

ONE_DAY = timedelta(days=1)


def beginning(client: Client, *, today: date) -> date:
    """The first day that anything is known of, or `today`."""
    first_entry = Interaction.objects.filter(client=client).order_by("happened_at").first()
    candidates = [
        client.workspace.local_today(first_entry.happened_at) if first_entry else None,
        _earliest(Project.objects.filter(client=client).order_by("started_on"), "started_on"),
        _earliest(Request.objects.filter(client=client).order_by("asked_on"), "asked_on"),
        _earliest(
            Invoice.objects.filter(client=client).exclude(issued_on=None).order_by("issued_on"),
            "issued_on",
        ),
    ]
    return min((day for day in candidates if day and day <= today), default=today)


def facts_of(
    client: Client, *, first: date, last: date, made_on: date, project: Project | None = None
) -> facts.Facts:
    """Everything the report tells about `first` to `last`, both included.

    Of one `project`, where it is given: then without money, accounts and other work.
    """
    workspace = client.workspace
    rounds = clocks.rounds_of(client, last=last, project=project)
    projects = list(_projects(client, first, last, project))
    times = clocks.project_times(projects, rounds, country=client.country, first=first, last=last)
    billed = () if project else _billed(client, first, last)
    number, head = head_of(workspace.pk)
    return facts.Facts(
        client=client.name,
        sender=workspace.legal_name or workspace.name,
        sender_where=_where(workspace),
        first=first,
        last=last,
        made_on=made_on,
        achieved=_achieved(client, first, last, project),
        deliveries=tuple(
            _delivery(row, told, client.country, last)
            for row, told in zip(projects, times, strict=True)
        ),
        work=_work(client, first, last, project),
        spent=_spent(client, first, last, project),
        asked=tuple(clocks.asked_in(rounds, first=first, last=last, country=client.country)),
        rests=_rests(client, first, last, project),
        clock=clocks.clients_days(client, rounds, first=first, last=last, project=project),
        projects=times,
        missed=clocks.chances_of(client, first=first, last=last, project=project),
        billed=billed,
        received=() if project else _received(client, first, last),
        sums=_sums(billed),
        accounts=() if project else _accounts(client, last),
        record_number=number,
        record_head=head,
        record_entries=Entry.objects.filter(client_ref=client.pk).count(),
    )


def facts_of_project(project: Project, *, today: date) -> facts.Facts:
    """The same of one project, from its beginning until `today` or its delivery."""
    return facts_of(
        project.client,
        first=project.started_on,
        last=max(project.started_on, min(today, project.delivered_on or today)),
        made_on=today,
        project=project,
    )


def _earliest(rows: object, field: str) -> date | None:
    # Querysets of several models come here, with a date column by that name.
    return rows.values_list(field, flat=True).first()  # type: ignore[attr-defined, no-any-return]


def _where(workspace: Workspace) -> str:
    address = ", ".join(line.strip() for line in workspace.address.splitlines() if line.strip())
    return " · ".join(part for part in (address, workspace.email) if part)


def _within(workspace: Workspace, first: date, last: date) -> Q:
    """Entries whose local day lies in the period."""
    zone = zoneinfo.ZoneInfo(workspace.time_zone)
    return Q(
        happened_at__gte=datetime.combine(first, time.min, zone),
        happened_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone),
    )


def _achieved(
    client: Client, first: date, last: date, project: Project | None
) -> tuple[facts.Achieved, ...]:
    rows = Result.objects.filter(client=client, measured_on__range=(first, last))
    if project is not None:
        rows = rows.filter(project=project)
    return tuple(
        facts.Achieved(
            metric=row.metric,
            unit=row.unit,
            before=row.before,
            after=row.after,
            measured_on=row.measured_on,
            note=row.note,
        )
        for row in rows
    )


def _projects(
    client: Client, first: date, last: date, project: Project | None
) -> QuerySet[Project]:
    rows = Project.objects.filter(client=client, started_on__lte=last).exclude(
        delivered_on__lt=first
    )
    if project is not None:
        rows = rows.filter(pk=project.pk)
    return rows.select_related("client").order_by("started_on", "pk")


def _delivery(row: Project, told: facts.ProjectTime, country: str, last: date) -> facts.Delivery:
    """Late by what is known on the day `last`: delivered then, or to be expected then."""
    delivered_on = row.delivered_on if row.delivered_on and row.delivered_on <= last else None
    late: int | None = None
    if row.delivery_on:
        ended = delivered_on or max(told.expected_on or last, min(last, row.delivery_on))
        late = working_days_between(row.delivery_on, ended, country) or -working_days_between(
            ended, row.delivery_on, country
        )
        if not delivered_on:
            late = max(0, late)
    return facts.Delivery(
        name=row.name,
        description=row.description,
        started_on=row.started_on,
        agreed_on=row.delivery_on,
        forecast_on=told.expected_on if told.moved_days else None,
        delivered_on=delivered_on,
        late_days=late,
    )


def _entries(
    client: Client, first: date, last: date, project: Project | None
) -> QuerySet[Interaction]:
    rows = Interaction.objects.filter(_within(client.workspace, first, last), client=client)
    return rows.filter(project=project) if project is not None else rows


def _work(
    client: Client, first: date, last: date, project: Project | None
) -> tuple[facts.Work, ...]:
    rows = _entries(client, first, last, project).filter(kind=Interaction.Kind.WORK)
    return tuple(
        facts.Work(client.workspace.local_today(row.happened_at), row.summary, row.minutes)
        for row in rows.order_by("happened_at", "pk")
    )


def _spent(
    client: Client, first: date, last: date, project: Project | None
) -> tuple[facts.Spent, ...]:
    """By what the time went into: chasing and revisions apart from the work and the talks."""
    what = Case(When(spent_on="", then=F("kind")), default=F("spent_on"), output_field=CharField())
    rows = (
        _entries(client, first, last, project)
        .annotate(what=what)
        .values("what")
        .order_by("what")
        .annotate(entries=Count("pk"), spent=Sum("minutes"))
    )
    spent = [facts.Spent(row["what"], row["entries"], row["spent"] or 0) for row in rows]
    return tuple(sorted(spent, key=lambda one: (-one.minutes, -one.entries, one.kind)))


def _rests(
    client: Client, first: date, last: date, project: Project | None
) -> tuple[facts.Rest, ...]:
    rows = Stop.objects.filter(client=client, begun_on__lte=last).exclude(ended_on__lt=first)
    if project is not None:
        rows = rows.filter(Q(project=None) | Q(project=project))
    rests = []
    for row in rows.order_by("begun_on", "pk"):
        ended_on = row.ended_on if row.ended_on and row.ended_on <= last else None
        until = ended_on - ONE_DAY if ended_on else last
        days = working_days_between(max(row.begun_on, first) - ONE_DAY, until, client.country)
        rests.append(facts.Rest(row.reason, row.cause, row.begun_on, ended_on, days))
    return tuple(rests)


def _billed(client: Client, first: date, last: date) -> tuple[facts.Billed, ...]:
    """Invoices of the period, and older ones that were not paid when it began."""
    rows = (
        Invoice.objects.issued()
        .filter(client=client, issued_on__lte=last)
        .exclude(issued_on__lt=first, settled_on__lt=first)
        .order_by("issued_on", "pk")
    )
    received = dict(
        Payment.objects.filter(invoice__client=client, paid_on__lte=last)
        .order_by()
        .values_list("invoice_id")
        .annotate(Sum("amount_minor"))
    )
    return tuple(_one_billed(row, received.get(row.pk, 0), last) for row in rows)


def _one_billed(row: Invoice, received: int, last: date) -> facts.Billed:
    settled_on = row.settled_on if row.settled_on and row.settled_on <= last else None
    days: int | None = None
    if row.due_on and (settled_on or row.due_on < last):
        days = ((settled_on or last) - row.due_on).days
    return facts.Billed(
        number=row.number or "",
        description=row.description,
        issued_on=row.issued_on or last,
        due_on=row.due_on,
        currency=row.currency,
        total_minor=row.total_minor,
        paid_minor=row.total_minor if settled_on else min(received, row.total_minor),
        settled_on=settled_on,
        days_after_due=days,
    )


def _received(client: Client, first: date, last: date) -> tuple[facts.Received, ...]:
    rows = Payment.objects.filter(invoice__client=client, paid_on__range=(first, last))
    return tuple(
        facts.Received(
            paid_on=row.paid_on,
            number=row.invoice.number or "",
            currency=row.invoice.currency,
            amount_minor=row.amount_minor,
            reference=row.reference,
        )
        for row in rows.select_related("invoice").order_by("paid_on", "pk")
    )


def _sums(billed: tuple[facts.Billed, ...]) -> tuple[facts.Sum, ...]:
    currencies = sorted({one.currency for one in billed}, key=lambda code: (code != "EUR", code))
    sums = []
    for currency in currencies:
        of_it = [one for one in billed if one.currency == currency]
        total = sum(one.total_minor for one in of_it)
        paid = sum(one.paid_minor for one in of_it)
        sums.append(facts.Sum(currency, total, paid, total - paid))
    return tuple(sums)


def _accounts(client: Client, last: date) -> tuple[facts.Account, ...]:
    return tuple(
        facts.Account(
            platform=row.platform,
            handle=row.handle,
            access_needed=row.access_needed,
            access_given=row.access_given,
            given_on=row.given_on if row.given_on and row.given_on <= last else None,
            handed_over_on=row.handed_over_on
            if row.handed_over_on and row.handed_over_on <= last
            else None,
        )
        for row in ManagedAccount.objects.filter(client=client)
    )
