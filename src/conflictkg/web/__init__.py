"""The SPARQL endpoint and the site.

What touches the graph is a plain function from a Request to a Response (``web.app.answer``); it
runs in a worker process under limits. What touches the network (``web.server``) parses HTTP,
hands requests to workers, ends those that take too long, and serialises writes.
"""
