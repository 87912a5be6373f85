"""The information page, the contact form, and the report."""
