"""The edge: HTTP, worker processes under limits, one writer with a journal."""
