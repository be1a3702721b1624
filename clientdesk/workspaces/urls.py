from django.urls import path
from django.views.i18n import set_language

from clientdesk.workspaces import views

app_name = "workspaces"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("new/", views.create, name="create"),
    path("language/", set_language, name="language"),
    path("join/<str:token>/", views.join, name="join"),
]
