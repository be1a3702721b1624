"""What a client opens without a login; joined with the others as `public:` in clientdesk.urls."""

from django.urls import path

from offboarding.views import public_handover

urlpatterns = [
    path("h/<str:token>/", public_handover.handover, name="handover"),
    path("h/<str:token>/report/", public_handover.report, name="handover_report"),
]
