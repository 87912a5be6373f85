"""The embedded run: everything `make run` and the tests start on one machine.

For development, demonstrations and tests. Nothing in here is used in production.
"""
