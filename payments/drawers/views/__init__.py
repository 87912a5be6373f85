"""The pages of the own drawer, and of a supervisor at somebody's drawer."""
