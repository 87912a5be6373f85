"""A city's sign-on for the tests: a real one (oidc-provider) and a forger's."""
