"""Files that a client sends, and the pictures that the page shows."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from clientdesk.documents import operations as documents
from clientdesk.documents.models import Document
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from feedback.forms import answer_page
from feedback.models import AnswerFile, Request
from feedback.operations.drafting import NewItem
from tests.billing import desk
from tests.feedback.page_desk import (
    address,
    answers,
    asked,
    look,
    picture,
    png,
    send,
    versions,
)


def pdf(name: str = "plan.pdf", body: bytes = b"one") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 " + body, content_type="text/html")


@pytest.fixture
def request_(lune: Client) -> Request:
    return asked(lune, "material", title="Six photos")


def names(request: Request, number: int) -> list[str]:
    rows = AnswerFile.objects.filter(answer__round__request=request, answer__number=number)
    return [row.document.filename for row in rows.order_by("pk")]


def test_files_are_kept_outside_of_the_web_root_and_given_to_the_owner_only(
    at: Workspace, request_: Request
) -> None:
    path = address(request_)
    assert send(path, outcome="yes", files=[pdf(), pdf("brand.pdf", b"two")]).status_code == 302
    assert names(request_, 1) == ["plan.pdf", "brand.pdf"]
    document = Document.objects.get(filename="plan.pdf")
    assert document.content_type == "application/pdf"
    stored = documents.file_of(document)
    assert stored.is_relative_to(settings.FILES_DIR)
    assert not stored.is_relative_to(settings.STATIC_ROOT)
    where = f"/w/{at.slug}/files/{document.pk}/"
    owner = Browser()
    owner.force_login(
        at.members.get(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    found = owner.get(where)
    found = found if found.status_code == 200 else owner.get(_download(at, document))
    assert found["Content-Disposition"].startswith("attachment")
    assert found["X-Content-Type-Options"] == "nosniff"
    found.getvalue()
    assert Browser().get(_download(at, document)).status_code == 302
    assert "plan.pdf" in look(path)


def _download(at: Workspace, document: Document) -> str:
    from django.urls import reverse  # noqa: PLC0415 -- after the settings of the test

    return reverse("documents:download", kwargs={"workspace": at.slug, "pk": document.pk})


@pytest.mark.parametrize(
    ("upload", "problem"),
    [
        (SimpleUploadedFile("run.exe", b"MZ\x90\x00"), "of a kind that cannot be kept"),
        (SimpleUploadedFile("photo.png", b"<svg onload=x>"), "of a kind that cannot be kept"),
        (SimpleUploadedFile("page.html", b"<script>1</script>"), "of a kind that cannot be kept"),
        (SimpleUploadedFile("empty.pdf", b""), "is empty"),
        (SimpleUploadedFile("n" * 210 + ".txt", b"text"), "a shorter, plain name"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(
    request_: Request, upload: SimpleUploadedFile, problem: str
) -> None:
    response = send(address(request_), outcome="yes", files=[pdf(), upload], comment="Here.")
    assert response.status_code == 200
    page = response.content.decode()
    assert problem in page
    assert "Here." in page
    assert answers(request_) == []
    assert not Document.objects.exists()


def test_a_large_file_and_too_many_are_refused(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(request_)
    page = send(path, outcome="yes", files=[pdf(f"{n}.pdf") for n in range(11)]).content.decode()
    assert "At most 10 files" in page
    monkeypatch.setattr(answer_page, "UPLOAD_LIMIT", 8)
    assert "is too large" in send(path, outcome="yes", files=[pdf()]).content.decode()
    assert answers(request_) == []


def test_neither_a_file_nor_a_word_is_no_answer_and_a_no_needs_a_word(request_: Request) -> None:
    path = address(request_)
    assert "Please choose a file" in send(path, outcome="yes").content.decode()
    assert "why not" in send(path, outcome="no").content.decode()
    assert answers(request_) == []
    assert send(path, outcome="no", comment="The photographer is ill.").status_code == 302
    assert [a.decision for a in answers(request_)] == ["refused"]


def test_the_same_files_again_are_one_answer_and_a_later_one_keeps_them(request_: Request) -> None:
    path = address(request_)
    for _ in range(2):
        send(path, outcome="yes", files=[pdf()], comment="Here.")
    assert len(answers(request_)) == 1
    send(path, outcome="yes", files=[pdf("more.pdf", b"two")], comment="Here.")
    assert names(request_, 2) == ["plan.pdf", "more.pdf"]
    assert Document.objects.count() == 2


def test_files_are_taken_for_files_only(lune: Client) -> None:
    request = asked(lune, "question")
    send(address(request), comment="The blue one.", files=[pdf()])
    assert len(answers(request)) == 1
    assert not Document.objects.exists()


# Pictures.


def shown(at: Workspace, lune: Client, document: Document) -> tuple[str, Any, bytes]:
    request = asked(lune, items=[NewItem("A chair", picture=document)])
    path = address(request)
    response = Browser().get(f"{path}picture/{versions(request)[0]}/")
    # Reading a file to its end closes it.
    content = response.getvalue() if response.streaming else response.content
    return path, response, content


def test_a_picture_is_shown_and_runs_nothing(at: Workspace, lune: Client) -> None:
    path, response, content = shown(at, lune, picture(at))
    assert response.status_code == 200
    assert content == png() + b"chair.png"
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "noindex" in response["X-Robots-Tag"]
    assert 'alt="Picture: A chair"' in look(path)


def test_only_pictures_are_shown(at: Workspace, lune: Client) -> None:
    document = documents.store(
        workspace_id=at.pk, kind="item", filename="x.pdf", content_type="application/pdf",
        data=b"%PDF-", now=desk.NOW, actor="system",
    )  # fmt: skip
    assert shown(at, lune, document)[1].status_code == 404


def test_pictures_of_other_requests_are_not_behind_this_link(at: Workspace, lune: Client) -> None:
    path, _, _ = shown(at, lune, picture(at))
    other = asked(lune, items=[NewItem("Secret", picture=picture(at, "secret.png"))])
    assert Browser().get(f"{path}picture/{versions(other)[0]}/").status_code == 404
