from django.urls import path, re_path

from clientdesk.desk.views import (
    activity,
    client,
    data,
    forecast,
    imports,
    letters,
    log,
    outbox,
    patterns,
    search,
    settings,
    today,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("log/", log.log, name="log"),
    path("search/", search.search, name="search"),
    path("activity/", activity.activity, name="activity"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/sending/", outbox.sending, name="sending"),
    path("outbox/<int:pk>/", outbox.message, name="message"),
    path("outbox/<int:pk>/take-back/", outbox.take_back, name="message_take_back"),
    path("outbox/<int:pk>/again/", outbox.send_again, name="message_again"),
    path("outbox/<int:pk>/arrived/", outbox.arrived, name="message_arrived"),
    path("settings/", settings.index, name="settings"),
    path("settings/workspace/", settings.profile, name="settings_profile"),
    path("settings/members/", settings.members, name="members"),
    path("settings/members/<int:pk>/", settings.member, name="member"),
    path("settings/invitations/<int:pk>/revoke/", settings.revoke, name="invitation_revoke"),
    path("settings/letters/", letters.letters, name="letters"),
    path("settings/letters/<slug:app>/<slug:which>/", letters.letter, name="letter"),
    path("settings/data/", data.data, name="data"),
    path("settings/import/", imports.upload, name="import"),
    path("settings/import/<str:token>/", imports.confirm, name="import_confirm"),
    path("settings/import/columns/<str:kind>.csv", imports.columns, name="import_columns"),
    # A client is never called "new": that page is the clients' own.
    re_path(r"^clients/(?!new/)(?P<slug>[-\w]+)/$", client.timeline, name="client"),
    path("clients/<slug:slug>/work/", client.work, name="client_work"),
    path("clients/<slug:slug>/invoices/", client.invoices, name="client_invoices"),
    path("clients/<slug:slug>/pattern/", client.pattern, name="client_pattern"),
    path(
        "clients/<slug:slug>/pattern/<slug:finding>/dismiss/",
        patterns.dismiss,
        name="pattern_dismiss",
    ),
    path(
        "clients/<slug:slug>/pattern/<slug:finding>/restore/",
        patterns.restore,
        name="pattern_restore",
    ),
    path("clients/<slug:slug>/files/", client.files, name="client_files"),
    path("clients/<slug:slug>/erase/", data.erase, name="client_erase"),
]
