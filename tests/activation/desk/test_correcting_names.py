"""A correction must not turn one person into another: who agrees to another name."""

from django.test import Client
from django.utils import timezone

from counter.models import Clerk, Dossier, DossierCorrection, KinshipAnswer
from tests import cast
from tests.activation.corrections import details, url
from tests.litany import signed_in


def test_a_wholly_other_name_on_a_code_needs_a_supervisor(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """Otherwise a correction could give a paid code to somebody else."""
    code, _ = cast.make_code(dossier, els)
    form = details(code, last_name="Vermeulen", first_names="Aziz")
    answer = els_client.post(url(dossier), form)
    assert answer.status_code == 422
    assert "supervisor_name" in answer.content.decode()
    [doubt] = answer.context["form"].doubts
    form |= {"confirmed": doubt.stamp}
    assert els_client.post(url(dossier), form).status_code == 422
    dossier.refresh_from_db()
    assert dossier.name == "Peter Janssens"
    form |= {"supervisor_name": "sofie", "supervisor_password": cast.PASSWORD}
    assert els_client.post(url(dossier), form).status_code == 303
    dossier.refresh_from_db()
    assert dossier.name == "Aziz Vermeulen"
    assert DossierCorrection.objects.get().supervisor == sofie


def test_nobody_is_recorded_rightly_and_renamed_afterwards(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """A correction cannot give another name to a known number without a supervisor."""
    now = timezone.now()
    Dossier.objects.update(state="activated", activated_at=now, code_issued_at=now)
    again = cast.make_dossier(dossier.applicant, els)
    form = details(last_name="Vermeulen", first_names="Aziz")
    answer = els_client.post(url(again), form)
    assert answer.status_code == 422
    assert "supervisor_name" in answer.content.decode()
    again.refresh_from_db()
    assert again.last_name == "Janssens"


def test_a_supervisor_agrees_to_no_name_of_her_own_family(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(first_name="Sofie", last_name="Vermeulen")
    code, _ = cast.make_code(dossier, els)
    form = details(code, last_name="Vermeulen", first_names="Aziz")
    [doubt] = els_client.post(url(dossier), form).context["form"].doubts
    form |= {"confirmed": doubt.stamp, "supervisor_name": "sofie"}
    form |= {"supervisor_password": cast.PASSWORD}
    answer = els_client.post(url(dossier), form)
    assert answer.status_code == 422
    assert "family name" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.name == "Peter Janssens"


def test_a_visit_that_led_to_nothing_yet_takes_any_name(
    dossier: Dossier, els_client: Client
) -> None:
    """The number is known from this visit only, so no earlier name has to be kept."""
    form = details(last_name="Vermeulen", first_names="Aziz")
    assert els_client.post(url(dossier), form).status_code == 303
    dossier.applicant.refresh_from_db()
    assert dossier.applicant.name == "Aziz Vermeulen"


def test_the_name_of_the_clerk_is_not_typed_into_somebody_elses_dossier(
    dossier: Dossier, els: Clerk
) -> None:
    Clerk.objects.filter(pk=els.pk).update(first_name="Els", last_name="Claes")
    els.refresh_from_db()
    client = signed_in(els)
    form = details(last_name="Claes")
    assert client.post(url(dossier), form).status_code == 422
    answered = form | {"asks_family": "1", "is_family": "no"}
    assert client.post(url(dossier), answered).status_code == 303
    assert KinshipAnswer.objects.count() == 1
    own = details(last_name="Claes", first_names="Els Maria")
    answer = client.post(url(dossier), own)
    assert answer.status_code == 422
    assert "your own names" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.name == "Peter Claes"
