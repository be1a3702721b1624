from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/new/", views.new, name="new"),
    path("waiting/<int:pk>/", views.detail, name="request"),
    path("waiting/<int:pk>/nudge/", views.nudge, name="nudge"),
    path("waiting/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
