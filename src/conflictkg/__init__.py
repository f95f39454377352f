"""conflictkg: a knowledge graph of reporting on armed conflict."""

__version__ = "0.1.0"
