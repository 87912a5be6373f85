"""The answer that each person gets, for tests/test_access.py: staff, desk and admin.

The pages of codes, of keys and about money are in the access.py of their own tests.
"""

# Each line has a route, a method, and the status for a stranger, els, gust, sofie and
# lies. els is a clerk and sofie a supervisor of the office; gust is a clerk and lies a
# supervisor of another office. 302 leads a stranger to the sign-in page. Below /admin/
# it leads a clerk to the admin's sign-in page, which answers 403, and a supervisor of
# another office to the admin's index. Forms are posted empty: 422 and 200 mean that the
# form comes back.
TABLE = """
home                                        GET     302 302 302 302 302
home                                        POST    405 405 405 405 405
notifications_health:healthz                GET     200 200 200 200 200
notifications_health:healthz                POST    405 405 405 405 405
notifications_health:readyz                 GET     200 200 200 200 200
notifications_health:readyz                 POST    405 405 405 405 405
notifications_bounces:take_call             GET     405 405 405 405 405
notifications_bounces:take_call             POST    404 404 404 404 404
notifications_health:show_metrics           GET     401 401 401 401 401
notifications_health:show_metrics           POST    405 405 405 405 405

counter_sign_in:sign_in                     GET     200 303 303 303 303
counter_sign_in:sign_in                     POST    200 303 303 303 303
counter_sign_in:second_factor               GET     303 303 303 303 303
counter_sign_in:second_factor               POST    303 303 303 303 303
counter_sign_in:set_up_app                  GET     303 303 303 303 303
counter_sign_in:set_up_app                  POST    303 303 303 303 303
counter_sign_in:app_qr_code                 GET     303 303 303 303 303
counter_sign_in:app_qr_code                 POST    405 405 405 405 405
counter_staff:forgot_password               GET     200 200 200 200 200
counter_staff:forgot_password               POST    422 422 422 422 422
counter_staff:choose_password               GET     410 410 410 410 410
counter_staff:choose_password               POST    410 410 410 410 410
counter_staff:choose_desk                   GET     302 200 200 200 200
counter_staff:choose_desk                   POST    302 422 422 422 422
counter_sign_in:sign_out                    GET     405 405 405 405 405
counter_sign_in:sign_out                    POST    303 303 303 303 303
counter_sign_in:lock                        GET     405 405 405 405 405
counter_sign_in:lock                        POST    302 303 303 303 303
counter_sign_in:unlock                      GET     302 303 303 303 303
counter_sign_in:unlock                      POST    302 303 303 303 303
counter_sign_in:at_work                     GET     405 405 405 405 405
counter_sign_in:at_work                     POST    302 204 204 204 204
counter_sign_in:switch_language             GET     405 405 405 405 405
counter_sign_in:switch_language             POST    303 303 303 303 303
counter_city_sign_on:go                     GET     405 405 405 405 405
counter_city_sign_on:go                     POST    404 404 404 404 404
counter_city_sign_on:come_back              GET     404 404 404 404 404
counter_city_sign_on:come_back              POST    405 405 405 405 405
counter_city_sign_on:unlock                 GET     405 405 405 405 405
counter_city_sign_on:unlock                 POST    404 404 404 404 404
counter_city_sign_on:link                   GET     302 404 404 404 404
counter_city_sign_on:link                   POST    302 404 404 404 404
counter_city_sign_on:accept_invitation      GET     405 405 405 405 405
counter_city_sign_on:accept_invitation      POST    404 404 404 404 404
counter_passkeys:overview                   GET     302 200 200 200 200
counter_passkeys:overview                   POST    405 405 405 405 405
counter_passkeys:prove                      GET     302 404 404 404 404
counter_passkeys:prove                      POST    302 404 404 404 404
counter_passkeys:add                        GET     302 404 404 404 404
counter_passkeys:add                        POST    302 404 404 404 404
counter_passkeys:question_to_add            GET     405 405 405 405 405
counter_passkeys:question_to_add            POST    302 404 404 404 404
counter_passkeys:remove                     GET     302 404 404 404 404
counter_passkeys:remove                     POST    302 404 404 404 404
counter_passkeys:sign_in                    GET     405 405 405 405 405
counter_passkeys:sign_in                    POST    303 303 303 303 303
counter_passkeys:question                   GET     405 405 405 405 405
counter_passkeys:question                   POST    303 303 303 303 303
counter_desk:desk                           GET     302 200 200 200 200
counter_desk:desk                           POST    405 405 405 405 405
counter_desk:find_dossier                   GET     302 303 303 303 303
counter_desk:find_dossier                   POST    302 422 422 422 422
counter_dossiers:number_reading             GET     405 405 405 405 405
counter_dossiers:number_reading             POST    302 200 200 200 200
counter_email:email_reading                 GET     405 405 405 405 405
counter_email:email_reading                 POST    302 200 200 200 200
counter_desk:redirect_person                GET     302 200 200 200 200
counter_desk:redirect_person                POST    302 422 422 422 422
counter_desk:refuse_person                  GET     302 200 200 200 200
counter_desk:refuse_person                  POST    302 422 422 422 422
counter_desk:turned_away                    GET     302 200 404 200 404
counter_desk:turned_away                    POST    405 405 405 405 405
counter_dossiers:record_applicant           GET     302 200 200 200 200
counter_dossiers:record_applicant           POST    302 422 422 422 422
counter_dossiers:dossier                    GET     302 200 404 200 404
counter_dossiers:dossier                    POST    405 405 405 405 405
counter_people:family                       GET     302 303 404 303 404
counter_people:family                       POST    302 303 404 303 404
counter_dossiers:reveal_number              GET     302 303 303 303 303
counter_dossiers:reveal_number              POST    302 422 404 422 404
counter_dossiers:cancel_dossier             GET     302 303 404 303 404
counter_dossiers:cancel_dossier             POST    302 303 404 303 404

notifications_desk:mail_state               GET     302 200 404 200 404
notifications_desk:mail_state               POST    405 405 405 405 405
notifications_desk:decide_mail              GET     302 303 404 303 404
notifications_desk:decide_mail              POST    302 303 404 303 404
notifications_desk:mails_of_no_visit        GET  302 403 403 200 200
notifications_desk:mails_of_no_visit        POST 405 405 405 405 405
notifications_desk:decide_mail_of_no_visit  GET  302 403 403 303 303
notifications_desk:decide_mail_of_no_visit  POST 302 403 403 303 303

counter_dossiers:scan_into_visit            GET     302 303 303 303 303
counter_dossiers:scan_into_visit            POST    302 422 422 422 422
counter_dossiers:save_draft                 GET     405 405 405 405 405
counter_dossiers:save_draft                 POST    302 204 204 204 204
counter_dossiers:resume_draft               GET     302 200 404 404 404
counter_dossiers:resume_draft               POST    405 405 405 405 405
counter_dossiers:drop_draft                 GET     405 405 405 405 405
counter_dossiers:drop_draft                 POST    302 303 404 404 404

localrun_inbox:inbox                        GET     200 200 200 200 200
localrun_inbox:inbox                        POST    405 405 405 405 405
localrun_inbox:message                      GET     404 404 404 404 404
localrun_inbox:message                      POST    405 405 405 405 405
localrun_inbox:message_html                 GET     404 404 404 404 404
localrun_inbox:message_html                 POST    405 405 405 405 405

admin:index                                 GET     302 302 302 200 200
admin:index                                 POST    302 302 302 200 200
admin:app_list                              GET     302 302 302 200 200
admin:app_list                              POST    302 302 302 200 200
admin:statistics                            GET     302 302 302 200 200
admin:statistics                            POST    302 302 302 405 405
admin:roles                                 GET     302 302 302 200 200
admin:roles                                 POST    302 302 302 405 405
admin:login                                 GET     302 403 403 302 302
admin:login                                 POST    302 403 403 302 302
admin:logout                                GET     302 302 302 405 405
admin:logout                                POST    302 302 302 302 302
admin:password_change                       GET     302 302 302 200 200
admin:password_change                       POST    302 302 302 200 200
admin:password_change_done                  GET     302 302 302 200 200
admin:password_change_done                  POST    302 302 302 405 405
admin:counter_enquiry_answer                GET  302 302 302 200 404
admin:counter_enquiry_answer                POST 302 302 302 422 404
admin:counter_enquiry_give                  GET  302 302 302 200 404
admin:counter_enquiry_give                  POST 302 302 302 422 404
admin:counter_clerk_send_password_link      GET  302 302 302 200 404
admin:counter_clerk_send_password_link      POST 302 302 302 302 404
admin:counter_clerk_withdraw_invitation     GET     302 302 302 200 404
admin:counter_clerk_withdraw_invitation     POST    302 302 302 302 404
admin:counter_clerk_unlink_city             GET     302 302 302 200 404
admin:counter_clerk_unlink_city             POST    302 302 302 302 404
admin:counter_clerk_end_session             GET     302 302 302 200 404
admin:counter_clerk_end_session             POST    302 302 302 302 404
admin:counter_clerk_reset_app               GET     302 302 302 200 404
admin:counter_clerk_reset_app               POST    302 302 302 302 404
admin:counter_dossier_find                  GET     302 302 302 200 200
admin:counter_dossier_find                  POST    302 302 302 422 422
admin:counter_dossier_act                   GET     302 302 302 200 404
admin:counter_dossier_act                   POST    302 302 302 422 404
admin:counter_office_add_holidays           GET  302 302 302 200 404
admin:counter_office_add_holidays           POST 302 302 302 422 404
admin:counter_retentionperiod_office        GET     302 302 302 200 404
admin:counter_retentionperiod_office        POST    302 302 302 422 404
admin:counter_dossier_hold                  GET     302 302 302 200 404
admin:counter_dossier_hold                  POST    302 302 302 422 404
admin:counter_legalhold_lift                GET     302 302 302 200 404
admin:counter_legalhold_lift                POST    302 302 302 422 404
admin:counter_applicant_export_data         GET     302 302 302 200 404
admin:counter_applicant_export_data         POST    302 302 302 422 404
admin:counter_applicant_erase_data          GET     302 302 302 200 404
admin:counter_applicant_erase_data          POST    302 302 302 422 404
admin:autocomplete                          GET     302 302 302 403 403
admin:autocomplete                          POST    302 302 302 403 403
admin:jsi18n                                GET     302 302 302 200 200
admin:jsi18n                                POST    302 302 302 405 405
admin:view_on_site                          GET     302 302 302 404 404
admin:view_on_site                          POST    302 302 302 404 404
admin:payments_payment_report               GET     302 302 302 200 200
admin:payments_payment_report               POST    302 302 302 200 200
admin/(?P<url>.*)$                          GET     302 302 302 404 404
admin/(?P<url>.*)$                          POST    302 302 302 404 404
"""

