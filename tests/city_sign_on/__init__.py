"""A city's sign-on for tests: a real one (oidc-provider) and one that forges tokens."""
