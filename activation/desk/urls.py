from django.urls import path

from activation.desk.views import (
    after_issue,
    correcting,
    issuing,
    revoking,
    settling,
    waiving,
)

app_name = "activation_desk"

urlpatterns = [
    path("<uuid:pk>/pay/", issuing.pay_and_issue, name="pay_and_issue"),
    path("<uuid:pk>/slip.pdf", issuing.slip, name="slip"),
    path("<uuid:pk>/mail-again/", after_issue.resend_link, name="resend_link"),
    path("<uuid:pk>/address/", after_issue.correct_email, name="correct_email"),
    path("<uuid:pk>/details/", correcting.correct_details, name="correct_details"),
    path(
        "<uuid:pk>/national-number/", correcting.correct_number, name="correct_number"
    ),
    path("<uuid:pk>/new-code/", after_issue.reissue_code, name="reissue_code"),
    path("<uuid:pk>/waive/", waiving.waive_and_issue, name="waive_and_issue"),
    path("<uuid:pk>/objection/", settling.settle_objection, name="settle_objection"),
    path("<uuid:pk>/revoke/", revoking.revoke_lost_key, name="revoke_lost_key"),
]
