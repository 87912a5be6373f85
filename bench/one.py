"""Measure one figure in this process: `python -m bench.one slip result.json`."""

import importlib
import json
import sys
from pathlib import Path

import django


def main() -> None:
    name, result = sys.argv[1:]
    django.setup()
    figures = importlib.import_module(f"bench.{name}").measure()
    Path(result).write_text(json.dumps([figure.as_json() for figure in figures]))


if __name__ == "__main__":
    main()
