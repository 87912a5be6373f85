"""What finance (karel), an auditor (nadia) and an administrator (tom) may open in their
own office; tests/test_access.py reads this table.

A page that is not listed here is refused to them (403), unless a stranger may open it
too. So a new page is closed to them until somebody adds it here and to the matrix of
roles.
"""

from tests.access_table import MODELS

NEW_ROLES = ("karel", "nadia", "tom")

# A table as in tests/access_table.py; a dash means that the page is refused (403).
TABLE = """
counter_sign_in:sign_in                 GET     303 303 303
counter_sign_in:sign_in                 POST    303 303 303
counter_sign_in:lock                    POST    303 303 303
counter_sign_in:unlock                  GET     303 303 303
counter_sign_in:unlock                  POST    303 303 303
counter_sign_in:at_work                 POST    204 204 204
counter_passkeys:overview             GET     200 200 200
counter_passkeys:overview             POST    405 405 405
counter_passkeys:prove                GET     404 404 404
counter_passkeys:prove                POST    404 404 404
counter_passkeys:add                  GET     404 404 404
counter_passkeys:add                  POST    404 404 404
counter_passkeys:remove               GET     404 404 404
counter_passkeys:remove               POST    404 404 404
counter_passkeys:question_to_add      POST    404 404 404
counter_passkeys:sign_in              POST    303 303 303
counter_passkeys:question             POST    303 303 303
counter_city_sign_on:go               POST    404 404 404
counter_city_sign_on:come_back        GET     404 404 404
counter_city_sign_on:unlock           POST    404 404 404
counter_city_sign_on:link             GET     404 404 404
counter_city_sign_on:link             POST    404 404 404
counter_desk:desk                    GET     303 303 303
counter_desk:find_dossier            GET     403 403 403
activation_desk:pay_and_issue   GET     403 403 403

payments_closing:today                  GET     303 303 -
payments_closing:day                    GET     200 200 -
payments_closing:day_paper              GET     200 200 -
payments_closing:batch                  GET     200 200 -
payments_closing:export_drawer          POST    303 -   -
payments_closing:export_day             POST    303 -   -

admin:index                     GET     200 200 200
admin:index                     POST    200 200 200
admin:app_list                  GET     404 200 200
admin:app_list                  POST    404 200 200
admin:statistics                GET     200 200 200
admin:statistics                POST    405 405 405
admin:roles                     GET     200 200 200
admin:roles                     POST    405 405 405
admin:login                     GET     302 302 302
admin:login                     POST    302 302 302
admin:logout                    GET     405 405 405
admin:logout                    POST    302 302 302
admin:password_change           GET     200 200 200
admin:password_change           POST    200 200 200
admin:password_change_done      GET     200 200 200
admin:password_change_done      POST    405 405 405
admin:jsi18n                    GET     200 200 200
admin:jsi18n                    POST    405 405 405
admin:view_on_site              GET     404 404 404
admin:view_on_site              POST    404 404 404
admin/(?P<url>.*)$              GET     404 404 404
admin/(?P<url>.*)$              POST    404 404 404
admin:payments_payment_report   GET     200 200 -
admin:payments_payment_report   POST    200 200 -
admin:counter_clerk_send_password_link GET  - - 200
admin:counter_clerk_send_password_link POST - - 302
admin:counter_clerk_reset_app   GET     -   -   200
admin:counter_clerk_withdraw_invitation GET  - - 200
admin:counter_clerk_withdraw_invitation POST - - 302
admin:counter_clerk_unlink_city GET     -   -   200
admin:counter_clerk_unlink_city POST    -   -   302
admin:counter_clerk_end_session GET     -   -   200
admin:counter_clerk_end_session POST    -   -   302
admin:counter_clerk_reset_app   POST    -   -   302
admin:counter_dossier_find      GET     -   200 -
admin:counter_dossier_find      POST    -   422 -
admin:counter_office_add_holidays GET   -   -   200
admin:counter_office_add_holidays POST  -   -   422
"""

MONEY = {
    "payments/payment",
    "payments/receipt",
    "payments/receiptcounter",
    "payments/reversal",
    "payments/bankrefund",
    "payments/drawersession",
    "payments/drawermovement",
    "payments/drawercount",
    "payments/terminaltotal",
    "payments/exportbatch",
    "payments/terminal",
    "payments/tariff",
}
KEPT = {
    "counter/clerk",
    "counter/desk",
    "counter/office",
    "counter/maildomain",
    "payments/terminal",
    "payments/tariff",
}
READS = {
    "karel": MONEY,
    "nadia": MODELS.keys(),
    "tom": KEPT | {"counter/alarm", "counter/journalentry", "counter/journalseal"},
}
#: Only an administrator adds rows; a member of staff who has an office adds no office.
ADDS = {"tom": KEPT - {"counter/office"}}
#: 302: the form of a price that was charged is saved unchanged and leads to the list.
CHANGES = {"tom": dict.fromkeys(KEPT, 200) | {"payments/tariff": 302}}
DELETES = {"tom": {"counter/maildomain"}}


def _of_model(model: str, role: str) -> dict[tuple[str, str], int]:
    page = f"admin:{model.replace('/', '_')}_"
    moved = f"admin/{model}/<path:object_id>/"
    answers = {(moved, "GET"): 302, (moved, "POST"): 302}
    if model in READS[role]:
        answers[page + "changelist", "GET"] = 200
        answers[page + "changelist", "POST"] = 200
        answers[page + "change", "GET"] = 200
        # The history leads to the journal, which finance does not read.
        if role != "karel":
            answers[page + "history", "GET"] = answers[page + "history", "POST"] = 302
    if model in ADDS.get(role, ()):
        answers[page + "add", "GET"] = answers[page + "add", "POST"] = 200
    if model in CHANGES.get(role, {}):
        answers[page + "change", "POST"] = CHANGES[role][model]
    if model in DELETES.get(role, ()):
        answers[page + "delete", "GET"] = answers[page + "delete", "POST"] = 200
    return answers


def _read() -> dict[str, dict[tuple[str, str], int]]:
    answers: dict[str, dict[tuple[str, str], int]] = {role: {} for role in NEW_ROLES}
    for line in filter(None, map(str.strip, TABLE.splitlines())):
        route, method, *statuses = line.split()
        for role, status in zip(NEW_ROLES, statuses, strict=True):
            if status != "-":
                answers[role][route, method] = int(status)
    for role in NEW_ROLES:
        for model in MODELS:
            answers[role] |= _of_model(model, role)
    return answers


#: The expected status of each answer: by role, then by route and method.
ALLOWED = _read()
