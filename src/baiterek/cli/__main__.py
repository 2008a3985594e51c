"""`python -m baiterek.cli`: the same program."""

from baiterek.cli import main

main()
