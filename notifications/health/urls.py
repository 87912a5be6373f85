from django.urls import path

from notifications.health import views

app_name = "notifications_health"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.show_metrics, name="show_metrics"),
]
