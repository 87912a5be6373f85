"""The pages of signing in and out, and of the screen lock."""
