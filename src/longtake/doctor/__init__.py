"""Is everything as it should be with a queue? One check for each thing that commonly is not, each with its remedy."""

from longtake.doctor.check import Check
from longtake.doctor.examining import examine
from longtake.doctor.folders import look_at_disk, look_at_folder
from longtake.doctor.installation import EXTRAS, look_at_extra

__all__ = ["EXTRAS", "Check", "examine", "look_at_disk", "look_at_extra", "look_at_folder"]
