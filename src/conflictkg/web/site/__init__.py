"""The pages that people read: each a function from a request to a response."""
