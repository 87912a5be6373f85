"""Views that save, open and delete drafts."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from counter.dossiers import drafts
from counter.dossiers.pages import resume
from counter.models import Clerk, Draft
from counter.staff.access import for_clerks
from counter.web.see_other import SeeOther


@require_POST
@sensitive_post_parameters()
@for_clerks
def save_draft(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Save the recording form as typed so far. A script on the page sends it."""
    draft = drafts.save(clerk=clerk, typed=request.POST, at=timezone.now())
    where = (
        {"Content-Location": reverse("counter_dossiers:resume_draft", args=[draft.pk])}
        if draft
        else {}
    )
    return HttpResponse(status=204, headers=where)


@require_safe
@for_clerks
def resume_draft(request: HttpRequest, clerk: Clerk, draft: uuid.UUID) -> HttpResponse:
    """Open the form of a draft, or the dossier when it was saved as one meanwhile.

    Raises Http404 when there is neither.
    """
    at = timezone.now()
    if kept := Draft.objects.visible_to(clerk).kept(at).filter(pk=draft).first():
        return resume(request, clerk, kept)
    if saved := drafts.saved_as(draft, clerk=clerk, at=at):
        messages.info(request, _("This form was saved. Here is its dossier."))
        return SeeOther("counter_dossiers:dossier", saved.pk)
    raise Http404


@require_POST
@for_clerks
def drop_draft(request: HttpRequest, clerk: Clerk, draft: uuid.UUID) -> HttpResponse:
    """Delete a draft that the clerk does not want any more."""
    del request
    kept = Draft.objects.visible_to(clerk).kept(timezone.now())
    get_object_or_404(kept, pk=draft).delete()
    return SeeOther("counter_desk:desk")
