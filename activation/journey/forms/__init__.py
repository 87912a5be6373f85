"""The forms of the applicant's pages."""
