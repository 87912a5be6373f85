"""The key holder's own page, below `/<lang>/keys/`."""

from django.urls import path, register_converter

from activation.enums import KeyKind
from activation.holder.views import (
    account,
    activity,
    adding,
    mailed,
    overview,
    paper,
    proving,
    recovering,
    replacing,
    signing_in,
)
from activation.one_time import key_kinds

app_name = "activation_holder"


class MessageKind:
    """A kind of key whose digits are sent."""

    regex = "|".join(kind.value for kind in key_kinds.SENT)

    def to_python(self, value: str) -> KeyKind:
        return KeyKind(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(MessageKind, "message_kind")

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/key/", signing_in.show_key, name="show_key"),
    path("sign-in/key/send/", signing_in.send_digits, name="send_digits"),
    path("sign-in/code/", paper.sign_in_with_code, name="sign_in_with_code"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path(
        "sign-out/everywhere/",
        signing_in.sign_out_everywhere,
        name="sign_out_everywhere",
    ),
    path("forgotten/", recovering.forgotten, name="forgotten"),
    path("forgotten/code/", recovering.recovery_code, name="recovery_code"),
    path("forgotten/key/", recovering.recovery_key, name="recovery_key"),
    path("forgotten/key/send/", recovering.recovery_send, name="recovery_send"),
    path("forgotten/paper/", paper.recover_with_code, name="recover_with_code"),
    path("forgotten/password/", recovering.new_password, name="new_password"),
    path("forgotten/mail/", mailed.way_in, name="way_in"),
    path("forgotten/mail/<anything:presented>", mailed.open_mail, name="open_mail"),
    path("no-key/", recovering.no_key, name="no_key"),
    path("show/<path:to>", proving.prove, name="prove"),
    path("send/<path:to>", proving.prove_send, name="prove_send"),
    path("paper/<path:to>", paper.prove_with_code, name="prove_with_code"),
    path("add/", adding.add_key, name="add_key"),
    path("add/confirm/", adding.confirm_new_key, name="confirm_new_key"),
    path("add/confirm/again/", adding.new_key_again, name="new_key_again"),
    path("add/<uuid:pk>/qr.svg", adding.new_key_qr, name="new_key_qr"),
    path("add/<message_kind:kind>/", adding.add_destination, name="add_destination"),
    path("password/", account.change_password, name="change_password"),
    path("email/", account.change_email, name="change_email"),
    path("email/confirm/", account.confirm_email, name="confirm_email"),
    path("recovery-codes/", paper.codes, name="codes"),
    path("recovery-codes/file/", paper.codes_file, name="codes_file"),
    path("language/", account.change_language, name="change_language"),
    path("activity/", activity.activity, name="activity"),
    path("activity.csv", activity.activity_csv, name="activity_csv"),
    path("<uuid:pk>/name/", overview.rename_key, name="rename_key"),
    path("<uuid:pk>/replace/", replacing.replace_key, name="replace_key"),
    path("<uuid:pk>/revoke/", overview.revoke_key, name="revoke_key"),
    path("<uuid:pk>/revoke/send/", overview.revoke_send, name="revoke_send"),
    path("<uuid:pk>/revoke/paper/", paper.revoke_with_code, name="revoke_with_code"),
]
