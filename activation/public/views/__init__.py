"""The views of the public pages: information, statements, contact form, report."""
