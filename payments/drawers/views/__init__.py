"""The pages of a clerk's own drawer, and of a supervisor at another's drawer."""
