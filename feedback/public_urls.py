"""What a client opens without a login; joined with the others as `public:` in clientdesk.urls."""

from django.urls import path

from feedback.views import public, public_project

urlpatterns = [
    path("a/<str:token>/", public.answer, name="answer"),
    path("a/<str:token>/picture/<int:version>/", public.picture, name="answer_picture"),
    path("p/<str:token>/", public_project.project, name="project"),
    path("p/<str:token>/answer/<int:pk>/", public_project.answer, name="project_answer"),
]
