"""Amounts of money in templates, formatted as everywhere else."""

from django import template

from counter.identity.euros import euros

register = template.Library()
register.filter("euros", euros)
