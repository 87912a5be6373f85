"""What documents say is true: their citations, commands, words, tables and diagrams."""
