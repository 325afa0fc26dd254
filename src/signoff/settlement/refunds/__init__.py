"""Money that goes back: where it goes, who lets it go, and how far it is."""
