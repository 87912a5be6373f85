"""The pages on which a clerk sees the own second factors and changes passkeys."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from counter.city_sign_on import linking, provider
from counter.models import Clerk, SecondFactor
from counter.passkeys import ceremonies, challenges, keeping, proof
from counter.passkeys.challenges import Purpose
from counter.passkeys.forms import AddForm
from counter.sign_in.pages import answer_to
from counter.staff.access import for_staff
from counter.web.next_page import next_page
from counter.web.see_other import SeeOther

type _View[**P] = Callable[Concatenate[HttpRequest, Clerk, P], HttpResponse]


def where_offered[**P](view: _View[P]) -> _View[P]:
    """Wrap a view: raise Http404 when passkeys are not offered."""

    @wraps(view)
    def guarded(
        request: HttpRequest, clerk: Clerk, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not keeping.are_offered():
            raise Http404
        return view(request, clerk, *args, **kwargs)

    return guarded


def after_proof[**P](view: _View[P]) -> _View[P]:
    """As `where_offered`; without a fresh proof, redirect to the page for it."""

    @wraps(view)
    def guarded(
        request: HttpRequest, clerk: Clerk, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if proof.is_fresh(request, clerk, at=timezone.now()):
            return view(request, clerk, *args, **kwargs)
        # A script requests `question_to_add`, from the page `add`; go back to that.
        asked = request.path == reverse("counter_passkeys:question_to_add")
        wanted = reverse("counter_passkeys:add") if asked else request.path
        query = urlencode({"next": wanted})
        return SeeOther(f"{reverse('counter_passkeys:prove')}?{query}")

    return where_offered(guarded)


@require_safe
@for_staff
def overview(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    app = SecondFactor.objects.confirmed().filter(pk=clerk.pk).first()
    context = {
        "are_offered": keeping.are_offered(),
        "app": app,
        "passkeys": clerk.passkeys.all(),
        "city": provider.name(),
        "is_linked": linking.is_linked(clerk),
    }
    return render(request, "counter/passkeys/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_staff
@where_offered
def prove(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Ask for password and digits, then go on to the page that was wanted."""
    wanted = next_page(request) or reverse("counter_passkeys:overview")
    data = request.POST if request.method == "POST" else None
    form = proof.ProofForm(data, clerk=clerk)
    if form.is_valid():
        proof.note(request, clerk, at=timezone.now())
        return SeeOther(wanted)
    context: dict[str, object] = {"form": form, "next": wanted}
    return answer_to(form, request, "counter/passkeys/prove.html", context)


@require_POST
@for_staff
@after_proof
@sensitive_variables()
def question_to_add(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The options with which the browser has a passkey made, as JSON."""
    challenge = challenges.ask(request, clerk, Purpose.ADD, at=timezone.now())
    asked = ceremonies.question_to_add(clerk, challenge)
    return HttpResponse(asked, content_type="application/json")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("answer")
@for_staff
@after_proof
@sensitive_variables()
def add(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Add a passkey, with the name that its owner typed."""
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            keeping.add(
                request,
                clerk=clerk,
                name=data["name"],
                answer=data["answer"],
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("answer", error)
        else:
            proof.drop(request)
            messages.success(request, _("From now on you can sign in with it."))
            return SeeOther("counter_passkeys:overview")
    return answer_to(form, request, "counter/passkeys/add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
@after_proof
def remove(request: HttpRequest, clerk: Clerk, passkey: UUID) -> HttpResponse:
    """Ask for confirmation, then remove the passkey."""
    row = get_object_or_404(clerk.passkeys, pk=passkey)
    if request.method != "POST":
        context = {"passkey": row}
        return render(request, "counter/passkeys/remove.html", context)
    proof.drop(request)
    if keeping.remove(clerk=clerk, passkey=row.pk, at=timezone.now()):
        messages.success(request, _("The passkey was removed."))
    return SeeOther("counter_passkeys:overview")
