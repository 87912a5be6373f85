"""The lists, pages and actions of a supervisor."""
