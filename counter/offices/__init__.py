"""Data of an office for the public: hours, closing days, texts, enterprise number.

The modules need nothing of the project but the models and the settings. Begin with
opening_hours.py.
"""
