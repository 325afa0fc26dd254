"""A browser of the box's push service: subscribes, fetches, and opens what was sealed for it."""

import base64
import re
from dataclasses import dataclass

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signoff.ports.pushes import Browser


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def opened(body: bytes, *, key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    """RFC 8291 from the other side. Raises InvalidTag for what was not sealed for this browser."""
    salt, length = body[:16], body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    shared = key.exchange(ec.ECDH(), theirs)

    def derived(source: bytes, salted: bytes, info: bytes, size: int) -> bytes:
        return HKDF(hashes.SHA256(), size, salted, info).derive(source)

    main = derived(shared, secret, b"WebPush: info\0" + point_of(key) + sender, 32)
    content_key = derived(main, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derived(main, salt, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(content_key).decrypt(nonce, sealed, None)
    text, delimiter, _padding = record.rpartition(b"\x02")
    assert delimiter
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """As the browser gets it."""

    id: str
    topic: str
    text: bytes


class UserAgent:
    """A browser that takes messages from one operator only."""

    def __init__(self, service: str, application_server_key: str) -> None:
        """service: the box's address."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = b"sixteen bytes..."
        self._http = httpx.Client(base_url=service, trust_env=False, timeout=10)
        made = self._http.post("/push/subscribe", json={"vapid": application_server_key})
        assert made.status_code == 201, made.text
        self._own = made.headers["Location"]
        link = re.fullmatch(r'<(.+)>; rel="urn:ietf:params:push"', made.headers["Link"])
        assert link
        self.endpoint = service + link[1]

    @property
    def browser(self) -> Browser:
        """What a page would send us."""
        return Browser(self.endpoint, point_of(self._key), self._secret)

    @property
    def form(self) -> dict[str, str]:
        """The same, as the page's form has it."""
        keys = {"public_key": base64url(point_of(self._key)), "secret": base64url(self._secret)}
        return {"endpoint": self.endpoint, **keys}

    def messages(self) -> list[Message]:
        """What waits, opened, oldest first."""
        return [
            Message(row["id"], row["topic"], self._opened(row["body"]))
            for row in self._http.get(self._own).raise_for_status().json()
        ]

    def _opened(self, body: str) -> bytes:
        return opened(base64.b64decode(body), key=self._key, secret=self._secret)

    def takes(self, message: Message) -> None:
        """It was shown."""
        assert self._http.delete(f"/push/messages/{message.id}").status_code == 204

    def unsubscribe(self) -> None:
        """As when the person takes the permission back."""
        assert self._http.delete(self._own).status_code == 204