# Each model of the admin has the same six routes.
EVERY_MODEL = """
admin:{model}_changelist                    GET     302 302 302 200 200
admin:{model}_changelist                    POST    302 302 302 200 200
admin:{model}_history                       GET     302 302 302 302 302
admin:{model}_history                       POST    302 302 302 302 302
admin:{model}_change                        GET     302 302 302 200 302
admin/{path}/<path:object_id>/              GET     302 302 302 302 302
admin/{path}/<path:object_id>/              POST    302 302 302 302 302
admin:{model}_delete                        GET     302 302 302 403 403
admin:{model}_delete                        POST    302 302 302 403 403
"""
CANNOT_CHANGE = "admin:{model}_change POST 302 302 302 403 302"
CAN_CHANGE = "admin:{model}_change POST 302 302 302 200 302"
CANNOT_ADD = """
admin:{model}_add                           GET     302 302 302 403 403
admin:{model}_add                           POST    302 302 302 403 403
"""
CAN_ADD = """
admin:{model}_add                           GET     302 302 302 200 200
admin:{model}_add                           POST    302 302 302 200 200
"""
# Seals and alarms belong to all offices together; supervisors of each office read them.
OF_ALL_OFFICES = """
admin:{model}_history                       GET     302 302 302 302 302
admin:{model}_history                       POST    302 302 302 302 302
admin:{model}_change                        GET     302 302 302 200 200
admin:{model}_change                        POST    302 302 302 403 403
"""
# The supervisors of all offices manage these rows together.
OF_THE_HOUSE = """
admin:{model}_history                       GET     302 302 302 302 302
admin:{model}_history                       POST    302 302 302 302 302
admin:{model}_change                        GET     302 302 302 200 200
admin:{model}_change                        POST    302 302 302 200 200
admin:{model}_delete                        GET     302 302 302 200 200
admin:{model}_delete                        POST    302 302 302 200 200
"""
READ_ONLY = EVERY_MODEL + CANNOT_ADD + CANNOT_CHANGE
MODELS = {
    "counter/applicant": READ_ONLY,
    "counter/dossier": READ_ONLY,
    "counter/journalentry": READ_ONLY,
    "counter/journalseal": READ_ONLY + OF_ALL_OFFICES,
    "counter/alarm": READ_ONLY + OF_ALL_OFFICES,
    "counter/legalhold": READ_ONLY,
    "counter/retentionperiod": READ_ONLY,
    "counter/destructionrecord": READ_ONLY,
    "counter/draft": READ_ONLY,
    "counter/turnedaway": READ_ONLY,
    "counter/enquiry": READ_ONLY,
    "counter/maildomain": EVERY_MODEL + CAN_ADD + CAN_CHANGE + OF_THE_HOUSE,
    "payments/payment": READ_ONLY,
    "payments/receipt": READ_ONLY,
    "payments/receiptcounter": READ_ONLY,
    "payments/reversal": READ_ONLY,
    "payments/bankrefund": READ_ONLY,
    "payments/drawersession": READ_ONLY,
    "payments/drawermovement": READ_ONLY,
    "payments/drawercount": READ_ONLY,
    "payments/terminaltotal": READ_ONLY,
    "payments/exportbatch": READ_ONLY,
    "payments/terminal": EVERY_MODEL + CAN_ADD + CAN_CHANGE,
    "activation/activationcode": READ_ONLY,
    "activation/keyholder": READ_ONLY,
    "activation/digitalkey": READ_ONLY,
    "activation/signinactivity": READ_ONLY,
    "activation/holderchange": READ_ONLY,
    "notifications/delivery": READ_ONLY,
    "counter/office": EVERY_MODEL + CANNOT_ADD + CAN_CHANGE,
    "counter/desk": EVERY_MODEL + CAN_ADD + CAN_CHANGE,
    "counter/clerk": EVERY_MODEL + CAN_ADD + CAN_CHANGE,
    # This price was charged, so its form has only the last day. That may stay empty, so
    # an empty form is saved.
    "payments/tariff": EVERY_MODEL
    + CAN_ADD
    + "admin:{model}_change POST 302 302 302 302 302",
}
