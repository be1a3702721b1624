from django.urls import path

from clientdesk.documents import views

app_name = "documents"
urlpatterns = [
    path("jobs/<int:pk>/", views.job, name="job"),
    path("documents/<int:pk>/", views.download, name="download"),
]
