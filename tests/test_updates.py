"""An update is watched wherever it may write, however its text is written."""

from __future__ import annotations

import pytest

from conflictkg.web.updates import named_graphs

HERE = "<http://e.org/g>"


@pytest.mark.parametrize(
    "update",
    [
        f"INSERT DATA {{ GRAPH {HERE} {{ <a:a> <a:b> 'GRAPH ?x' }} }}",
        "PREFIX e: <http://e.org/> INSERT DATA { GRAPH e:g { e:a e:b (1 2) } } # CLEAR ALL",
        f"CLEAR GRAPH {HERE}",
        f"DELETE {{ GRAPH {HERE} {{ ?s ?p ?o }} }} WHERE {{ ?s <a:b#c> ?o FILTER(?o > 1) }}",
    ],
)
def test_graphs_that_are_named_are_known(update: str) -> None:
    found = named_graphs(update)
    assert found is not None and "http://e.org/g" in {graph.value for graph in found}


@pytest.mark.parametrize(
    "update",
    [
        "CLEAR ALL",
        "DROP NAMED",
        "INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT DATA { GRAPH <relative> { <a:a> <a:b> 1 } }",
        "INSERT DATA { GRAPH graph:zz\u00d7y { <a:a> a ckg:Statement } }",
        "WITH <a:n> DELETE {} WHERE { ?x ?y ?z FILTER(?x<ckg:b#> '\\\n) }; INSERT DATA "
        "{ GRAPH <https://w3id.org/conflictkg/graph/derived/x> { <a:e> a ckg:Statement } } #'",
        "WITH <a:n> DELETE {} WHERE { ?x ?y ?z FILTER(?x<ckg:b#> '1') \n) }; CLEAR GRAPH <a:g> #'",
    ],
)
def test_where_any_graph_may_be_meant_all_are_watched(update: str) -> None:
    assert named_graphs(update) is None
