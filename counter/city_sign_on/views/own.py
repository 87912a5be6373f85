"""The page on which a clerk links the own account with the city's sign-on."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from counter.city_sign_on import asking, linking, provider, way
from counter.city_sign_on.asking import Purpose
from counter.city_sign_on.refusals import CityRefusedError
from counter.models import Clerk
from counter.passkeys import keeping, proof
from counter.staff.access import for_staff
from counter.web.see_other import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def link(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Ask for password and digits, then lead to the city's sign-on to link the account.

    The proof is the same as for adding a passkey. Without it, somebody at an unattended
    screen could get access to the account for ever.
    """
    city, now = provider.find(), timezone.now()
    if city is None or linking.is_linked(clerk) or not keeping.are_offered():
        raise Http404
    if not proof.is_fresh(request, clerk, at=now):
        query = urlencode({"next": request.path})
        return SeeOther(f"{reverse('counter_passkeys:prove')}?{query}")
    if request.method != "POST":
        return render(request, "counter/city_sign_on/link.html", {"city": city.name})
    proof.drop(request)
    try:
        return way.lead_there(asking.begin(request, city, Purpose.LINK, at=now))
    except CityRefusedError as refusal:
        return way.refused(request, refusal, city)
