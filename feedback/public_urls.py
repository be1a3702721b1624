"""What a client opens without a login; joined with the others as `public:` in clientdesk.urls."""

from django.urls import path

from feedback.views import public

urlpatterns = [
    path("a/<str:token>/", public.answer, name="answer"),
    path("a/<str:token>/picture/<int:version>/", public.picture, name="answer_picture"),
]
