from django.urls import path

from offboarding import views

app_name = "offboarding"
urlpatterns = [path("clients/<slug:slug>/report/", views.report, name="report")]
