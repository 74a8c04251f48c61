"""The version of the package, which files, pages and the command line name."""

__all__ = ["__version__"]

__version__ = "0.1.0"
