"""Places that keep jobs; each passes `longtake.testing.StoreContract`."""
