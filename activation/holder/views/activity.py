"""The holder's history: sign-ins and other uses of a key, and failed tries.

The holder sees it on a page and can download it, for as long as it is kept. It has the
kind of device and of browser, but not the network address, because that could reveal
where the person was.
"""

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
    """Show the newest entries, at most 100; the file has all."""
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
    """Download all entries as CSV.

    It has semicolons and a byte order mark, as a Belgian spreadsheet program expects.
    """
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="activity.csv"'},
    )
    lines = csv.writer(response, delimiter=";")
    lines.writerow(
        [
            _("time"),
            _("what for"),
            _("result"),
            _("name of the key"),
            _("kind of key"),
            _("device"),
            _("browser"),
            _("new device"),
        ]
    )
    lines.writerows(_cells(row) for row in _rows(holder).iterator())
    return response


def _cells(row: SignInActivity) -> list[str]:
    return [
        timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
        row.get_what_for_display(),
        row.get_result_display(),
        as_cell(row.key.name if row.key else ""),
        row.get_kind_display(),
        row.device,
        row.browser,
        _("yes") if row.is_new_device else _("no"),
    ]
