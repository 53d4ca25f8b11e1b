"""One module a peer: its queue, its handlers, and how it is asked; all behind `peer.Peer`."""
