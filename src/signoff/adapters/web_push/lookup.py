"""The address of a push service's host, if it is one of the public internet."""

import ipaddress
import socket
from collections.abc import Callable

from signoff.ports.errors import Permanent, Temporary

SYSTEM = "push"
Resolve = Callable[[str], list[str]]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address


def resolved(host: str) -> list[str]:
    """All addresses of `host`, as the system's resolver gives them. Raises OSError."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_rest, address in found]


def public_addresses(host: str, resolve: Resolve = resolved) -> list[str]:
    """Those to connect to, in this order: the first of IPv6, the first of IPv4, as the resolver has
    them. Raises Temporary if there is none, Permanent for one within.

    If any of them is private, loopback, link-local or otherwise not of the public internet, none
    is used: the name is not what it should be. The caller connects to these very addresses, so that
    a second answer of the resolver (DNS rebinding) has no say.
    """
    try:
        addresses = resolve(host)
    except OSError as error:
        raise Temporary(SYSTEM, f"{host} cannot be found") from error
    if not addresses:
        raise Temporary(SYSTEM, f"{host} has no address")
    if not all(_is_public(address) for address in addresses):
        raise Permanent(SYSTEM, f"{host} leads into a private network: nothing was sent")
    of_each: dict[bool, str] = {}
    for address in addresses:
        of_each.setdefault(":" in address, address)
    return list(of_each.values())


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # with a zone, as link-local ones have
        return False
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if found in _NAT64:
        mapped = ipaddress.IPv4Address(found.packed[-4:])
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)
