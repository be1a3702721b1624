"""A workspace with one of everything, so that every route has something to show."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Invoice, Step
from billing.operations.crediting import credit_invoice
from billing.operations.drafts import NewLine, create_draft
from billing.operations.holds import hold_ladder
from billing.operations.issuing import issue_invoice
from billing.operations.plans import NewInstalment, agree_plan
from billing.operations.rates import save_rate
from billing.operations.series import save_series
from billing.operations.sweep import climb_due
from clientdesk.desk.operations.members import invite_member
from clientdesk.documents.models import Document
from clientdesk.documents.operations import request_job, store
from clientdesk.outbox.models import Message
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Invitation, Membership, User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction
from clients.operations import clients, interactions, stops, work
from clients.operations.attachments import attach
from feedback.models import AnswerLink, AnswerStep, ProjectLink, Round
from feedback.operations.asking import open_request
from feedback.operations.chances import note_chance
from feedback.operations.drafting import draft_request
from feedback.operations.pausing import pause_reminders
from feedback.operations.sharing import make_link
from feedback.queries.links import answer_links
from offboarding.rules.facts import FINAL_REPORT

NOW = datetime(2025, 5, 14, 9, 0, tzinfo=UTC)
TODAY = date(2025, 5, 14)


@dataclass
class World:
    workspace: Workspace
    owner: User
    client: Client
    kwargs: dict[str, dict[str, object]] = field(default_factory=dict)

    def member(self, role: Role) -> User:
        user, _ = User.objects.get_or_create(email=f"{role}-{self.workspace.slug}@desk.example")
        Membership.objects.get_or_create(
            workspace=self.workspace, user=user, defaults={"role": role, "joined_at": NOW}
        )
        return user


def issue(client: Client, *, due_on: date, total: int = 80_000, currency: str = "EUR") -> Invoice:
    """An issued invoice due on a day, written 14 days before."""
    draft = create_draft(
        client=client,
        currency=currency,
        lines=[NewLine("Monthly care", Decimal(1), total)],
        now=NOW,
        by=None,
    )
    return issue_invoice(
        invoice=draft,
        issued_on=due_on - timedelta(days=14),
        due_on=due_on,
        now=NOW,
        actor="system",
    )


def make_client(workspace: Workspace, name: str = "Bistro Lune") -> Client:
    return clients.create_client(
        workspace=workspace,
        name=name,
        contact_name="Luc Perrin",
        email="luc@bistrolune.example",
        country="HR",
        language="hr",
        currency="EUR",
        now=NOW,
        actor="system",
    )


def make_workspace(slug: str) -> tuple[Workspace, User]:
    owner = User.objects.create_user(f"owner-{slug}@desk.example", name="Jana Novak")
    return create_workspace(name=f"Desk {slug}", slug=slug, owner=owner, now=NOW), owner


def make_world(slug: str) -> World:
    """One of everything. `kwargs` holds, by URL name, what fills its route."""
    workspace, owner = make_workspace(slug)
    with acting_in(workspace.pk):
        client = make_client(workspace)
        world = World(workspace, owner, client)
        _fill(world)
    return world


def _fill(world: World) -> None:
    client, owner = world.client, world.owner
    overdue = issue(client, due_on=TODAY - timedelta(days=20))
    climb_due(workspace=world.workspace, now=NOW)
    review = Step.objects.create(
        workspace=world.workspace,
        invoice=issue(client, due_on=TODAY - timedelta(days=12)),
        rung="stop_work",
        effect="stop",
        due_on=TODAY,
        state=Step.State.REVIEW,
        created_at=NOW,
    )
    decide = Step.objects.create(
        workspace=world.workspace,
        invoice=issue(client, due_on=TODAY - timedelta(days=40)),
        rung="decide",
        effect="task",
        due_on=TODAY,
        state=Step.State.REVIEW,
        created_at=NOW,
    )
    held = hold_ladder(
        client=client,
        invoice=review.invoice,
        kind="pause",
        first=TODAY,
        until=TODAY,
        reason="on holiday",
        now=NOW,
        actor="system",
    )
    plan = agree_plan(
        invoice=issue(client, due_on=TODAY - timedelta(days=2)),
        instalments=[NewInstalment(TODAY + timedelta(days=30), 80_000)],
        agreed_on=TODAY,
        now=NOW,
        actor="system",
    )
    credit = credit_invoice(
        invoice=decide.invoice,
        lines=[NewLine("Days not worked", Decimal(1), 100)],
        reason="days not worked",
        issued_on=TODAY,
        now=NOW,
        actor="system",
    )
    series = save_series(
        workspace=world.workspace,
        kind="invoice",
        code="shop",
        pattern="S{year}-{n}",
        is_default=True,
        now=NOW,
        actor="system",
    )
    draft = create_draft(
        client=client,
        currency="EUR",
        lines=[NewLine("Reel", Decimal(2), 12_000)],
        now=NOW,
        by=owner,
    )
    credited = credit_invoice(
        invoice=issue(client, due_on=TODAY + timedelta(days=9)),
        lines=[NewLine("Monthly care", Decimal(1), 10_000)],
        reason="days not worked",
        issued_on=TODAY,
        now=NOW,
        actor="system",
    )
    entry = interactions.log_interaction(
        client=client,
        kind=Interaction.Kind.CALL,
        summary="asked about the logo",
        happened_at=NOW,
        now=NOW,
        actor="system",
        follow_up_on=TODAY,
        minutes=15,
    )
    attach(
        interaction=entry,
        upload=SimpleUploadedFile("note.txt", b"a note", content_type="text/plain"),
        now=NOW,
        actor="system",
        by=owner,
    )
    project = work.save_project(
        client=client,
        project=None,
        fields={"name": "Summer launch", "started_on": TODAY},
        now=NOW,
        actor="system",
    )
    account = work.save_account(
        client=client,
        account=None,
        fields={"platform": "Instagram", "handle": "@lune", "access_needed": "full"},
        now=NOW,
        actor="system",
    )
    agreement = work.create_agreement(
        client=client, fields={"valid_from": date(2025, 1, 1)}, now=NOW, actor="system"
    )
    asked = open_request(
        client=client,
        kind="question",
        title="Which logo?",
        asked_on=TODAY - timedelta(days=9),
        answer_by=TODAY - timedelta(days=5),
        now=NOW,
        actor="system",
    )
    draft_asked = draft_request(
        client=client,
        kind="question",
        title="Which day for the photos?",
        on=TODAY,
        answer_by=TODAY + timedelta(days=400),
        now=NOW,
    )
    chance = note_chance(
        project=project, title="Easter campaign", missed_on=TODAY, now=NOW, actor="system"
    )
    make_link(project=project, email="luc@bistrolune.example", now=NOW, actor="system")
    project_link = ProjectLink.objects.get(project=project)
    round_ = Round.objects.get(request=asked)
    answer_links([round_], emails={round_.pk: "luc@bistrolune.example"}, now=NOW)
    paused = pause_reminders(
        requests=[asked], until=TODAY + timedelta(days=700), reason="ill", now=NOW, actor="system"
    )[0]
    answer_step = AnswerStep.objects.create(
        workspace=world.workspace,
        request=asked,
        round=round_,
        rung="kind",
        effect="mail",
        due_on=TODAY,
        state=AnswerStep.State.REVIEW,
        created_at=NOW,
    )
    stop = stops.begin_stop(
        client=client, reason="other", cause="by hand", on=TODAY, now=NOW, actor="system"
    )
    invite_member(
        workspace=world.workspace,
        email="guest@desk.example",
        role=Role.VIEWER,
        invited_by=owner,
        now=NOW,
    )
    job = request_job(
        workspace_id=world.workspace.pk, kind="final_report", params={}, now=NOW, created_by=owner
    )
    rate = save_rate(
        workspace=world.workspace,
        since=date(2026, 7, 1),
        rate_bp=215,
        source="the bank",
        now=NOW,
        actor="system",
    )
    report = store(
        workspace_id=world.workspace.pk,
        kind=FINAL_REPORT,
        filename="final-report.pdf",
        content_type="application/pdf",
        data=b"%PDF-1.7 a report",
        now=NOW,
        actor="system",
        client_ref=client.pk,
        title="Final report, Bistro Lune",
    )
    slug: dict[str, object] = {"slug": client.slug}
    world.kwargs = {
        "desk:client": slug,
        "desk:client_work": slug,
        "desk:client_invoices": slug,
        "desk:client_files": slug,
        "desk:client_erase": slug,
        "desk:reports_csv": {"which": "money"},
        "desk:client_pattern": slug,
        "desk:pattern_dismiss": {**slug, "finding": "unresponsive"},
        "desk:pattern_restore": {**slug, "finding": "unresponsive"},
        "desk:undo": {"pk": Entry.objects.earliest("seq").pk},
        "desk:message": {"pk": Message.objects.earliest("pk").pk},
        "desk:letter": {"app": "billing", "which": "reminder"},
        "desk:member": {"pk": Membership.objects.get(user=owner).pk},
        "desk:invitation_revoke": {"pk": Invitation.objects.get().pk},
        "desk:import_confirm": {"token": "0" * 32},
        "desk:import_columns": {"kind": "clients"},
        "clients:contact": {**slug, "pk": client.contacts.get().pk},
        "clients:agreement_change": {**slug, "pk": agreement.pk},
        "clients:project": {**slug, "pk": project.pk},
        "clients:deliver": {**slug, "pk": project.pk},
        "clients:account": {**slug, "pk": account.pk},
        "clients:resume": {**slug, "pk": stop.pk},
        "clients:keep_stopped": {**slug, "pk": stop.pk},
        "clients:entry": {**slug, "pk": entry.pk},
        "clients:history": {**slug, "pk": entry.pk},
        "clients:attach": {**slug, "pk": entry.pk},
        "clients:follow_up": {"pk": entry.pk},
        "feedback:project": {**slug, "pk": project.pk},
        "offboarding:done": {**slug, "pk": project.pk},
        "feedback:project_share": {**slug, "pk": project.pk},
        "feedback:project_link": {**slug, "pk": project.pk},
        "feedback:project_unlink": {**slug, "pk": project.pk, "link": project_link.pk},
        "feedback:project_preview": {**slug, "pk": project.pk},
        "feedback:chance": {**slug, "pk": project.pk},
        "feedback:chance_strike": {**slug, "pk": project.pk, "chance": chance.pk},
        "feedback:request": {"pk": asked.pk},
        "feedback:nudge": {"pk": asked.pk},
        "feedback:edit": {"pk": draft_asked.pk},
        "feedback:discard": {"pk": draft_asked.pk},
        "feedback:anew": {"pk": asked.pk},
        "feedback:dates": {"pk": asked.pk},
        "feedback:about": {"pk": asked.pk},
        "feedback:handled": {"pk": asked.pk},
        "feedback:withdraw": {"pk": asked.pk},
        "feedback:pause": {"pk": asked.pk},
        "feedback:lift": {"pk": paused.pk},
        "feedback:approve": {"pk": answer_step.pk},
        "feedback:skip": {"pk": answer_step.pk},
        "feedback:ladder_client": slug,
        "feedback:link_revoke": {"pk": AnswerLink.objects.get().pk},
        "billing:invoice": {"number": overdue.number},
        "billing:invoice_pdf": {"number": overdue.number},
        "billing:credit_pdf": {"number": credited.number},
        "billing:statement": slug,
        "billing:interest": {"number": overdue.number},
        "billing:draft": {"pk": draft.pk},
        "billing:edit": {"pk": draft.pk},
        "billing:discard": {"pk": draft.pk},
        "billing:approve": {"pk": review.pk},
        "billing:skip": {"pk": review.pk},
        "billing:credit": {"pk": overdue.pk},
        "billing:void": {"pk": overdue.pk},
        "billing:credit_note": {"pk": credit.pk},
        "billing:series": {"pk": series.pk},
        "billing:resume": {"pk": stop.pk},
        "billing:rate_remove": {"pk": rate.pk},
        "billing:hold": {"pk": overdue.pk},
        "billing:lift": {"pk": held.pk},
        "billing:plan": {"pk": overdue.pk},
        "billing:end_plan": {"pk": plan.pk},
        "billing:write_off": {"pk": overdue.pk},
        "billing:end": {"pk": decide.pk},
        "billing:send": {"pk": overdue.pk},
        "billing:client_ladder": slug,
        "billing:invoice_ladder": {"pk": overdue.pk},
        "offboarding:report": slug,
        "offboarding:worth": slug,
        "offboarding:dossier": slug,
        "offboarding:archive": slug,
        "offboarding:report_send": {**slug, "pk": report.pk},
        "offboarding:end_override": {**slug, "task": "payments"},
        "documents:job": {"pk": job.pk},
        "documents:download": {"pk": Document.objects.get(filename="note.txt").pk},
    }
    for name in ("message_take_back", "message_again", "message_arrived"):
        world.kwargs[f"desk:{name}"] = world.kwargs["desk:message"]
    for name in (
        "end", "end_reason", "end_evidence", "end_handover", "end_send_handover", "end_message",
        "end_send", "end_archive", "end_call_off",
    ):  # fmt: skip
        world.kwargs[f"offboarding:{name}"] = slug
    for name in ("talk", "talk_send", "talk_settle", "talk_drop"):
        world.kwargs[f"feedback:{name}"] = slug
    for name in (
        "edit", "contact_new", "agreement", "project_new", "account_new", "result_new",
        "stop", "entry_new",
    ):  # fmt: skip
        world.kwargs[f"clients:{name}"] = slug
