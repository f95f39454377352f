"""What a query may not do is found in its tokens, however the text is written."""

from __future__ import annotations

import http.server
import threading

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg import queries
from conflictkg.web import fence
from conflictkg.web.http import Refused

THERE = "http://127.0.0.1:9/"
PREFIX = f"PREFIX e: <{THERE}> "

REACHING = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
    "SELECT * { SERVICE<http://127.0.0.1:9/>{} }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:9/>{} }",
    "SELECT * { SeRvIcE#\n SILENT#\n<http://127.0.0.1:9/>{} }",
    "SELECT * { VALUES ?x { <http://127.0.0.1:9/> } SERVICE ?x {} }",
    f"{PREFIX}SELECT * {{ SERVICEe:x {{}} }}",
    f"{PREFIX}SELECT * {{ SERVICESILENTe:x{{}} }}",
    f"{PREFIX}SELECT * {{ SERVICE SILENTe:x{{}} }}",
    f"{PREFIX}SELECT * {{ ?s ?p trueSERVICE e:x {{}} }}",
    f"{PREFIX}SELECT * {{ ?s ?p 1SERVICE e:x {{}} }}",
    f"{PREFIX}SELECT * {{ ?s ?p ?o.SERVICE e:x {{}} }}",
    "SELECT * { ?s ?p ?o FILTER(?o<'x>') SERVICE <http://127.0.0.1:9/> {} FILTER('y'>?o) }",
    f"{PREFIX}SELECT * {{ {{ SELECT * {{ ?x a ?graph }} }} ?x a ?graph SERVICEe: {{}} }}",
    f"{PREFIX}SELECT * {{ ?x ?y 'a'@graph SERVICEe:x {{}} }}",
    f"PREFIX 。: <{THERE}> SELECT * {{ SERVICE 。: {{}} }}",
    f"PREFIX a。: <{THERE}> SELECT * {{ SERVICEa。: {{}} }}",
    f"PREFIX a\u200c: <{THERE}> SELECT * {{ SERVICE a\u200c: {{}} }}",
    f"PREFIX e\u0301: <{THERE}> SELECT * {{ SERVICE e\u0301:x {{}} }}",
    "SELECT * { ?s ?p ?o FILTER(?o<?o#> '''\n) SERVICE <http://127.0.0.1:9/> {} #'''\n }",
]
LOADING = [
    "LOAD <http://127.0.0.1:9/x>",
    "LOAD SILENT<http://127.0.0.1:9/x>",
    f"{PREFIX}LOADe:x",
    f"{PREFIX}LOADSILENTe:x",
    "CLEAR ALL;LOAD<http://127.0.0.1:9/x>",
    "CLEARALL;LOAD#\n<file:///etc/passwd>INTOGRAPH<http://e.org/x>",
]
HARMLESS = [
    "SELECT * { ?s <http://e.org/service?x> 'SERVICE <http://x>{}' } # SERVICE <x> {}",
    "PREFIX service: <x:> SELECT * { ?s service:x ?y . GRAPH service:g { ?s ?p 'o' } }",
    "SELECT ?service { ?service ?p ?o }",
    "SELECT * { ?s <http://e.org/o'brien#service> <http://x#y> }",
    "SELECT * { ?s ?p ?a, ?b FILTER(?a<?b&&?b>?a) ?s ?p 'service' }",
    "SELECT ('service' AS ?x) (<http://e/SERVICE> AS ?z) {}",
]
HARMLESS_UPDATES = [
    "INSERT DATA { <http://a/load#x>\n <p:p> <o:o> }",
    "PREFIX upload: <x:> INSERT DATA { upload:x upload:y upload:z ; upload:x 1 }",
]


@pytest.mark.parametrize("query", REACHING)
def test_no_spelling_of_service_gets_through(query: str) -> None:
    with pytest.raises(Refused, match="would reach out") as refused:
        fence.check(query)
    assert refused.value.status == 403
    assert refused.value.line and refused.value.column


@pytest.mark.parametrize("update", LOADING)
def test_no_spelling_of_load_gets_through(update: str) -> None:
    with pytest.raises(Refused, match="would reach out"):
        fence.check(update, update=True)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_alone_is_no_offence(query: str) -> None:
    fence.check(query)
    ox.Store().query(query)


@pytest.mark.parametrize("update", HARMLESS_UPDATES)
def test_the_word_alone_is_no_offence_in_updates(update: str) -> None:
    fence.check(update, update=True)
    ox.Store().update(update)


