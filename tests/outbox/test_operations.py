"""What an owner may do with a message, and what may follow what."""

import hashlib
import json
from datetime import timedelta

import pytest

from clientdesk.outbox import queries
from clientdesk.outbox.models import Message
from clientdesk.outbox.operations import (
    AlreadySentAgain,
    Recipient,
    TransitionRefused,
    cancel,
    mark_arrived,
    send_again,
)
from clientdesk.outbox.states import TRANSITIONS, State, check
from clientdesk.record.models import Entry
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.outbox import desk
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
ACTOR = "user:1"


def test_a_queued_message_can_be_taken_back(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client)
    cancel(message=desk.message(), now=desk.LATER, actor=ACTOR)
    assert desk.send().sent == 0
    assert desk.states() == ["cancelled"]
    assert desk.diary(client) == ["cancelled invoice"]


def test_a_message_that_left_cannot_be_taken_back(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client)
    queued = desk.message()
    desk.send()
    with pytest.raises(TransitionRefused, match="sent cannot become cancelled"):
        cancel(message=queued, now=desk.LATER, actor=ACTOR)
    assert desk.diary(client) == ["sent invoice"]


def uncertain(server: MailServer, manner: str = "drop-data") -> Client:
    client = desk.client(desk.workspace())
    desk.put(client, to=f"{manner}@example.com")
    desk.send()
    return client


def test_send_again_sends_the_same_bytes_once(server: MailServer) -> None:
    uncertain(server)
    first = desk.message()
    again = send_again(message=first, now=desk.LATER, actor=ACTOR)
    with pytest.raises(AlreadySentAgain):
        send_again(message=first, now=desk.LATER, actor=ACTOR)
    assert first.sent_again_as == again
    # Not before its minute of undo; here the server drops it again.
    assert desk.send(desk.LATER).uncertain == 0
    assert desk.send(desk.LATER + desk.MINUTE).uncertain == 1
    one, other = server.received()
    assert one == other
    assert desk.states() == ["uncertain", "uncertain"]


def test_send_again_to_a_corrected_address(server: MailServer) -> None:
    client = uncertain(server, "never")
    wanted = Recipient("ana@example.com", "Ana", "hr")
    send_again(message=desk.message(), now=desk.LATER, actor=ACTOR, recipient=wanted)
    desk.send(desk.LATER + desk.MINUTE)
    [letter] = server.received()
    assert (letter.to, letter.text[:9]) == ("ana@example.com", "Dobar dan")
    assert desk.diary(client) == ["failed invoice", "sent invoice"]


def test_send_again_asks_the_guards(server: MailServer) -> None:
    uncertain(server, "never")
    send_again(message=desk.message(), now=desk.LATER, actor=ACTOR)
    Client.unscoped.update(archived_at=desk.LATER)
    assert desk.send(desk.LATER + desk.MINUTE).suppressed == 1
    assert desk.states() == ["failed", "suppressed"]


def test_the_owner_can_say_that_it_arrived(server: MailServer) -> None:
    client = uncertain(server)
    mark_arrived(message=desk.message(), now=desk.LATER, actor=ACTOR)
    assert desk.states() == ["sent"]
    assert desk.diary(client) == ["uncertain invoice", "sent invoice"]
    with pytest.raises(TransitionRefused):
        mark_arrived(message=desk.message(), now=desk.LATER, actor=ACTOR)
    assert desk.diary(client) == ["uncertain invoice", "sent invoice"]


def test_what_was_sent_again_cannot_be_said_to_have_arrived(server: MailServer) -> None:
    uncertain(server)
    first = desk.message()
    send_again(message=first, now=desk.LATER, actor=ACTOR)
    with pytest.raises(AlreadySentAgain):
        mark_arrived(message=first, now=desk.LATER, actor=ACTOR)
    assert desk.states() == ["uncertain", "queued"]


@pytest.mark.parametrize("state", [s for s in State if s not in ("failed", "uncertain")])
def test_only_what_failed_or_is_uncertain_is_sent_again(state: State) -> None:
    desk.put(desk.client(desk.workspace()))
    Message.unscoped.update(state=state)
    with pytest.raises(TransitionRefused):
        send_again(message=desk.message(), now=desk.LATER, actor=ACTOR)


