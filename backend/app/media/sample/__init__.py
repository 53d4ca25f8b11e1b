"""Our own two videos, drawn and composed by code: free to ship, with cuts known to the frame."""

from app.media.sample.encoding import make_sample
from app.media.sample.film import Film
from app.media.sample.films import DAY, ROAD, SAMPLES

__all__ = ["DAY", "ROAD", "SAMPLES", "Film", "make_sample"]
