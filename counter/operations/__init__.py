"""For who keeps the machines: what ran by itself, and what is due.

Begin with task_runs.py, which every scheduled task and command writes through.
"""
