from django.urls import URLPattern

app_name = "activation_desk"

urlpatterns: list[URLPattern] = []
