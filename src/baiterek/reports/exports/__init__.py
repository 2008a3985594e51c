"""A run as files that other tools read: `write_exports(result, folder)`, and `FORMATS` to write one of them.

    format    file               frame and time                                   for
    --------  -----------------  -----------------------------------------------  ------------------------------------
    oem       trajectory.oem     GCRF, UTC, km                                    flight dynamics: CCSDS 502.0-B-3
    opm       insertion.opm      GCRF, UTC, km, kg                                orbit determination: CCSDS 502.0-B-3
    czml      flight.czml        Earth-fixed (ITRF), UTC, m                       a globe that moves: Cesium
    kml       flight.kml         WGS 84 longitude, latitude, deg; height, m       a globe: Google Earth
    geojson   flight.geojson     WGS 84 longitude, latitude, deg; height, m       a map: QGIS, a web page (RFC 7946)
    csv       trajectory.csv     as each column's name says, SI and deg           a spreadsheet; falls.csv beside it
    netcdf    flight.nc          as each variable's attributes say                xarray, Panoply (CF conventions 1.11)

Nothing is computed here that is not in the results folder, but the turn of axes and the outline of a zone.
"""

from baiterek.reports.exports.formats import FOLDER, FORMATS, Export, export, write_exports

__all__ = ["FOLDER", "FORMATS", "Export", "export", "write_exports"]
