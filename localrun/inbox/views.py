"""The demo inbox: what the embedded run sent, shown in the browser.

Included in the addresses only where `settings.DEMO_INBOX` is set, which production
never does; the views check it once more.
"""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from counter.staff.access import is_part
from counter.web.frames import with_frames
from localrun.inbox import messages

# A mail's HTML is shown in a frame with this policy: mails have inline styles, and
# their content must run no script, load nothing and submit nothing.
MAIL_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """The list of messages. Every few seconds the page asks for new ones, and says in
    `shown` which one is its newest.
    """
    newest = messages.newest(_directory())
    newest_name = newest[0].name if newest else ""
    if is_part(request) and request.GET.get("shown") == newest_name:
        return HttpResponse(status=204)  # Nothing new: htmx leaves the page alone.
    template = "_messages" if is_part(request) else "inbox"
    context = {"messages_found": newest, "shown": newest_name}
    return render(request, f"local/{template}.html", context)


@require_safe
@never_cache
@with_frames
def message(request: HttpRequest, name: str) -> HttpResponse:
    """One message: its text with links to follow, and the HTML part of a mail."""
    return render(request, "local/message.html", {"message": _find(name)})


@require_safe
@never_cache
@csp_override(MAIL_POLICY)
@xframe_options_sameorigin
def message_html(_request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame; its links open in a new tab."""
    message = _find(name)
    if not message.html:
        raise Http404
    return HttpResponse(f'<base target="_blank">{message.html}')


def _directory() -> Path:
    directory = settings.DEMO_INBOX
    if directory is None:
        raise Http404
    return Path(directory)


def _find(name: str) -> messages.Message:
    message = messages.find(_directory(), name)
    if message is None:
        raise Http404
    return message
