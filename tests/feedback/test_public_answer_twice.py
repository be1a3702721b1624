"""The same answer twice, one after the other or at once, is one; two that differ are two."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from clientdesk.documents.models import Document
from clientdesk.outbox.models import Part
from clientdesk.record.models import Entry
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from feedback.models import Answer
from tests.billing import desk
from tests.feedback.page_desk import address, answers, asked, form, look, send

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("other_connections_closed"),
]


@pytest.fixture
def at() -> Workspace:
    return desk.workspace()


def test_three_at_once_are_one_answer(at: Workspace) -> None:
    with acting_in(at.pk):
        request = asked(desk.client(at))
        path = address(request)
    opened = form(look(path))
    codes = desk.at_once(3, lambda _: Browser().post(path, {**opened, "all": "ok"}).status_code)
    assert codes == [302] * 3
    assert len(answers(request)) == 1
    with acting_in(at.pk):
        assert Entry.objects.filter(kind="request.answered").count() == 1
        assert Part.objects.filter(kind="feedback.answered").count() == 1
        assert verify_record(at.pk).ok


def test_a_file_sent_by_three_clicks_is_stored_once(at: Workspace) -> None:
    with acting_in(at.pk):
        request = asked(desk.client(at), "material")
        path = address(request)
    opened = form(look(path))

    def click(_: int) -> int:
        plan = SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")
        return Browser().post(path, {**opened, "outcome": "yes", "files": [plan]}).status_code

    assert desk.at_once(3, click) == [302] * 3
    with acting_in(at.pk):
        assert Document.objects.count() == 1
        assert Answer.objects.count() == 1


def test_two_that_differ_at_once_are_both_kept_and_one_holds(at: Workspace) -> None:
    with acting_in(at.pk):
        request = asked(desk.client(at), "question")
        path = address(request)

    def say(n: int) -> int:
        words = ("blue", "red")[n]
        return Browser().post(path, {"seen": "", "comment": words}).status_code

    assert desk.at_once(2, say) == [302, 302]
    request.refresh_from_db()
    kept = [(a.number, a.comment) for a in answers(request)]
    assert sorted(words for _, words in kept) == ["blue", "red"]
    assert request.answer == kept[-1][1]


def test_sent_again_after_going_back_it_is_the_same_answer(at: Workspace) -> None:
    with acting_in(at.pk):
        request = asked(desk.client(at), "question")
        path = address(request)
    for _ in range(3):
        assert send(path, comment="The blue one.").status_code == 302
    assert len(answers(request)) == 1
