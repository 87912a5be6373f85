"""Acts on an account that have a page of their own, which asks for confirmation."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from counter.city_sign_on import linking
from counter.exceptions import CounterError
from counter.models import Clerk
from counter.roles import matrix
from counter.roles.kinds import Act
from counter.roles.role_rights import END_SESSION, INVITE, RESET_APP
from counter.sign_in import screen_lock, sign_in_app, single_session
from counter.staff import invitations, password_links
from counter.staff.invitations import AccountStatus
from counter.staff.reset_app_form import ResetAppForm
from counter.supervision.house_admin import HouseAdmin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ClerkActs(HouseAdmin):
    """Invite again, withdraw, send a link, reset the app, end the session, unlink.

    Each act asks for the password after a pause. Nobody may do one to the own account.
    """

    def act_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<id>/{page.replace('_', '-')}/",
                self.admin_site.admin_view(getattr(self, page)),
                name=f"counter_clerk_{page}",
            )
            for page in (
                "reset_app",
                "send_password_link",
                "withdraw_invitation",
                "end_session",
                "unlink_city",
            )
        ]

    def offered(self, request: HttpRequest, clerk: Clerk | None) -> dict[str, bool]:
        """For each act, by its name in the template, whether the page offers it."""
        if clerk is None:
            return {}
        status = invitations.account_status(clerk)
        is_invited = status in (AccountStatus.INVITED, AccountStatus.WITHDRAWN)
        is_at_work = single_session.since(clerk, at=timezone.now()) is not None
        may = {act: self._may(request, clerk, act) for act in _ACTS}
        return {
            "can_send_link": may[INVITE] and (clerk.is_active or is_invited),
            "can_reset_app": may[RESET_APP] and sign_in_app.is_set_up(clerk),
            "can_end": may[END_SESSION] and is_at_work,
            "is_invited": is_invited,
            "can_unlink": may[INVITE] and linking.is_linked(clerk),
            "can_undo": may[INVITE] and status == AccountStatus.INVITED,
        }

    @method_decorator(sensitive_post_parameters())
    def reset_app(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """Remove the app for signing in, as after the loss of a phone.

        A second supervisor has to agree (counter.sign_in.sign_in_app).
        """
        clerk, by = self._helped(request, id, RESET_APP)
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        posted = request.POST if request.method == "POST" else None
        form = ResetAppForm(posted, clerk=clerk, by=by)
        if request.method == "POST" and not sign_in_app.is_set_up(clerk):
            nothing = _("%(clerk)s has no app set up.") % {"clerk": clerk}
            return self._done(request, clerk, nothing)
        if not form.is_valid():
            title = _("Reset the app for signing in")
            return self._ask(request, clerk, "reset_app", title, form=form)
        sentence = _("%(clerk)s sets up an app at the next sign-in.")

        def reset(at: datetime) -> None:
            sign_in_app.reset(clerk=clerk, by=by, agreed=form.supervisor, at=at)

        return self._do(request, clerk, reset, sentence)

    def send_password_link(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """Mail a link for a new password; or the invitation, if it is not accepted."""
        clerk, by = self._helped(request, id, INVITE)
        is_invited = not clerk.is_accepted
        if not clerk.is_active and not is_invited:
            raise PermissionDenied
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if request.method != "POST":
            title = _("Send a link for a new password")
            if is_invited:
                title = _("Send the invitation again")
            return self._ask(
                request, clerk, "send_password_link", title, is_invited=is_invited
            )
        sentence = _("A link was sent to %(clerk)s, who chooses the password.")
        send = invitations.send_again if is_invited else password_links.ask_reset
        return self._do(
            request, clerk, lambda at: send(clerk=clerk, by=by, at=at), sentence
        )

    def withdraw_invitation(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """Withdraw the invitation: its link stops working, and the account is off."""
        clerk, by = self._helped(request, id, INVITE)
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if request.method != "POST":
            title = _("Withdraw the invitation")
            return self._ask(request, clerk, "withdraw_invitation", title)
        sentence = _("The invitation of %(clerk)s is withdrawn.")
        return self._do(
            request,
            clerk,
            lambda at: invitations.withdraw(clerk=clerk, by=by, at=at),
            sentence,
        )

    def end_session(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """End the account's session; its next request is answered as signed out."""
        clerk, by = self._helped(request, id, END_SESSION)
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if request.method != "POST":
            title = _("End the session")
            return self._ask(request, clerk, "end_session", title)
        sentence = _("The session of %(clerk)s is over.")
        return self._do(
            request,
            clerk,
            lambda _at: single_session.end_for(clerk=clerk, by=by),
            sentence,
        )

    def unlink_city(self, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        """Break the account's link with an identity of the city's sign-on."""
        clerk, by = self._helped(request, id, INVITE)
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if request.method != "POST":
            title = _("Break the link with the city's sign-on")
            return self._ask(request, clerk, "unlink_city", title)
        sentence = _("%(clerk)s is no longer linked with the city's sign-on.")
        return self._do(
            request,
            clerk,
            lambda at: linking.unlink(clerk=clerk, by=by, at=at),
            sentence,
        )

    def _helped(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002
        act: Act,
    ) -> tuple[Clerk, Clerk]:
        """The account and the colleague who asks.

        Raises Http404, and PermissionDenied when the role may not do the act or the
        account is the asker's own.
        """
        clerk, by = self.get_object(request, unquote(id)), request.user
        if clerk is None:
            raise Http404
        if not isinstance(by, Clerk) or not self._may(request, clerk, act):
            raise PermissionDenied
        return clerk, by

    def _may(self, request: HttpRequest, clerk: Clerk, act: Act) -> bool:
        is_own = clerk == request.user
        may = not is_own and matrix.may(request.user, act)
        return may and self.has_change_permission(request, clerk)

    def _ask(
        self,
        request: HttpRequest,
        clerk: Clerk,
        page: str,
        title: "StrOrPromise",
        **extra: Any,
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "clerk": clerk,
            **extra,
        }
        template = f"admin/counter/clerk/{page}.html"
        is_wrong = bool(extra.get("form") and extra["form"].errors)
        return render(request, template, context, status=422 if is_wrong else 200)

    def _do(
        self,
        request: HttpRequest,
        clerk: Clerk,
        act: Callable[[datetime], object],
        sentence: "StrOrPromise",
    ) -> HttpResponse:
        try:
            act(timezone.now())
        except CounterError as error:
            return self._done(request, clerk, str(error), level=messages.ERROR)
        return self._done(request, clerk, str(sentence) % {"clerk": clerk})

    def _done(
        self,
        request: HttpRequest,
        clerk: Clerk,
        sentence: "StrOrPromise",
        level: int = messages.INFO,
    ) -> HttpResponse:
        self.message_user(request, sentence, level=level)
        page = reverse("admin:counter_clerk_change", args=[clerk.pk])
        return HttpResponseRedirect(page)


_ACTS = (INVITE, RESET_APP, END_SESSION)
