"""``python -m backprop_anim`` is the command line."""

from backprop_anim.cli.main import main

if __name__ == "__main__":
    main()
