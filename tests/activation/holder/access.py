"""The key holder's own pages in the table of tests/test_access.py.

None of these people is signed in as a holder, so all are led to the sign-in page. The
last two lines are the desk's page on which a clerk of the office revokes a lost key.
"""

KEYS = """
activation_holder:overview                   GET     303 303 303 303 303
activation_holder:overview                   POST    405 405 405 405 405
activation_holder:sign_in                    GET     200 200 200 200 200
activation_holder:sign_in                    POST    422 422 422 422 422
activation_holder:show_key                   GET     303 303 303 303 303
activation_holder:show_key                   POST    303 303 303 303 303
activation_holder:forgotten                  GET     200 200 200 200 200
activation_holder:forgotten                  POST    422 422 422 422 422
activation_holder:no_key                     GET     200 200 200 200 200
activation_holder:no_key                     POST    405 405 405 405 405
activation_holder:recovery_code              GET     303 303 303 303 303
activation_holder:recovery_code              POST    303 303 303 303 303
activation_holder:way_in                     GET     410 410 410 410 410
activation_holder:way_in                     POST    410 410 410 410 410
activation_holder:open_mail                  GET     410 410 410 410 410
activation_holder:open_mail                  POST    405 405 405 405 405
activation_holder:recovery_key               GET     303 303 303 303 303
activation_holder:recovery_key               POST    303 303 303 303 303
activation_holder:new_password               GET     303 303 303 303 303
activation_holder:new_password               POST    303 303 303 303 303
activation_holder:add_key                    GET     303 303 303 303 303
activation_holder:add_key                    POST    303 303 303 303 303
activation_holder:confirm_new_key            GET     303 303 303 303 303
activation_holder:confirm_new_key            POST    303 303 303 303 303
activation_holder:add_destination            GET     303 303 303 303 303
activation_holder:add_destination            POST    303 303 303 303 303
activation_holder:change_password            GET     303 303 303 303 303
activation_holder:change_password            POST    303 303 303 303 303
activation_holder:change_email               GET     303 303 303 303 303
activation_holder:change_email               POST    303 303 303 303 303
activation_holder:confirm_email              GET     303 303 303 303 303
activation_holder:confirm_email              POST    303 303 303 303 303
activation_holder:codes                     GET     303 303 303 303 303
activation_holder:codes                     POST    303 303 303 303 303
activation_holder:codes_file                GET     303 303 303 303 303
activation_holder:codes_file                POST    303 303 303 303 303
activation_holder:sign_in_with_code         GET     303 303 303 303 303
activation_holder:sign_in_with_code         POST    303 303 303 303 303
activation_holder:recover_with_code         GET     303 303 303 303 303
activation_holder:recover_with_code         POST    303 303 303 303 303
activation_holder:change_language            GET     303 303 303 303 303
activation_holder:change_language            POST    303 303 303 303 303
activation_holder:rename_key                 GET     303 303 303 303 303
activation_holder:rename_key                 POST    303 303 303 303 303
activation_holder:replace_key                GET     303 303 303 303 303
activation_holder:replace_key                POST    303 303 303 303 303
activation_holder:revoke_key                 GET     303 303 303 303 303
activation_holder:revoke_key                 POST    303 303 303 303 303
activation_holder:send_digits                GET     303 303 303 303 303
activation_holder:send_digits                POST    303 303 303 303 303
activation_holder:sign_out                   GET     303 303 303 303 303
activation_holder:sign_out                   POST    303 303 303 303 303
activation_holder:sign_out_everywhere        GET     303 303 303 303 303
activation_holder:sign_out_everywhere        POST    303 303 303 303 303
activation_holder:recovery_send              GET     303 303 303 303 303
activation_holder:recovery_send              POST    303 303 303 303 303
activation_holder:new_key_again              GET     303 303 303 303 303
activation_holder:new_key_again              POST    303 303 303 303 303
activation_holder:revoke_send                GET     303 303 303 303 303
activation_holder:revoke_send                POST    303 303 303 303 303
activation_holder:revoke_with_code           GET     303 303 303 303 303
activation_holder:revoke_with_code           POST    303 303 303 303 303
activation_holder:new_key_qr                 GET     303 303 303 303 303
activation_holder:new_key_qr                 POST    405 405 405 405 405
activation_holder:prove                      GET     303 303 303 303 303
activation_holder:prove                      POST    303 303 303 303 303
activation_holder:prove_send                 GET     303 303 303 303 303
activation_holder:prove_send                 POST    303 303 303 303 303
activation_holder:prove_with_code            GET     303 303 303 303 303
activation_holder:prove_with_code            POST    303 303 303 303 303
activation_holder:activity                   GET     303 303 303 303 303
activation_holder:activity                   POST    405 405 405 405 405
activation_holder:activity_csv               GET     303 303 303 303 303
activation_holder:activity_csv               POST    405 405 405 405 405

activation_desk:revoke_lost_key GET     302 200 404 200 404
activation_desk:revoke_lost_key POST    302 422 404 422 404
"""
