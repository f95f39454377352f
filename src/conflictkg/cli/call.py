"""Runs one command: parses its arguments, and turns errors and interruption into exit codes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

from conflictkg.cli import parser
from conflictkg.errors import ConflictkgError


def call(name: str, words: Sequence[str]) -> int:
    """Run a command with its arguments and return its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        args = parser(name).parse_args(words)
        code: int = import_module(f"conflictkg.cli.{name}").run(args)
        sys.stdout.flush()
        return code
    except ConflictkgError as error:
        sys.stderr.write(f"conflictkg {name}: {error}\n")
        return error.exit_code
    except SystemExit as leaving:  # argparse: usage errors (2) and --help (0)
        return leaving.code if isinstance(leaving.code, int) else 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was changed\n")
        return 130
    except BrokenPipeError:  # the reader of a pipe went away: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, UnicodeEncodeError) as error:
        sys.stderr.write(f"conflictkg {name}: the answer could not be written or read: {error}\n")
        return 2
    except MemoryError:
        sys.stderr.write(f"conflictkg {name}: there is not enough memory\n")
        return 2


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
