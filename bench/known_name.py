"""15. How much longer a wrong password takes under a known user name of a holder."""

from statistics import median
from time import perf_counter

from django.urls import reverse

from activation.models import AddressCount, KeyHolder, SignInCount
from bench.attempt import post
from bench.measure import Figure, at_most
from bench.people import Visitors, make_clerk

PAIRS = 400
SPREAD = 20  # twice the square root of a quarter of the pairs
#: As long as each other, because the name stands in the page again.
KNOWN, UNKNOWN = "peter.janssens", "marie.janssens"
REFUSED = 422


def measure() -> list[Figure]:
    dossier = Visitors(make_clerk()).recorded(1)[0]
    holder = KeyHolder(
        applicant=dossier.applicant, user_name=KNOWN, created_at=dossier.recorded_at
    )
    holder.set_password("een lang wachtwoord van een houder")
    holder.save()
    for name in (KNOWN, UNKNOWN):
        _seconds(name)
    longer: list[float] = []
    taken: list[float] = []
    for number in range(PAIRS):
        # Each is first as often as the other.
        names = (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN)
        both = {name: _seconds(name) for name in names}
        longer.append(both[KNOWN] - both[UNKNOWN])
        taken += both.values()
    longer.sort()
    middle = median(longer) * 1000
    # The median lies between these two with a probability of 95 %.
    low, high = longer[PAIRS // 2 - SPREAD] * 1000, longer[PAIRS // 2 + SPREAD] * 1000
    return [
        Figure(
            15,
            "a known name at the holders' sign-in, longer than an unknown one",
            max(low, -high, 0),
            at_most(0.2, " ms"),
            ours=f"{middle:+.2f} ms ({low:+.2f} to {high:+.2f}) in {PAIRS} pairs",
            limit=f"the sign-in itself: {median(taken) * 1000:.1f} ms",
            values={"longer": longer},
        )
    ]


def _seconds(name: str) -> float:
    """One sign-in, before anybody has to wait."""
    SignInCount.objects.all().delete()
    AddressCount.objects.all().delete()
    form = {"user_name": name, "password": "verkeerd en lang genoeg"}
    start = perf_counter()
    post(reverse("activation_holder:sign_in"), form, expected=REFUSED)
    return perf_counter() - start
