"""The command line: words in, words out; everything else happens in the rooms below."""
