"""The clerk's pages of this app."""
