"""What was booked: double entry, append-only, balanced by the database itself."""
