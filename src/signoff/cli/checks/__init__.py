"""What `signoff check` looks at, one concern a file."""
