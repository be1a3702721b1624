"""What a client opens without a login; joined with the others as `public:` in clientdesk.urls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
