from django.urls import path

from offboarding.views import done, dossier, ending, handover, report, worth

app_name = "offboarding"
urlpatterns = [
    path("clients/<slug:slug>/report/", report.report, name="report"),
    path("clients/<slug:slug>/report/<int:pk>/send/", report.send, name="report_send"),
    path("clients/<slug:slug>/projects/<int:pk>/done/", done.done, name="done"),
    path("clients/<slug:slug>/dossier/", dossier.dossier, name="dossier"),
    path("worth/", worth.compare, name="compare"),
    path("clients/<slug:slug>/worth/", worth.worth, name="worth"),
    path("clients/<slug:slug>/end/", ending.end, name="end"),
    path("clients/<slug:slug>/end/reason/", ending.reason, name="end_reason"),
    path("clients/<slug:slug>/end/pass/<slug:task>/", ending.override, name="end_override"),
    path("clients/<slug:slug>/end/evidence/", ending.evidence, name="end_evidence"),
    path("clients/<slug:slug>/end/handover/", handover.handover, name="end_handover"),
    path(
        "clients/<slug:slug>/end/handover/send/", handover.send_handover, name="end_send_handover"
    ),
    path("clients/<slug:slug>/end/message/", handover.message, name="end_message"),
    path("clients/<slug:slug>/end/message/send/", handover.send_message, name="end_send"),
    path("clients/<slug:slug>/end/archive/", ending.close, name="end_archive"),
    path("clients/<slug:slug>/archive/", ending.archive, name="archive"),
    path("clients/<slug:slug>/end/call-off/", ending.call_off, name="end_call_off"),
]
