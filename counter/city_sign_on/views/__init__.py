"""The way to the city's sign-on and back, and the own link with it."""
