from django.urls import URLPattern

app_name = "activation"

urlpatterns: list[URLPattern] = []
