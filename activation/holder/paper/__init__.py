"""Ten codes on paper, for who has no key at hand. Begin with recovery_codes.py."""
