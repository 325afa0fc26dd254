"""What everything else is written in: identifiers, money, periods, errors. No framework."""
