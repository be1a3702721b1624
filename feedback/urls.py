from django.urls import path

from feedback.views import links, projects, public_project, requests

app_name = "feedback"
urlpatterns = [
    path("waiting/", requests.waiting, name="waiting"),
    path("waiting/new/", requests.new, name="new"),
    path("waiting/<int:pk>/", requests.detail, name="request"),
    path("waiting/<int:pk>/nudge/", requests.nudge, name="nudge"),
    path("waiting/<int:pk>/withdraw/", requests.withdraw, name="withdraw"),
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
    path("waiting/links/<int:pk>/revoke/", links.revoke, name="link_revoke"),
]
