from django.urls import path

from billing.views import drafts, holds, invoices, ladders, lists, papers

app_name = "billing"
urlpatterns = [
    path("invoices/", lists.invoice_list, name="list"),
    path("invoices/new/", drafts.new, name="new"),
    path("invoices/start/", ladders.start_ladder, name="start_ladder"),
    path("invoices/forecast/", ladders.forecast_page, name="forecast"),
    path("invoices/draft/<int:pk>/", drafts.draft, name="draft"),
    path("invoices/draft/<int:pk>/edit/", drafts.edit, name="edit"),
    path("invoices/draft/<int:pk>/discard/", drafts.discard, name="discard"),
    path("invoices/step/<int:pk>/send/", invoices.approve, name="approve"),
    path("invoices/step/<int:pk>/skip/", invoices.skip, name="skip"),
    path("invoices/hold/<int:pk>/", holds.hold, name="hold"),
    path("invoices/hold/<int:pk>/lift/", holds.lift, name="lift"),
    path("invoices/plan/<int:pk>/", holds.plan, name="plan"),
    path("invoices/plan/<int:pk>/end/", holds.end_plan, name="end_plan"),
    path("invoices/write-off/<int:pk>/", holds.write_off, name="write_off"),
    path("invoices/end/<int:pk>/", holds.end, name="end"),
    path("invoices/send/<int:pk>/", holds.send, name="send"),
    path("settings/ladder/", ladders.ladder_settings, name="ladder"),
    path("invoices/statement/<slug:slug>/", papers.statement, name="statement"),
    path("invoices/credit-note/<path:number>/pdf/", papers.credit_pdf, name="credit_pdf"),
    path("invoices/<path:number>/pdf/", papers.invoice_pdf, name="invoice_pdf"),
    # Last, because a number may hold slashes (31/1/1).
    path("invoices/<path:number>/", invoices.invoice, name="invoice"),
]
