"""Views for choosing a password by a mailed link, and for asking for such a link."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from counter.city_sign_on import linking, provider
from counter.models import PasswordLink
from counter.sign_in import tries
from counter.sign_in.pages import answer_to
from counter.sign_in.tries import StaffWaitError
from counter.staff import password_links
from counter.staff.new_password_form import NewPasswordForm
from counter.staff.password_links import LinkEndedError
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther


class ForgottenForm(forms.Form):
    helper = layout(Row("user_name"))

    user_name = forms.CharField(
        label=gettext_lazy("Your user name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Send a link by mail; the response is the same for a name without an account."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name = form.cleaned_data["user_name"]
        counts = tries.asking_for_a_link(request, name)
        try:
            password_links.ask_own_reset(
                user_name=name, counts=counts, at=timezone.now()
            )
        except StaffWaitError as error:
            form.add_error(None, error)
    if not form.is_valid():
        return answer_to(
            form, request, "counter/staff/forgot_password.html", {"form": form}
        )
    messages.success(
        request,
        _(
            "If this account has an e-mail address, a mail is on its way. Its link "
            "works for an hour. No mail? Ask your supervisor."
        ),
    )
    return SeeOther("counter_sign_in:sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form of a link; only sending a valid form uses the link up."""
    now = timezone.now()
    link = password_links.find(token)
    if link is None or link.clerk is None or not password_links.is_good(link, at=now):
        return _ended(request, link)
    data = request.POST if request.method == "POST" else None
    form = NewPasswordForm(data, clerk=link.clerk)
    if not form.is_valid():
        is_for_city = linking.is_for_city(link, at=now)
        if is_for_city:  # the city's button comes first and has the focus
            form.fields["new_password1"].widget.attrs.pop("autofocus", None)
        context = {
            "form": form,
            "clerk": link.clerk,
            "city": provider.name() if is_for_city else "",
            "address": reverse(
                "counter_city_sign_on:accept_invitation",
                args=[password_links.token_of(link)],
            ),
        }
        status = 422 if form.errors else 200
        return render(
            request, "counter/staff/choose_password.html", context, status=status
        )
    try:
        password_links.choose_password(
            link_id=link.pk, password=form.cleaned_data["new_password1"], at=now
        )
    except LinkEndedError:  # it ended a moment ago: look up why
        return _ended(request, password_links.find(token))
    if request.user == link.clerk:
        logout(request)  # or the page would say that somebody signed in
    messages.success(request, _("Your password is set. Sign in with it."))
    return SeeOther("counter_sign_in:sign_in")


def _ended(request: HttpRequest, link: PasswordLink | None) -> HttpResponse:
    """Show why the link does not work, and offer a new one when that would help."""
    is_off = link is not None and (link.clerk is None or not link.clerk.is_active)
    context = {
        "why": password_links.why_ended(link),
        "can_ask": not is_off and not (link and link.is_invitation),
        "was_used": link is not None and link.used_at is not None,
    }
    page = "counter/staff/password_link_ended.html"
    return render(request, page, context, status=410)
