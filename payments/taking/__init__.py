"""Taking the fee, or asking none.

Begin with taking.py.
"""
