"""The view in which a clerk chooses a desk, after signing in or from the top bar."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from counter.models import Clerk, Desk
from counter.sign_in.pages import wanted_page
from counter.staff import desks
from counter.staff.access import for_clerks
from counter.web.see_other import SeeOther

_NONE = "none"


class DeskForm(forms.Form):
    """A choice of one of the office's active desks, or of none."""

    desk = forms.TypedChoiceField(
        error_messages={
            "required": _("Choose where you work today."),
            "invalid_choice": _("This desk is not in use. Choose another."),
        }
    )

    def __init__(self, *args: object, choices: list[Desk]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.desks = {str(desk.pk): desk for desk in choices}
        field = self.fields["desk"]
        field.choices = [(key, key) for key in (*self.desks, _NONE)]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Desk | None:
        return self.desks.get(self.cleaned_data["desk"])


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def choose_desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Choose a desk, also by a number key; the Enter key takes the preset desk."""
    choices, now = desks.in_use(clerk), timezone.now()
    form = DeskForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        desks.sit_at(clerk=clerk, desk=form.chosen, at=now)
        desks.tell_who_else(request, clerk)
        answer = SeeOther(wanted_page(request))
        if form.chosen is not None:
            desks.remember(answer, form.chosen)
        return answer
    context = {
        "form": form,
        "rows": [
            (desk, desks.colleagues_at(desk, clerk=clerk, at=now)) for desk in choices
        ],
        "preset": clerk.sign_in.desk or desks.remembered(request, choices),
        "next": wanted_page(request),
    }
    status = 422 if form.errors else 200
    return render(request, "counter/staff/choose_desk.html", context, status=status)
