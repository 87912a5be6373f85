"""Recording, drafts, and one dossier."""

from django.urls import path

from counter.dossiers.views import dossiers, drafts, recording, scanning

app_name = "counter_dossiers"

urlpatterns = [
    path("number-reading/", recording.number_reading, name="number_reading"),
    path("dossiers/new/", recording.record_applicant, name="record_applicant"),
    path("dossiers/new/scan/", scanning.scan_into_visit, name="scan_into_visit"),
    path("drafts/", drafts.save_draft, name="save_draft"),
    path("drafts/<uuid:draft>/", drafts.resume_draft, name="resume_draft"),
    path("drafts/<uuid:draft>/drop/", drafts.drop_draft, name="drop_draft"),
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/number/", dossiers.reveal_number, name="reveal_number"),
    path("dossiers/<uuid:pk>/cancel/", dossiers.cancel_dossier, name="cancel_dossier"),
]
