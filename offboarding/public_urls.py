"""What a client opens without a login; joined with the others as `public:` in clientdesk.urls."""

from django.urls import path

from offboarding.views import public_handover, public_report

urlpatterns = [
    path("h/<str:token>/", public_handover.handover, name="handover"),
    path("h/<str:token>/report/", public_handover.report, name="handover_report"),
    path("r/<str:token>/", public_report.report, name="report"),
    path("r/<str:token>/report.pdf", public_report.report_file, name="report_file"),
]
