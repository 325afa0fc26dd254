"""Why the processes cannot run, in words for whoever typed the command."""

from signoff.kernel.errors import SignoffError


class StackError(SignoffError):
    """The text says what is wrong and what to do."""


class PortTaken(StackError):
    """Somebody else listens there."""

    def __init__(self, port: int, free: int) -> None:
        super().__init__(
            f"Port {port} is in use on this machine, perhaps by another demo. "
            f"Stop that, or choose other ports: --port {free}"
        )


class ProcessFailed(StackError):
    """A process ended that should run, or could not do its work."""

    def __init__(self, name: str, code: int, log: str, tail: str) -> None:
        super().__init__(f"{name} ended with status {code}. The end of {log}:\n{tail}")


class TooSlow(StackError):
    """A process did not answer in time."""

    def __init__(self, name: str, seconds: float, log: str, tail: str) -> None:
        super().__init__(f"{name} did not answer in {seconds:.0f} s. The end of {log}:\n{tail}")


class Stopped(StackError):
    """Somebody pressed Ctrl-C before everything ran."""

    def __init__(self) -> None:
        super().__init__("Stopped.")
