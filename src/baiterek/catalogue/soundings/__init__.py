"""What a balloon measured: readers for three formats, one record, and the wind that it makes of the air above the pad."""

from baiterek.catalogue.soundings.join import measured_wind
from baiterek.catalogue.soundings.read import read_sounding
from baiterek.catalogue.soundings.sounding import Sounding

__all__ = ["Sounding", "measured_wind", "read_sounding"]
