"""`SubscriberRegister` on osmo-hlr."""

from signoff.adapters.osmo_hlr import ctrl
from signoff.adapters.osmo_hlr.connection import SYSTEM, Connection
from signoff.adapters.osmo_hlr.subscriber import NetworkAccess, parse_info
from signoff.adapters.osmo_hlr.vty import Terminal
from signoff.kernel.identifiers import Imsi
from signoff.ports.errors import Permanent, RemoteError, Temporary
from signoff.ports.network import Subscriber

_NO_SUCH = "No such subscriber."
_DOES_NOT_EXIST = "Subscriber doesn't exist."
_FAILED_INSIDE = "An error has occurred."  # osmo-hlr's words when its database failed
_NOBODY = Imsi("001010000000000")  # test network of 3GPP TS 36.508; asked for to see an answer


class OsmoHlr:
    """One conversation an operation, nothing kept open between two."""

    def __init__(self, ctrl: tuple[str, int], vty: tuple[str, int], timeout: float) -> None:
        """`ctrl` and `vty`: (host, port), by default 4259 and 4258; `timeout` in seconds."""
        self._ctrl = ctrl
        self._vty = vty
        self._timeout = timeout

    def look_up(self, imsi: Imsi) -> Subscriber | None:
        """None if osmo-hlr does not know `imsi`. Raises Temporary or Permanent."""
        access = self._access(imsi)
        if access is None:
            return None
        return Subscriber(imsi=imsi, msisdn_digits=access.msisdn_digits, has_service=access.any)

    def stop_service(self, imsi: Imsi) -> None:
        """Network access none, over VTY: osmo-hlr then sends Delete-Subscriber-Data at once."""
        self._set_network_access(imsi, "none")
        access = self._access(imsi)
        if access is None or access.any:
            raise Permanent(SYSTEM, "took the order to stop service, but service is not stopped")

    def restore_service(self, imsi: Imsi) -> None:
        """Network access for circuits and packets."""
        self._set_network_access(imsi, "cs+ps")
        access = self._access(imsi)
        if access is None or not access.all:
            raise Permanent(SYSTEM, "took the order to restore service, but there is none")

    def remove(self, imsi: Imsi) -> None:
        """Deletes, and asks again to see that the subscriber is gone.

        Deleting tells nobody: a subscriber with service must be stopped first.
        """
        with Connection(self._ctrl, self._timeout) as connection:
            answer = ctrl.put(connection, "subscriber.delete", imsi)
        if answer.error not in (None, _DOES_NOT_EXIST):
            raise _refusal(answer)
        if self._access(imsi) is not None:
            raise Permanent(SYSTEM, "took the order to delete, but the subscriber is still there")

    def ping(self) -> str:
        """Name and version, as its terminal says; raises RemoteError if either side is deaf."""
        self._access(_NOBODY)
        with Connection(self._vty, self._timeout) as connection:
            version = Terminal(connection).command("show version")
        return version.partition("\n")[0]

    def _access(self, imsi: Imsi) -> NetworkAccess | None:
        with Connection(self._ctrl, self._timeout) as connection:
            answer = ctrl.get(connection, f"subscriber.by-imsi-{imsi}.info")
        if answer.error == _NO_SUCH:
            return None
        if answer.error is not None:
            raise _refusal(answer)
        return parse_info(answer.value, imsi=imsi)

    def _set_network_access(self, imsi: Imsi, mode: str) -> None:
        with Connection(self._vty, self._timeout) as connection:
            output = Terminal(connection).command(
                f"subscriber imsi {imsi} update network-access-mode {mode}"
            )
        if output == f"% No subscriber for imsi = '{imsi}'":
            raise Permanent(SYSTEM, "there is no such subscriber", raw=output)
        if output:
            raise Permanent(SYSTEM, "the terminal refused to change network access", raw=output)


def _refusal(answer: ctrl.Answer) -> RemoteError:
    kind = Temporary if answer.error == _FAILED_INSIDE else Permanent
    return kind(SYSTEM, f"the control interface said: {answer.error}", raw=answer.raw)
