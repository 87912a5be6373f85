"""Documents are true: their citations, commands, words, tables and diagrams."""
