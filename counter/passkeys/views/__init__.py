"""The pages of a clerk's own second factors, and of a passkey at sign-in."""
