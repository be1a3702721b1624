"""What a client opens without a login; joined with the others as `public:` in clientdesk.urls."""

from django.urls import URLPattern, path

from feedback.views import public_project

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", public_project.project, name="project"),
    path("p/<str:token>/answer/<int:pk>/", public_project.answer, name="project_answer"),
]
