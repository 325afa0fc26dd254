"""Web push: RFC 8030 (the wire), RFC 8291 (the seal), RFC 8292 (who we are)."""

from signoff.adapters.web_push.pushes import WebPush

__all__ = ["WebPush"]
