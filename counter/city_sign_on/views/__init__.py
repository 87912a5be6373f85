"""The pages that lead to the city's sign-on and back, and that link an account."""
