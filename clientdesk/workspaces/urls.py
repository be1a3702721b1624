from django.urls import path

from clientdesk.workspaces import views

app_name = "workspaces"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("new/", views.create, name="create"),
    path("join/<str:token>/", views.join, name="join"),
]
