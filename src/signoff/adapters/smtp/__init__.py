"""Electronic mail by SMTP (RFC 5321), each letter with a Message-ID made from its key."""
