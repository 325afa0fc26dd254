"""A PostgreSQL cluster of our own, on a free loopback port, thrown away at the end."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest version that is installed."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
    )
    if versions:
        return versions[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_postgres(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then as the user `postgres`, to whom the folder goes."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def cluster(*, survives_power_cuts: bool = False) -> Iterator[str]:
    """Yields the address of a fresh database server; raises FileNotFoundError without PostgreSQL.

    survives_power_cuts: waits for the disk, as an operator's server does. Tests kill processes,
    which loses nothing that a living kernel holds, and never the server or the machine.
    """
    found = binaries()
    if found is None:
        raise FileNotFoundError("PostgreSQL's initdb: on Debian `apt-get install postgresql-15`")
    folder = Path(tempfile.mkdtemp(prefix="signoff-pg-"))
    identity = _as_postgres(folder)
    port = _free_port()

    def run(*command: object) -> None:
        subprocess.run(
            [str(word) for word in command],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **identity,  # type: ignore[call-overload]
        )

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    if not survives_power_cuts:
        options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    cluster_folder = folder / "cluster"
    run(
        found / "initdb",
        "-D",
        cluster_folder,
        "-U",
        "signoff",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        *([] if survives_power_cuts else ["--no-sync"]),
    )
    run(found / "pg_ctl", "-D", cluster_folder, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://signoff@127.0.0.1:{port}/postgres"
    finally:
        run(found / "pg_ctl", "-D", cluster_folder, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