def test_the_table_has_every_state_and_no_way_back_from_an_end() -> None:
    assert set(TRANSITIONS) == set(State) == set(Message.State.values)
    assert [s.value for s in State if not TRANSITIONS[s]] == [
        "sent",
        "failed",
        "suppressed",
        "cancelled",
    ]
    assert State.QUEUED not in TRANSITIONS[State.UNCERTAIN] | TRANSITIONS[State.SENDING]
    with pytest.raises(TransitionRefused):
        check({State.QUEUED}, State.SENT)


def test_pages_get_counts_lists_and_previews(server: MailServer) -> None:
    jana, other = desk.workspace(), desk.workspace("other")
    client = desk.client(jana)
    desk.put(desk.client(other))
    desk.put(client, "a")
    desk.put(client, "b", automatic=False, to="never@example.com")
    with acting_in(jana.pk):
        assert queries.counts()["queued"] == queries.waiting_count() == 2
        first, second = queries.newest()
        assert [[part.dedupe_key for part in m.parts.all()] for m in (first, second)] == [
            [f"client:{client.pk}:b"],
            [f"client:{client.pk}:a"],
        ]
        preview = queries.compose_preview(first, now=desk.MORNING, language="hr")
        assert preview.text.startswith("Dobar dan Bistro Lune")
        assert first.subject == ""
        Client.unscoped.update(archived_at=desk.MORNING)
        withdrawn = queries.compose_preview(second, now=desk.MORNING)
        assert (withdrawn.is_empty, withdrawn.withdrawn[0][1]) == (True, "paid")
        Client.unscoped.update(archived_at=None)
        desk.send()
        assert [m.state for m in queries.newest(states=["sent"], client_ref=client.pk)] == ["sent"]
        assert [m.to_email for m in queries.for_the_owner()] == ["never@example.com"]
        sent = queries.with_parts().get(state="sent")
        [arrived] = [one for one in server.received() if one.subject == sent.subject]
        assert queries.sent_html(sent).replace("\r\n", "\n").strip() == arrived.html.strip()
        assert sent.sha256 == hashlib.sha256(bytes(sent.raw)).hexdigest()
    assert queries.why_held(jana) == ""


def test_an_expired_claim_is_sent_and_an_expired_sending_is_not(server: MailServer) -> None:
    jana = desk.workspace()
    for name, state in (("Claimed", "claimed"), ("Sending", "sending")):
        desk.put(desk.client(jana, name))
        Message.unscoped.filter(state="queued").update(
            state=state, claim_token=name, claim_expires_at=desk.LATER
        )
    assert desk.send(desk.LATER - timedelta(seconds=1)).as_dict()["sent"] == 0
    result = desk.send(desk.LATER)
    assert (result.sent, result.uncertain) == (1, 1)
    assert desk.states() == ["sent", "uncertain"]


def test_the_record_tells_what_became_of_each_message(server: MailServer) -> None:
    jana = desk.workspace()
    letters = [
        desk.client(jana, name) for name in ("Sent", "Refused", "Dropped", "Paid", "Taken back")
    ]
    for of, manner in zip(letters, ("fine", "never", "drop-data", "fine", "fine"), strict=True):
        desk.put(of, to=f"{manner}@example.com")
    cancel(message=Message.unscoped.latest("pk"), now=desk.MORNING, actor=ACTOR)
    Client.unscoped.filter(name="Paid").update(archived_at=desk.MORNING)
    desk.send()
    with acting_in(jana.pk):
        entries = Entry.objects.filter(kind__startswith="message.").order_by("seq")
        told = {(entry.client_ref, entry.kind) for entry in entries}
        assert len(entries) == 5
        assert told == {
            (of.pk, f"message.{word}")
            for of, word in zip(
                letters, ("sent", "failed", "uncertain", "suppressed", "cancelled"), strict=True
            )
        }
        sent = Message.objects.get(state="sent")
        content = json.loads(entries.get(kind="message.sent").content.content)
    assert content["sha256"] == sent.sha256
    assert content["steps"] == f"{letters[0].pk}/invoice"
    assert content["to"] == "fine@example.com"
