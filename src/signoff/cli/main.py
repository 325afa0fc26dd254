"""`signoff`: every command, in a module of its own.

A command that needs the database calls `signoff.cli.setup.django_ready()` first and imports what
needs Django after that: so `signoff --help`, `verify` and `keys` need neither settings nor database.
"""

import typer

from signoff.cli import (
    audit,
    box,
    check,
    demo,
    demo_people,
    import_,
    journal,
    keys,
    mail,
    migrate,
    policy,
    settings,
    staff,
    verify,
    walkthrough,
    web,
    worker,
)

app = typer.Typer(
    help="Lets the customers of a carrier close a line or an account, safely and provably.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print local variables: names, numbers
)

app.command("demo")(demo.demo)
app.command("walkthrough")(walkthrough.walkthrough)
app.command("migrate")(migrate.migrate)
app.command("web")(web.web)
app.command("worker")(worker.worker)
app.command("box")(box.box)
app.command("check")(check.check)
app.command("settings")(settings.settings)
app.command("import")(import_.import_)
app.command("demo-people")(demo_people.demo_people)
app.command("verify")(verify.verify)
app.add_typer(audit.app, name="audit")
app.add_typer(journal.app, name="journal")
app.add_typer(keys.app, name="keys")
app.add_typer(mail.app, name="mail")
app.add_typer(policy.app, name="policy")
app.add_typer(staff.app, name="staff")
