"""Uploads that can be taken up again where they broke off (tus 1.0); `receiver` is the front door."""
