from django.urls import path

from counter.views import (
    desk,
    dossiers,
    drafts,
    email_reading,
    finding,
    recording,
    second_factor,
    sessions,
    turning_away,
)

app_name = "counter"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("sign-in/", sessions.sign_in, name="sign_in"),
    path("sign-in/code/", second_factor.second_factor, name="second_factor"),
    path("sign-in/app/", second_factor.set_up_app, name="set_up_app"),
    path("sign-in/app/qr.svg", second_factor.app_qr_code, name="app_qr_code"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("lock/", sessions.lock, name="lock"),
    path("unlock/", sessions.unlock, name="unlock"),
    path("at-work/", sessions.at_work, name="at_work"),
    path("language/", sessions.switch_language, name="switch_language"),
    path("search/", finding.find_dossier, name="find_dossier"),
    path("number-reading/", recording.number_reading, name="number_reading"),
    path("email-reading/", email_reading.email_reading, name="email_reading"),
    path("free-route/", turning_away.redirect_person, name="redirect_person"),
    path("refuse/", turning_away.refuse_person, name="refuse_person"),
    path(
        "turned-away/<uuid:submission>/",
        turning_away.turned_away,
        name="turned_away",
    ),
    path("dossiers/new/", recording.record_applicant, name="record_applicant"),
    path("drafts/", drafts.save_draft, name="save_draft"),
    path("drafts/<uuid:draft>/", drafts.resume_draft, name="resume_draft"),
    path("drafts/<uuid:draft>/drop/", drafts.drop_draft, name="drop_draft"),
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/mail/", dossiers.mail_state, name="mail_state"),
    path("dossiers/<uuid:pk>/number/", dossiers.reveal_number, name="reveal_number"),
    path("dossiers/<uuid:pk>/cancel/", dossiers.cancel_dossier, name="cancel_dossier"),
]
