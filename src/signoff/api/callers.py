"""Which SM-DP+ may notify us. ES2+ is mutual TLS (GSMA SGP.22 v2.5 section 2.6.7 and 6.3).

TLS ends at the proxy in front. It verifies the client certificate against the SM-DP+'s CA and
hands it on in `Client-Cert` (RFC 9440); nginx, which cannot write that form, as escaped PEM. The
header means something only from a proxy that drops the same header of its own callers: without the
setting for such a proxy nobody may notify us. With a list of fingerprints only those certificates
may. The demo's carrier calls from this very machine and needs none.
"""

import base64
import binascii
import ipaddress
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.http import HttpRequest

from signoff.config import Config


def may_notify(request: HttpRequest, config: Config) -> bool:
    """Is the caller an SM-DP+ that this operator has let in?"""
    if not config.trusted_proxy:
        return config.demo and _is_this_machine(request)
    certificate = certificate_in(request.headers.get("Client-Cert", ""))
    if certificate is None:
        return False
    allowed = {_plain(fingerprint) for fingerprint in config.smdp_callers}
    return not allowed or certificate.fingerprint(hashes.SHA256()).hex() in allowed


def certificate_in(header: str) -> x509.Certificate | None:
    """RFC 9440 (`:` base64 of DER `:`), or PEM with % escapes; None for anything else."""
    try:
        if header.startswith(":") and header.endswith(":"):
            der = base64.b64decode(header.strip(":"), validate=True)
            return x509.load_der_x509_certificate(der)
        return x509.load_pem_x509_certificate(unquote(header).encode())
    except (ValueError, binascii.Error):
        return None


def _plain(fingerprint: str) -> str:
    """However openssl and browsers write it."""
    return fingerprint.replace(":", "").replace(" ", "").lower()


def _is_this_machine(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
