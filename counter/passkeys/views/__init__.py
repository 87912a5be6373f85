"""The own page of second factors, and a passkey at sign-in."""
