"""conflictkg completion"""

from __future__ import annotations

import argparse
import sys

from conflictkg.cli import COMMANDS
from conflictkg.cli import parser as parser_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="which shell")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    options = {name: _options(name) for name in COMMANDS}
    sys.stdout.write({"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell](options))
    return 0


def _options(name: str) -> list[str]:
    if name == "completion":
        return ["bash", "zsh", "fish"]
    actions = parser_of(name)._actions
    return sorted(o for action in actions for o in action.option_strings if o.startswith("--"))


def _bash(options: dict[str, list[str]]) -> str:
    cases = "\n".join(f"        {name}) words='{' '.join(o)}' ;;" for name, o in options.items())
    return f"""# conflictkg completion for bash: source it, or put it into bash-completion's folder
_conflictkg() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" words=''
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='{" ".join(options)}'
    else
        case "${{COMP_WORDS[1]}}" in
{cases}
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _conflictkg conflictkg
"""


def _zsh(options: dict[str, list[str]]) -> str:
    return "autoload -U +X bashcompinit && bashcompinit\n" + _bash(options)


def _fish(options: dict[str, list[str]]) -> str:
    lines = ["# conflictkg completion for fish"]
    for name, found in options.items():
        what = COMMANDS[name][0].replace("'", "\\'")
        lines.append(f"complete -c conflictkg -n __fish_use_subcommand -a {name} -d '{what}' -f")
        for option in found:
            seen = f"'__fish_seen_subcommand_from {name}'"
            flag = f"-l {option[2:]}" if option.startswith("--") else f"-a {option}"
            lines.append(f"complete -c conflictkg -n {seen} {flag}")
    return "\n".join(lines) + "\n"
