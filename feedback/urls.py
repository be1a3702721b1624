from django.urls import path

from feedback.views import (
    asking,
    links,
    projects,
    public_project,
    request_page,
    rounds,
    talks,
    waiting,
)

app_name = "feedback"
urlpatterns = [
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/several/", waiting.several, name="several"),
    path("waiting/new/", asking.new, name="new"),
    path("waiting/ask/", asking.ask_drafts, name="ask_drafts"),
    path("waiting/<int:pk>/", request_page.detail, name="request"),
    path("waiting/<int:pk>/edit/", asking.edit, name="edit"),
    path("waiting/<int:pk>/discard/", asking.discard, name="discard"),
    path("waiting/<int:pk>/anew/", rounds.anew, name="anew"),
    path("waiting/<int:pk>/dates/", request_page.dates, name="dates"),
    path("waiting/<int:pk>/about/", request_page.about, name="about"),
    path("waiting/<int:pk>/handled/", request_page.handled, name="handled"),
    path("waiting/<int:pk>/nudge/", request_page.nudge, name="nudge"),
    path("waiting/<int:pk>/withdraw/", request_page.withdraw, name="withdraw"),
    path("clients/<slug:slug>/projects/<int:pk>/", projects.detail, name="project"),
    path("clients/<slug:slug>/projects/<int:pk>/chances/new/", projects.chance, name="chance"),
    path(
        "clients/<slug:slug>/projects/<int:pk>/chances/<int:chance>/strike/",
        projects.strike,
        name="chance_strike",
    ),
    path("clients/<slug:slug>/projects/<int:pk>/share/", projects.share, name="project_share"),
    path("clients/<slug:slug>/projects/<int:pk>/share/link/", projects.link, name="project_link"),
    path(
        "clients/<slug:slug>/projects/<int:pk>/share/<int:link>/revoke/",
        projects.unlink,
        name="project_unlink",
    ),
    path(
        "clients/<slug:slug>/projects/<int:pk>/preview/",
        public_project.preview,
        name="project_preview",
    ),
    path("clients/<slug:slug>/talk/", talks.talk, name="talk"),
    path("clients/<slug:slug>/talk/send/", talks.send, name="talk_send"),
    path("clients/<slug:slug>/talk/settle/", talks.settle, name="talk_settle"),
    path("clients/<slug:slug>/talk/drop/", talks.drop, name="talk_drop"),
    path("waiting/links/<int:pk>/revoke/", links.revoke, name="link_revoke"),
]
