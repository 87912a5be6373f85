"""The pages of recording and of one dossier."""
