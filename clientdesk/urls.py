from django.urls import include, path

urlpatterns = [
    path("", include("clientdesk.workspaces.urls")),
    path("", include("billing.public_urls")),
    path("accounts/", include("allauth.account.urls")),
    path(
        "w/<slug:workspace>/",
        include(
            [
                path("", include("clientdesk.desk.urls")),
                path("", include("clients.urls")),
                path("", include("feedback.urls")),
                path("", include("billing.urls")),
                path("", include("offboarding.urls")),
                path("", include("clientdesk.documents.urls")),
            ]
        ),
    ),
]
