"""The public pages, which need no link from a mail: information, contact, a report."""
