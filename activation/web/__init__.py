"""What the applicant's and the holder's pages share. Knows no room."""
