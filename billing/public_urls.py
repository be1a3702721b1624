from django.urls import path

from billing.views import public

app_name = "public"
urlpatterns = [path("i/<str:token>/", public.invoice, name="invoice")]
