"""The key holder's own page in the table of tests/test_access.py.

Nobody of these roles is a holder who is signed in: all are led to the sign-in page.
At the counter a clerk of the office revokes a lost key.
"""

KEYS = """
keys:overview                   GET     303 303 303 303 303
keys:overview                   POST    405 405 405 405 405
keys:sign_in                    GET     200 200 200 200 200
keys:sign_in                    POST    422 422 422 422 422
keys:show_key                   GET     303 303 303 303 303
keys:show_key                   POST    303 303 303 303 303
keys:forgotten                  GET     200 200 200 200 200
keys:forgotten                  POST    422 422 422 422 422
keys:no_key                     GET     200 200 200 200 200
keys:no_key                     POST    405 405 405 405 405
keys:recovery_code              GET     303 303 303 303 303
keys:recovery_code              POST    303 303 303 303 303
keys:way_in                     GET     410 410 410 410 410
keys:way_in                     POST    410 410 410 410 410
keys:open_mail                  GET     410 410 410 410 410
keys:open_mail                  POST    405 405 405 405 405
keys:recovery_key               GET     303 303 303 303 303
keys:recovery_key               POST    303 303 303 303 303
keys:new_password               GET     303 303 303 303 303
keys:new_password               POST    303 303 303 303 303
keys:add_key                    GET     303 303 303 303 303
keys:add_key                    POST    303 303 303 303 303
keys:confirm_new_key            GET     303 303 303 303 303
keys:confirm_new_key            POST    303 303 303 303 303
keys:add_destination            GET     303 303 303 303 303
keys:add_destination            POST    303 303 303 303 303
keys:change_password            GET     303 303 303 303 303
keys:change_password            POST    303 303 303 303 303
keys:change_email               GET     303 303 303 303 303
keys:change_email               POST    303 303 303 303 303
keys:confirm_email              GET     303 303 303 303 303
keys:confirm_email              POST    303 303 303 303 303
keys:change_language            GET     303 303 303 303 303
keys:change_language            POST    303 303 303 303 303
keys:rename_key                 GET     303 303 303 303 303
keys:rename_key                 POST    303 303 303 303 303
keys:replace_key                GET     303 303 303 303 303
keys:replace_key                POST    303 303 303 303 303
keys:revoke_key                 GET     303 303 303 303 303
keys:revoke_key                 POST    303 303 303 303 303
keys:send_digits                GET     303 303 303 303 303
keys:send_digits                POST    303 303 303 303 303
keys:sign_out                   GET     303 303 303 303 303
keys:sign_out                   POST    303 303 303 303 303
keys:sign_out_everywhere        GET     303 303 303 303 303
keys:sign_out_everywhere        POST    303 303 303 303 303
keys:recovery_send              GET     303 303 303 303 303
keys:recovery_send              POST    303 303 303 303 303
keys:new_key_again              GET     303 303 303 303 303
keys:new_key_again              POST    303 303 303 303 303
keys:revoke_send                GET     303 303 303 303 303
keys:revoke_send                POST    303 303 303 303 303
keys:new_key_qr                 GET     303 303 303 303 303
keys:new_key_qr                 POST    405 405 405 405 405
keys:prove                      GET     303 303 303 303 303
keys:prove                      POST    303 303 303 303 303
keys:prove_send                 GET     303 303 303 303 303
keys:prove_send                 POST    303 303 303 303 303
keys:activity                   GET     303 303 303 303 303
keys:activity                   POST    405 405 405 405 405
keys:activity_csv               GET     303 303 303 303 303
keys:activity_csv               POST    405 405 405 405 405

activation_desk:revoke_lost_key GET     302 200 404 200 404
activation_desk:revoke_lost_key POST    302 422 404 422 404
"""
