"""`python -m signoff.cli`: for processes that start others, wherever the script `signoff` lies."""

from signoff.cli.main import app

app(prog_name="signoff")
