"""The owner is told of an answer at once, and the timeline shows it."""

import pytest
from django.test import Client as Browser

from clientdesk import clock
from clientdesk.outbox.delivery import deliver as deliver_mail
from clientdesk.outbox.models import Message, Part
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clients.models import Client
from feedback.operations.answering import record_answer
from tests.billing import desk
from tests.feedback.page_desk import POSTS, address, asked, send, versions
from tests.outbox.mailserver import MailServer


def deliver() -> None:
    deliver_mail(now=clock.now() + 2 * desk.MINUTE)


def test_a_letter_says_what_was_answered_and_leads_to_the_request(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    chair, cups = versions(request)
    more = {f"v{chair}": "ok", f"v{cups}": "ch", f"c{cups}": "Saturday,\r\nnot Friday."}
    send(address(request), comment="Lovely.", **more)
    deliver()
    [letter] = server.received()
    assert (letter.to, letter.subject) == ("jana@example.com", "Lune answered: June posts")
    assert "Hello Jana Novak," in letter.text
    assert 'Ana Kralj of Lune answered "June posts"' in letter.text
    assert POSTS[1] in letter.text
    assert "With changes: Saturday, not Friday." in letter.text
    assert "Lovely." in letter.text
    assert f"/w/{at.slug}/waiting/{request.pk}/" in letter.text


def test_in_the_language_of_the_workspace(at: Workspace, lune: Client, server: MailServer) -> None:
    Workspace.objects.filter(pk=at.pk).update(language="hr")
    at.refresh_from_db()
    send(address(asked(lune, "question", title="Boja")), comment="Plava.")
    deliver()
    [letter] = server.received()
    assert letter.subject == "Lune: stigao je odgovor na „Boja”"
    assert "Plava." in letter.text


def test_it_joins_no_letter_to_the_client_and_goes_to_each_owner(
    at: Workspace, lune: Client
) -> None:
    partner, helper = (User.objects.create_user(f"{n}@example.com") for n in ("ivo", "mia"))
    for user, role in ((partner, Role.OWNER), (helper, Role.MEMBER)):
        Membership.objects.create(workspace=at, user=user, role=role, joined_at=desk.NOW)
    send(address(asked(lune)), all="ok")
    told = Message.objects.order_by("pk").values_list("to_email", "client_ref", "automatic")
    assert list(told) == [("jana@example.com", None, False), ("ivo@example.com", None, False)]


def test_an_answer_changed_within_the_minute_is_one_letter(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    path = address(asked(lune, "question"))
    send(path, comment="The blue one.")
    send(path, comment="No, the red one.")
    send(path, comment="No, the red one.")
    assert Part.objects.count() == 2
    deliver()
    [letter] = server.received()
    assert "the red one" in letter.text


def test_what_the_owner_wrote_down_is_told_to_nobody(at: Workspace, lune: Client) -> None:
    record_answer(
        request=asked(lune, "question"), answer="blue", answered_on=lune.workspace.local_today(
            clock.now()), now=clock.now(), actor="x",
    )  # fmt: skip
    assert not Part.objects.exists()


def test_a_sample_sends_nothing(at: Workspace, lune: Client, server: MailServer) -> None:
    Workspace.objects.filter(pk=at.pk).update(is_sample=True)
    send(address(asked(lune)), all="ok")
    deliver()
    assert server.received() == []


@pytest.mark.parametrize("again", [False, True])
def test_the_timeline_tells_the_answer_and_a_changed_one(
    at: Workspace, lune: Client, again: bool
) -> None:
    request = asked(lune)
    chair, cups = versions(request)
    path = address(request)
    send(path, all="ok")
    if again:
        send(path, **{f"v{chair}": "ok", f"v{cups}": "no", f"c{cups}": "Sold <out>."})
    owner = Browser()
    owner.force_login(
        at.members.get(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = owner.get(f"/w/{at.slug}/clients/{lune.slug}/").content.decode()
    assert "Approved: June posts, on the page." in page
    assert ("Answered anew. Approved: June posts, on the page." in page) == again
    assert ("Sold &lt;out&gt;." in page) == again
    assert f"{POSTS[0]}: Approved" in page
