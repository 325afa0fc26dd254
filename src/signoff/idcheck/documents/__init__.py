"""What a document says, from the lines that an OCR found. Pure: no picture, no registration."""
