"""What the sample's clients were asked for: one who never answers, one who must approve all.

Each act belongs to a working day before `today` and is done by the real operations in its turn.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from clientdesk.calendars import add_working_days, roll_forward
from clientdesk.desk.demo_pictures import oak_chair, summer_cups
from clientdesk.documents.models import Document
from clientdesk.documents.operations import store
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client, ManagedAccount, Project
from clients.operations import work
from feedback.models import Decision, Request
from feedback.operations.answering import Said, give_answer, handle_answer
from feedback.operations.asking import next_round, open_request
from feedback.operations.by_hand import log_about
from feedback.operations.chances import note_chance
from feedback.operations.drafting import NewItem, draft_request
from feedback.queries.items import items_of, to_decide

ACTOR = "system"
EARLY_PRICE = (
    "Early price of the design fair’s ad",
    "Needed the Facebook login. The same place costs €90.00 more from today on.",
)
JOINT_POST = (
    "Joint post with the glassworks",
    "They posted alone this morning, since our two posts were not approved.",
)
CHANGES = (
    "Warmer, please.",
    "The other photo.",
    "Can it say it in fewer words?",
    "A little more blue.",
    "I liked the first one better.",
)


class Asking:
    """Acts by their day; `on(day)` does those of a day."""

    def __init__(
        self, workspace: Workspace, owner: User, today: date, clients: dict[str, Client]
    ) -> None:
        self.workspace, self.owner, self.today, self.clients = workspace, owner, today, clients
        self.acts: defaultdict[date, list[Callable[[date], None]]] = defaultdict(list)
        self.asked: dict[str, Request] = {}
        self.launch: Project | None = None
        self.client = clients["Atelier Marek"]
        self._unresponsive()
        self.client = clients["Hotel Adria"]
        self._controlling()
        self.client = clients["Nordlys Yoga"]
        self._in_time()
        self.client = clients["Kafka Books"]
        self._answered_and_not_dealt_with()

    def on(self, day: date) -> None:
        for act in self.acts.pop(day, ()):
            act(day)

    # The story is told in working days before today, each in the client's country.

    def back(self, days: int) -> date:
        return add_working_days(
            roll_forward(self.today, self.client.country), -days, self.client.country
        )

    def _then(self, days: int, act: Callable[..., None], *args: Any, **more: Any) -> None:
        self.acts[min(self.back(days), self.today)].append(partial(act, self.client, *args, **more))

    def _now(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(self.workspace.time_zone))

    def _unresponsive(self) -> None:
        self._then(31, self._ask, "The tone of the spring posts", "question", within=3)
        self._then(22, self._said, "The tone of the spring posts", "Friendly, not too funny.")
        self._then(20, self._begin_launch)
        self._then(18, self._ask, "Brand book and logo files", "material", within=2, launch=True)
        self._then(15, self._said, "Brand book and logo files", "Here they are.")
        self._then(13, self._ask, "Plan of the launch", "approval", within=3, launch=True,
                   items=[NewItem("Four weeks, nine posts, one event")])  # fmt: skip
        self._then(11, self._said, "Plan of the launch", "Good.")
        self._then(9, self._ask, "June posts", "approval", within=2, launch=True, rounds=2,
                   items="posts", blocks="the launch")  # fmt: skip
        self._then(7, self._wishes, "June posts", "Warmer, please.")
        self._then(4, self._again, "June posts", within=2, items="posts")
        self._then(4, self._ask, "Facebook page login", "access", within=3, launch=True)
        self._then(1, self._ask, "Six product photos", "material", within=3, launch=True)
        self._then(2, self._chase, "June posts", "called about the June posts, nobody there", 45)
        self._then(1, self._chase, "June posts", "wrote again, offered to go through them", 60)
        self._then(1, self._chase, "Facebook page login", "explained how to add an editor", 45)
        self._then(1, self._missed, "Facebook page login", *EARLY_PRICE)
        self._then(0, self._missed, "June posts", *JOINT_POST)

    def _controlling(self) -> None:
        self._then(47, self._withhold)
        self._then(60, self._ask, "Which languages for the spa page?", "question", within=3)
        self._then(54, self._said, "Which languages for the spa page?", "English and German.")
        for number, begun in enumerate((58, 52, 46, 40, 34, 28, 22), start=7):
            title = f"Post {number}"
            self._then(begun, self._ask, title, "approval", within=2, items=[NewItem(title)])
            for turn, wish in enumerate(CHANGES[: 3 + number % 2]):
                self._then(begun - 2 - 4 * turn, self._wishes, title, wish)
                self._then(begun - 3 - 4 * turn, self._again, title, within=2)
                self._then(begun - 3 - 4 * turn, self._revise, title, 25)
            self._then(begun - 6 - 4 * (2 + number % 2), self._said, title, "Now it is right.")
        dusk = "Post 14, “Terrace at dusk”"
        self._then(20, self._ask, dusk, "approval", within=3, items=[NewItem("Terrace at dusk")])
        for turn, wish in enumerate(CHANGES[:4]):
            self._then(17 - 4 * turn, self._wishes, dusk, wish)
            self._then(16 - 4 * turn, self._again, dusk, within=3)

    def _in_time(self) -> None:
        self._then(12, self._ask, "Dates of the summer classes", "question", within=3)
        self._then(10, self._said, "Dates of the summer classes", "From 2 June on, see the list.")
        self._then(1, self._ask, "Photo for the summer timetable", "material", within=3)
        self._then(0, self._draft, "May we show the new room?")

    def _answered_and_not_dealt_with(self) -> None:
        title = "Which three evenings for the readings?"
        self._then(4, self._ask, title, "question", within=4)
        self._then(1, self._answers, title, "The 9th, the 16th and the 23rd. Chairs for forty.")

    # The acts themselves, each on its day.

    def _begin_launch(self, client: Client, day: date) -> None:
        self.launch = work.save_project(
            client=client,
            project=None,
            fields={
                "name": "Summer launch",
                "description": "Nine posts, one event page and the ads that go with them.",
                "started_on": day,
                "delivery_on": add_working_days(
                    roll_forward(self.today, client.country), 4, client.country
                ),
            },
            now=self._now(day, 10),
            actor=ACTOR,
        )

    def _ask(
        self,
        client: Client,
        title: str,
        kind: str,
        day: date,
        *,
        within: int,
        launch: bool = False,
        rounds: int = 2,
        items: Sequence[NewItem] | str = (),
        blocks: str = "",
    ) -> None:
        account = None
        if kind == Request.Kind.ACCESS:
            account = ManagedAccount.objects.filter(client=client, given_on=None).first()
        self.asked[title] = open_request(
            client=client,
            kind=kind,
            title=title,
            asked_on=day,
            answer_by=add_working_days(day, within, client.country),
            project=self.launch if launch else Project.objects.filter(client=client).first(),
            account=account,
            blocks=blocks,
            rounds_agreed=rounds if kind == Request.Kind.APPROVAL else 1,
            items=self._posts(client, day) if items == "posts" else [*items],
            now=self._now(day, 11),
            actor=ACTOR,
            author=self.owner,
        )

    def _posts(self, client: Client, day: date) -> list[NewItem]:
        first = add_working_days(self.today, 14, client.country)
        return [
            NewItem(
                "The oak chair",
                "“It took Marek eleven evenings to find the curve of this back. Sit down, and you"
                " know why.” #ateliermarek #oak",
                self._kept(client, "oak-chair.png", oak_chair(), day),
                first,
                "Instagram",
            ),
            NewItem(
                "Cups for the summer table",
                "“Three cups, three clays, one long table. From Friday in the shop at Ilica 48.”",
                self._kept(client, "summer-cups.png", summer_cups(), day),
                add_working_days(first, 3, client.country),
                "Instagram and Facebook",
            ),
        ]

    def _kept(self, client: Client, filename: str, data: bytes, day: date) -> Document:
        return store(
            workspace_id=self.workspace.pk,
            kind="item",
            filename=filename,
            content_type="image/png",
            data=data,
            now=self._now(day, 11),
            actor=ACTOR,
            client_ref=client.pk,
            subject=f"client:{client.pk}",
        )

    def _again(
        self, client: Client, title: str, day: date, *, within: int, items: str = ""
    ) -> None:
        request = self.asked[title]
        shown = items_of(request)
        new = self._posts(client, day) if items else [NewItem(one.version.title) for one in shown]
        self.asked[title] = next_round(
            request=request,
            items={one.item.pk: item for one, item in zip(shown, new, strict=True)},
            answer_by=add_working_days(day, within, client.country),
            on=day,
            now=self._now(day, 12),
            actor=ACTOR,
        )

    def _wishes(self, client: Client, title: str, wish: str, day: date) -> None:
        said = [
            Said(one.version.pk, Decision.CHANGES, wish) for one in to_decide(self.asked[title])
        ]
        self._answer(title, day, said=said)

    def _said(self, client: Client, title: str, words: str, day: date) -> None:
        request = self.asked[title]
        items = to_decide(request) if request.kind == Request.Kind.APPROVAL else []
        said = [Said(one.version.pk, Decision.APPROVED, "") for one in items]
        decision = "" if said else PLAIN[Request.Kind(request.kind)]
        self._answer(title, day, said=said, decision=decision, comment=words)
        handle_answer(request=self.asked[title], on=day, now=self._now(day, 16), actor=ACTOR)

    def _answers(self, client: Client, title: str, words: str, day: date) -> None:
        self._answer(title, day, decision=Decision.ANSWERED, comment=words)

    def _draft(self, client: Client, title: str, day: date) -> None:
        draft_request(
            client=client,
            kind=Request.Kind.QUESTION,
            title=title,
            on=day,
            answer_by=add_working_days(day, 3, client.country),
            now=self._now(day, 11),
        )

    def _answer(self, title: str, day: date, **what: Any) -> None:
        request = self.asked[title]
        give_answer(
            request=request,
            how="page",
            on=day,
            now=self._now(day, 15),
            actor="client",
            given_by=request.client.contacts.order_by("-is_primary").first().name,  # type: ignore[union-attr]  # every sample client has one
            **what,
        )
        request.refresh_from_db()

    def _chase(self, client: Client, title: str, summary: str, minutes: int, day: date) -> None:
        self._log(client, title, summary, minutes, day, tag="chasing", kind="call")

    def _revise(self, client: Client, title: str, minutes: int, day: date) -> None:
        self._log(
            client, title, f"{title}, another version", minutes, day, tag="revision", kind="work"
        )

    def _log(
        self,
        client: Client,
        title: str,
        summary: str,
        minutes: int,
        day: date,
        *,
        tag: str,
        kind: str,
    ) -> None:
        log_about(
            request=self.asked[title],
            kind=kind,
            summary=summary,
            happened_at=self._now(day, 9),
            now=self._now(day, 10),
            actor=ACTOR,
            author=self.owner,
            minutes=minutes,
            spent_on=tag,
        )

    def _missed(self, client: Client, title: str, what: str, evidence: str, day: date) -> None:
        request = self.asked[title]
        if request.project is None:
            return
        note_chance(
            project=request.project,
            request=request,
            title=what,
            evidence=evidence,
            missed_on=day,
            author=self.owner,
            now=self._now(day, 13),
            actor=ACTOR,
        )

    def _withhold(self, client: Client, day: date) -> None:
        account = ManagedAccount.objects.filter(client=client).order_by("platform").last()
        if account is None:
            return
        work.save_account(
            client=client,
            account=account,
            fields={
                "access_needed": "full access",
                "needed_on": day,
                "blocks": "posts on Instagram and Facebook together",
                "access_given": "drafts only",
                "given_on": None,
            },
            now=self._now(day, 9),
            actor=ACTOR,
        )


PLAIN = {
    Request.Kind.QUESTION: Decision.ANSWERED,
    Request.Kind.MATERIAL: Decision.DONE,
    Request.Kind.ACCESS: Decision.DONE,
    Request.Kind.CHOICE: Decision.CHOSEN,
}
