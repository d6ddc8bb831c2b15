#!/usr/bin/env python3
"""Writes Sources/Borders/PhoneNumbers/Places/prefixes.txt: where numbers that begin so are at home.

usage: pip install phonenumbers==9.0.43 && scripts/make-phone-places.py

Time zones and states are libphonenumber's (Apache-2.0, Google), as the phonenumbers package carries them: Debian's C++
library has neither. A line a prefix: digits, state or province by ISO 3166-2 or "-", time zones with a comma between them.
"""
import collections
import pathlib

from phonenumbers import __version__
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

TARGET = pathlib.Path(__file__).parent.parent / "Sources/Borders/PhoneNumbers/Places/prefixes.txt"

# An overlay has numbers all over the area it was laid over, and libphonenumber one zone for it.
OVERLAYS = {
    "1364": "1270", "1930": "1812", "1448": "1850", "1458": "1541", "1531": "1402", "1986": "1208", "1367": "1418", "1581": "1418",
    "1236": "1250", "1257": "1250", "1672": "1250", "1778": "1250", "1879": "1709",
}
# Mobile numbers of a whole country that keeps several times, of which the tables know the capital's.
MOBILES = {"346": "Atlantic/Canary", "347": "Atlantic/Canary"}
# Area codes that geocoding has nothing for.
KNOWN = {"1787": "US-PR", "1939": "US-PR", "1340": "US-VI", "1671": "US-GU", "1670": "US-MP", "1684": "US-AS", "1257": "CA-BC"}
US = """AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;DC Washington D.C.
FL Florida;GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;LA Louisiana;ME Maine
MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;NE Nebraska;NV Nevada
NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon
PA Pennsylvania;RI Rhode Island;SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia
WA Washington State;WV West Virginia;WI Wisconsin;WY Wyoming"""
CA = """AB Alberta;BC British Columbia;MB Manitoba;NB New Brunswick;NL Newfoundland and Labrador;NS Nova Scotia
NT Northwest Territories;NU Nunavut;ON Ontario;PE Prince Edward Island;QC Quebec;SK Saskatchewan;YT Yukon"""


def subdivisions():
    for country, table in (("US", US), ("CA", CA)):
        for entry in table.replace("\n", ";").split(";"):
            code, name = entry.split(" ", 1)
            yield name, f"{country}-{code}"
            yield code, f"{country}-{code}"


REGIONS = dict(subdivisions())
# Shared by provinces: both hold.
SEVERAL = {"1902": "CA-NS/CA-PE", "1782": "CA-NS/CA-PE", "1867": "CA-NT/CA-NU/CA-YT"}


def region(place):
    """Of "New Jersey", of "Hackensack, NJ"; None of "Canada"."""
    return REGIONS.get(place) or REGIONS.get(place.rsplit(", ", 1)[-1])


def regions_by_area():
    votes = collections.defaultdict(collections.Counter)
    for prefix, places in GEOCODE_DATA.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            found = region(places.get("en", ""))
            # What is said of the whole area counts for more than places in it.
            if found:
                votes[prefix[:4]][found] += 10_000 if len(prefix) == 4 else 1
    found = {area: counts.most_common(1)[0][0] for area, counts in votes.items()}
    return {**found, **KNOWN, **SEVERAL}


def main():
    zones = {prefix: set(names) for prefix, names in TIMEZONE_DATA.items()}
    # Numbers move within their area: where its exchanges keep different times, all of them hold for the whole area.
    areas = collections.defaultdict(set)
    for prefix, names in zones.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            areas[prefix[:4]] |= names
    for overlay, under in OVERLAYS.items():
        together = areas[overlay] | areas[under]
        areas[overlay], areas[under] = together, together
    for prefix, zone in MOBILES.items():
        zones[prefix] = zones[prefix] | {zone}
    regions = regions_by_area()
    lines = {}
    for prefix, names in zones.items():
        if not prefix.startswith("1"):
            lines[prefix] = ("-", names)
    for area, names in areas.items():
        lines[area] = (regions.get(area, "-"), names)
    text = [f"# libphonenumber {__version__}, Apache-2.0; made by scripts/make-phone-places.py"]
    text += [f"{prefix} {where} {','.join(sorted(names))}" for prefix, (where, names) in sorted(lines.items())]
    TARGET.write_text("\n".join(text) + "\n")
    print(f"{len(lines)} prefixes, {sum(1 for where, _ in lines.values() if where != '-')} with a region")


main()
