from django.urls import path

from offboarding import views

app_name = "offboarding"
urlpatterns = [
    path("clients/<slug:slug>/report/", views.report, name="report"),
    path("clients/<slug:slug>/projects/<int:pk>/done/", views.done, name="done"),
]
