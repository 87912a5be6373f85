"""For operators of the servers: which scheduled tasks ran, and what is due.

Begin with task_runs.py, which records the runs of all scheduled tasks and commands.
"""
