"""Pages that need no link: information, contact, a report that a page is wrong."""
