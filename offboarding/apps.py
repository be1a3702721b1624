from django.apps import AppConfig


class OffboardingConfig(AppConfig):
    name = "offboarding"
    label = "offboarding"
    default_auto_field = "django.db.models.BigAutoField"
