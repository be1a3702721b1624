from django.urls import path

from billing.views import (
    choices,
    credits,
    drafts,
    exports,
    holds,
    interest,
    invoices,
    ladder_editor,
    ladders,
    lists,
)

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
    path("invoices/export.csv", exports.invoices_csv, name="export"),
    path("invoices/credit/<int:pk>/", credits.credit, name="credit"),
    path("invoices/void/<int:pk>/", credits.void, name="void"),
    path("credit-notes/<int:pk>/", credits.credit_note, name="credit_note"),
    path("settings/invoicing/", credits.invoicing, name="invoicing"),
    path("settings/invoicing/series/new/", credits.series, name="series_new"),
    path("settings/invoicing/series/<int:pk>/", credits.series, name="series"),
    path("invoices/hold/<int:pk>/", holds.hold, name="hold"),
    path("invoices/hold/<int:pk>/lift/", holds.lift, name="lift"),
    path("invoices/plan/<int:pk>/", holds.plan, name="plan"),
    path("invoices/plan/<int:pk>/end/", holds.end_plan, name="end_plan"),
    path("invoices/write-off/<int:pk>/", holds.write_off, name="write_off"),
    path("invoices/end/<int:pk>/", holds.end, name="end"),
    path("invoices/send/<int:pk>/", holds.send, name="send"),
    path("settings/money/", choices.money_choices, name="money_settings"),
    path("settings/money/books/", choices.books_checked, name="books_checked"),
    path("settings/ladder/", ladder_editor.workspace_ladder, name="ladder"),
    path("settings/ladder/client/<slug:slug>/", ladder_editor.client_ladder, name="client_ladder"),
    path("settings/ladder/invoice/<int:pk>/", ladder_editor.invoice_ladder, name="invoice_ladder"),
    path("invoices/<path:number>/interest/", interest.interest, name="interest"),
    # Last, because a number may hold slashes (31/1/1).
    path("invoices/<path:number>/", invoices.invoice, name="invoice"),
]
