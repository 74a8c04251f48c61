"""How fast the tool is, always beside something else that was measured in the same run; see README.md."""
