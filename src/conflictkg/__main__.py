"""Runs the command line as ``python -m conflictkg``."""

import sys

from conflictkg.cli import main

sys.exit(main())
