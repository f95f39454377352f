"""Run all benchmarks and print their tables; with --markdown into benchmarks/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import derivation
import first_views
import loading
import networks
import pages
import startup
import statements_by
import traversal
import validation
from measure import Options, machine, markdown, options_of, parser

BENCHMARKS: tuple[ModuleType, ...] = (
    startup,
    statements_by,
    loading,
    validation,
    derivation,
    traversal,
    networks,
    pages,
    first_views,
)
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"


def sections(options: Options) -> Iterator[str]:
    """Yield a section for each benchmark: what it measures, and its table."""
    for benchmark in BENCHMARKS:
        said = (benchmark.__doc__ or "").strip()
        yield f"### {benchmark.__name__}.py\n\n{said}\n\n{markdown(list(benchmark.rows(options)))}"


def write(path: Path, text: str) -> None:
    """Put a text between the marks of a Markdown file."""
    old = path.read_text("utf-8")
    before, _, rest = old.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run the command line."""
    made = parser(__doc__)
    made.add_argument("--markdown", action="store_true", help="write benchmarks/README.md")
    parsed = made.parse_args()
    with options_of(parsed) as options:
        text = f"{machine()}\n\n" + "\n".join(sections(options))
    if parsed.markdown:
        write(Path(__file__).with_name("README.md"), text)
    print(text)


if __name__ == "__main__":
    main()
