from django.urls import URLPattern

app_name = "offboarding"
urlpatterns: list[URLPattern] = []
