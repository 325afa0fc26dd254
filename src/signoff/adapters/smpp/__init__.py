"""Text messages through an SMSC (SMPP 3.4), each once: docs/adr/0005-sms-exactly-once.md."""
