"""Taking the fee, or waiving it.

Begin with taking.py.
"""
