from django.urls import path

from feedback.views import links, requests

app_name = "feedback"
urlpatterns = [
    path("waiting/", requests.waiting, name="waiting"),
    path("waiting/new/", requests.new, name="new"),
    path("waiting/<int:pk>/", requests.detail, name="request"),
    path("waiting/<int:pk>/nudge/", requests.nudge, name="nudge"),
    path("waiting/<int:pk>/withdraw/", requests.withdraw, name="withdraw"),
    path("waiting/links/<int:pk>/revoke/", links.revoke, name="link_revoke"),
]
