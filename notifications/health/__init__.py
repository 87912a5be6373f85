"""Monitoring for operators: heartbeats, readiness, alarms, and the journal's head."""
