from django.urls import include, path

from billing import public_urls as of_invoices
from clientdesk.desk import public_urls as of_days
from feedback import public_urls as of_answers
from offboarding import public_urls as of_endings

PUBLIC = [
    *of_invoices.urlpatterns,
    *of_answers.urlpatterns,
    *of_endings.urlpatterns,
    *of_days.urlpatterns,
]

urlpatterns = [
    path("", include("clientdesk.workspaces.urls")),
    path("", include((PUBLIC, "public"))),
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
