from django.urls import path

from offboarding.views import done, report

app_name = "offboarding"
urlpatterns = [
    path("clients/<slug:slug>/report/", report.report, name="report"),
    path("clients/<slug:slug>/projects/<int:pk>/done/", done.done, name="done"),
]
