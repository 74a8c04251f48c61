"""The network and its learning, in NumPy alone: every gradient here is derived by hand."""
