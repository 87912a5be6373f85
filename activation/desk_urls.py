from django.urls import path

from activation.views import desk

app_name = "activation_desk"

urlpatterns = [
    path("<uuid:pk>/pay/", desk.pay_and_issue, name="pay_and_issue"),
    path("<uuid:pk>/slip.pdf", desk.slip, name="slip"),
]
