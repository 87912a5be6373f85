from django.urls import path

from counter.views import desk, dossiers, recording, sessions

app_name = "counter"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("sign-in/", sessions.sign_in, name="sign_in"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("language/", sessions.switch_language, name="switch_language"),
    path("search/", desk.find_dossier, name="find_dossier"),
    path("number-reading/", recording.number_reading, name="number_reading"),
    path("dossiers/new/", recording.record_applicant, name="record_applicant"),
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/mail/", dossiers.mail_state, name="mail_state"),
    path("dossiers/<uuid:pk>/number/", dossiers.reveal_number, name="reveal_number"),
    path("dossiers/<uuid:pk>/cancel/", dossiers.cancel_dossier, name="cancel_dossier"),
]