def test_an_address_is_allowed_by_its_exact_name() -> None:
    query = "SELECT * { SERVICE <http://1.1.1.1/sparql> {} }"
    fence.check(query, services=["http://1.1.1.1/sparql"])
    for other in ("http://1.1.1.1/", "http://1.1.1.1/sparql/", "http://1.1.1.2/sparql"):
        with pytest.raises(Refused, match="not allowed here"):
            fence.check(query, services=[other])


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/sparql",
        "http://localhost/sparql",
        "http://[::1]/sparql",
        "http://[::ffff:127.0.0.1]/sparql",
        "http://2130706433/sparql",
        "http://0x7f.1/sparql",
        "http://10.0.0.1/sparql",
        "http://192.168.1.1:7979/sparql",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "file:///etc/passwd",
        "ftp://1.1.1.1/x",
    ],
)
def test_what_is_not_public_is_never_reached_even_if_allowed(address: str) -> None:
    with pytest.raises(Refused, match="is never reached"):
        fence.check(f"SELECT * {{ SERVICE <{address}> {{}} }}", services=[address])
    with pytest.raises(Refused, match="is never reached"):
        fence.check(f"LOAD <{address}>", services=[address], update=True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }", "nests more than 200"),
        ("SELECT * " + "{" * 201 + "}" * 201, "nests more than 200"),
        ("SELECT * { FILTER(?a<" + "(" * 300 + "1" + ")" * 300 + ">0) }", "nests more than 200"),
        ("SELECT * {" + "OPTIONAL{?s ?p ?o}" * 3000 + "}", "chains more than 500"),
        ("SELECT * { FILTER(" + "!" * 10_000 + "true) }", "chains more than 500"),
        ("SELECT * { FILTER(1" + "+1" * 10_000 + ") }", "chains more than 500"),
    ],
    ids=["parentheses", "braces", "behind <", "clauses", "prefixes", "operators"],
)
def test_what_would_overflow_the_stack_is_refused_before_it_is_parsed(
    query: str, said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        fence.check(query)
    assert refused.value.status == 400


def test_long_data_and_the_named_questions_are_no_chains() -> None:
    some = "".join(f"<http://e.org/a/b/{at}> <http://e.org/p> ':-) (' .\n" for at in range(2000))
    fence.check(f"INSERT DATA {{ {some} }}", update=True)
    fence.check(f"SELECT * {{ VALUES ?x {{ {'1 ' * 5000} }} }}")
    for question in queries.questions():
        fence.check(question.sparql)


@given(st.text(alphabet="SERVICEservice <>{}()'\"#\n?:a1.\\", max_size=60))
def test_what_passes_the_fence_does_not_reach_out(text: str) -> None:
    """The engine would say that the address cannot be had, in a store that has nothing in it."""
    query = f"PREFIX a: <{THERE}> SELECT * {{ {text} }}"
    try:
        fence.check(query)
    except Refused:
        return
    try:
        list(ox.Store().query(query))  # type: ignore[arg-type]
    except OSError as error:
        raise AssertionError(f"{query!r} reached out: {error}") from error
    except (SyntaxError, ValueError, RuntimeError, TypeError):
        return


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_engine_follows_no_redirect(status: int) -> None:
    """The fence looks at the address in the query only, so that must be where a request ends."""
    asked: list[str] = []

    class Redirecting(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"<http://127.0.0.1:{server.server_port}/here>"
    try:
        with pytest.raises(OSError, match=r"redirect|Redirect"):
            list(ox.Store().query(f"SELECT * {{ SERVICE {address} {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
        with pytest.raises(OSError, match="redirect"):
            ox.Store().update(f"LOAD {address}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == ["/here", "/here"]


@pytest.mark.parametrize(
    "host",
    [
        *("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::127.0.0.1", "::ffff:10.0.0.1", "::1", "::"),
        *("64:ff9b:1::a9fe:a9fe", "::ffff:0:127.0.0.1", "fec0::1", "5f00::1"),
    ],
)
def test_an_address_that_carries_a_private_one_is_not_public(host: str) -> None:
    assert fence.unreachable(f"http://[{host}]/").endswith("is not a public address")
    assert not fence.unreachable("http://[64:ff9b::808:808]/")
    assert not fence.unreachable("http://[2606:4700:4700::1111]/")
