"""Who tried to sign in, for as long as that is kept: on the page and as a file."""

import csv

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activation.holder.sessions import session
from activation.models import KeyHolder, SignInActivity
from activation.querysets import HolderEventQuerySet
from activation.web import pages
from counter.offices.plain_text import as_cell
from counter.retention import periods

_SHOWN = 100


def _rows(holder: KeyHolder) -> HolderEventQuerySet[SignInActivity]:
    rows = SignInActivity.objects.kept(timezone.now()).filter(holder=holder)
    return rows.select_related("key").order_by("-at")


@require_safe
@session.for_holder
def activity(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """The newest first; all of them are in the file."""
    rows = list(_rows(holder)[: _SHOWN + 1])
    return pages.show(
        request,
        "activation/holder/activity.html",
        {
            "rows": rows[:_SHOWN],
            "is_cut": len(rows) > _SHOWN,
            "period": periods.words("sign_in"),
            "office": holder.dossier.office,
        },
    )


@require_safe
@session.for_holder
def activity_csv(_request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Semicolons and a byte order mark: a Belgian spreadsheet opens it as it is."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="activity.csv"'},
    )
    lines = csv.writer(response, delimiter=";")
    lines.writerow([_("time"), _("key"), _("device"), _("browser"), _("result")])
    for row in _rows(holder).iterator():
        key = row.key.name if row.key else ""
        lines.writerow(
            [
                timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
                as_cell(key) or row.get_kind_display(),
                row.device,
                row.browser,
                row.get_result_display(),
            ]
        )
    return response
