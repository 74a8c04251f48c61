"""Puts this folder, with its helpers, on the path of all tests."""
