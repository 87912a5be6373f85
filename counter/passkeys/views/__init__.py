"""The page of a colleague's second factors, and a passkey at sign-in."""
