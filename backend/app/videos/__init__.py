"""The videos a person uploaded: kept under their hash, one folder each; `library` is the front door."""
