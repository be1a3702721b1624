from django.urls import path

from billing.views import papers, public

urlpatterns = [
    path("i/<str:token>/", public.invoice, name="invoice"),
    path("i/<str:token>/pdf/", papers.public_pdf, name="invoice_pdf"),
]
