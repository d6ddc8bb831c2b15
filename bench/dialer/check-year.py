#!/usr/bin/env python3
"""Says whether calls that were placed were ones that may be placed. It knows nothing of the gate: neither its code nor its rules.

usage: check-year.py LOG…

A log has a JSON object a line, in the order in which it happened: who there is, what they said, which calls the carrier was asked
for. Places are those of places.py, clocks Python's own (zoneinfo, the system's tzdata); hours, holidays and caps are typed in from
what the laws say, see the tables below. Prints each violation, and a line of figures for each log; ends with 1 where there was a
violation, with 2 where a log cannot be read.
"""
import collections
import datetime
import json
import sys
import zoneinfo

import places

MINUTE, HOUR, DAY = 60, 3_600, 86_400
# What was allowed holds for so long: a consent that is taken down a step, a rule that is chosen, or a number that is retired meanwhile.
VALID = 2 * MINUTE
LEVELS = {None: 0, "none": 0, "express": 1, "express_written": 2}
MON_SUN, MON_SAT, MON_FRI, SAT_SUN = range(0, 7), range(0, 6), range(0, 5), range(5, 7)


def week(*spans):
    """Seven pairs of minutes of the day, Monday first; None is a day without calls."""
    days = [None] * 7
    for which, start, end in spans:
        for day in which:
            days[day] = (int(start * 60), int(end * 60))
    return days


# 47 CFR 64.1200(c)(1), 16 CFR 310.4(c); 12 CFR 1006.6(b)(1).
FEDERAL = week((MON_SUN, 8, 21))
CONSERVATIVE = week((MON_SAT, 10, 19))
STATE_HOURS = {
    "AL": week((MON_SAT, 8, 20)), "CT": week((MON_SUN, 9, 20)), "FL": week((MON_SUN, 8, 20)), "IL": week((MON_SUN, 9, 21)),
    "KY": week((MON_SUN, 10, 21)), "LA": week((MON_SAT, 8, 20)), "MA": week((MON_SUN, 8, 20)), "MD": week((MON_SUN, 8, 20)),
    "ME": week((MON_FRI, 9, 17)), "MI": week((MON_SUN, 9, 21)), "MN": week((MON_SUN, 9, 21)), "MS": week((MON_SAT, 8, 20)),
    "NE": week((MON_FRI, 8, 21), (SAT_SUN, 13, 21)), "NM": week((MON_SUN, 9, 21)), "NV": week((MON_SUN, 9, 20)),
    "OK": week((MON_SUN, 8, 20)), "RI": week((MON_FRI, 9, 18), ([5], 10, 17)), "SD": week((MON_SAT, 9, 21)),
    "TX": week((MON_SAT, 9, 21), ([6], 12, 21)), "UT": week((MON_SAT, 8, 21)), "WA": week((MON_SUN, 8, 20)),
    "WY": week((MON_SUN, 8, 20)),
}
PENNSYLVANIA_UNTIL = (datetime.date(2026, 10, 18), week((MON_SUN, 8, 21)))
PENNSYLVANIA = week((MON_FRI, 9, 19), ([5], 9, 12))
COUNTRY_HOURS = {
    "CA": week((MON_FRI, 9, 21.5), (SAT_SUN, 10, 18)), "GB": week((MON_FRI, 8, 21), ([5], 9, 21), ([6], 10, 20)),
    "EU": week((MON_FRI, 10, 20)), "IN": week((MON_SUN, 10, 19)),
}
CONSENT = {"US": ({"marketing": 2}, 1), "CA": ({"marketing": 1}, 0), "GB": ({"marketing": 1}, 0),
           "EU": ({"marketing": 1, "survey": 1}, 0), "IN": ({"marketing": 1}, 0)}


def easter(year):
    """Of the Gregorian calendar, after the anonymous algorithm of Nature, 1876."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    return datetime.date(year, (h + l - 7 * m + 114) // 31, (h + l - 7 * m + 114) % 31 + 1)


def nth(year, month, weekday, n):
    if n < 0:
        last = (datetime.date(year, month, 28) + datetime.timedelta(4)).replace(day=1) - datetime.timedelta(1)
        return last - datetime.timedelta((last.weekday() - weekday) % 7)
    first = datetime.date(year, month, 1)
    return first + datetime.timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))


def kept(date):
    """A fixed day, and the one it is observed on: Friday for Saturday, Monday for Sunday."""
    beside = {5: -1, 6: 1}.get(date.weekday())
    return {date} if beside is None else {date, date + datetime.timedelta(beside)}


HOLIDAYS = {
    "new year": lambda y: kept(datetime.date(y, 1, 1)), "king": lambda y: {nth(y, 1, 0, 3)},
    "presidents": lambda y: {nth(y, 2, 0, 3)}, "mardi gras": lambda y: {easter(y) - datetime.timedelta(47)},
    "good friday": lambda y: {easter(y) - datetime.timedelta(2)}, "rhode island": lambda y: kept(datetime.date(y, 5, 4)),
    "memorial": lambda y: {nth(y, 5, 0, -1)}, "flag": lambda y: kept(datetime.date(y, 6, 14)),
    "juneteenth": lambda y: kept(datetime.date(y, 6, 19)), "independence": lambda y: kept(datetime.date(y, 7, 4)),
    "pioneer": lambda y: kept(datetime.date(y, 7, 24)), "victory": lambda y: {nth(y, 8, 0, 2)}, "labor": lambda y: {nth(y, 9, 0, 1)},
    "columbus": lambda y: {nth(y, 10, 0, 2)}, "election": lambda y: {nth(y, 11, 0, 1) + datetime.timedelta(1)},
    "veterans": lambda y: kept(datetime.date(y, 11, 11)), "thanksgiving": lambda y: {nth(y, 11, 3, 4)},
    "day after": lambda y: {nth(y, 11, 3, 4) + datetime.timedelta(1)}, "parks": lambda y: kept(datetime.date(y, 12, 1)),
    "christmas": lambda y: kept(datetime.date(y, 12, 25)), "family": lambda y: {nth(y, 2, 0, 3)},
    "boxing": lambda y: kept(datetime.date(y, 12, 26)),
}
# 5 U.S.C. 6103.
FEDERAL_HOLIDAYS = "new year,king,presidents,memorial,juneteenth,independence,labor,columbus,veterans,thanksgiving,christmas"
REGION_HOLIDAYS = {
    "US-PA": "new year,king,presidents,good friday,memorial,flag,independence,labor,columbus,election,veterans,thanksgiving,christmas",
    "US-AL": "new year,king,presidents,juneteenth,memorial,independence,labor,columbus,veterans,thanksgiving,parks,christmas",
    "US-LA": "new year,king,mardi gras,good friday,independence,labor,veterans,thanksgiving,day after,christmas",
    "US-MS": "new year,king,presidents,memorial,independence,labor,veterans,thanksgiving,christmas",
    "US-RI": "new year,presidents,rhode island,memorial,independence,victory,labor,columbus,veterans,thanksgiving,christmas",
    "US-UT": "new year,king,presidents,memorial,juneteenth,independence,pioneer,labor,columbus,veterans,thanksgiving,christmas",
}
CALENDARS = {}
KNOWN_ZONES = zoneinfo.available_timezones()


def is_holiday(names, date):
    key = (names, date.year)
    if key not in CALENDARS:
        # The first of January may be kept in the year before.
        CALENDARS[key] = {day for year in (date.year, date.year + 1) for name in names.split(",") for day in HOLIDAYS[name](year)}
    return date in CALENDARS[key]


class Log:
    def __init__(self):
        self.people = collections.defaultdict(list)
        self.campaigns, self.sets, self.retired = {}, {}, {}
        self.left_alone, self.stopped, self.paused = set(), set(), set()
        self.consent = collections.defaultdict(list)
        self.calls, self.from_number, self.of_campaign, self.talked = (collections.defaultdict(list) for _ in range(4))
        self.last = {}
        self.dials = 0
        self.found = []

    def take(self, line):
        kind, who = line["type"], (line.get("tenant"), line.get("number"))
        if kind == "person":
            self.people[who].append((line.get("zone"), line.get("state")))
        elif kind == "campaign":
            self.campaigns[line["campaign"]] = line
        elif kind == "rules":
            before = self.sets.get(who[0], (None, line["sets"], 0))[1]
            self.sets[who[0]] = (before, line["sets"], line["at"])
        elif kind == "consent":
            self.consent[who].append((line["at"], LEVELS[line.get("level")]))
        elif kind == "opt_out":
            self.left_alone.add(who)
        elif kind in ("stop", "go"):
            (self.stopped.add if kind == "stop" else self.stopped.discard)(who[0])
        elif kind in ("pause", "resume"):
            (self.paused.add if kind == "pause" else self.paused.discard)(line["campaign"])
        elif kind == "retire":
            self.retired[who] = line["at"]
        elif kind == "return":
            self.retired.pop(who, None)
        elif kind == "ended":
            self.talked[who].append(line["at"])
        elif kind == "congested":
            # Somebody on the way had no room for it: nobody was called.
            for times in self.last.pop(who, ()):
                times.pop()
        elif kind == "dial":
            self.dials += 1
            self.check(line, who)
        else:
            raise ValueError(f"a line of type {kind}")

    def check(self, line, who):
        at, campaign = line["at"], self.campaigns.get(line["campaign"])

        def fault(code, detail=""):
            when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat(timespec="seconds")
            self.found.append((code, f"{when} {line['number']} {detail}"))

        if who not in self.people or campaign is None:
            return fault("unknown_person")
        if who in self.left_alone:
            fault("left_alone")
        if who[0] in self.stopped:
            fault("stopped")
        if line["campaign"] in self.paused:
            fault("paused")
        retired = self.retired.get((who[0], line["from"]))
        if retired is not None and at - retired > VALID:
            fault("caller_id_retired", line["from"])
        place = places.of_number(line["number"])
        if place is None:
            fault("place_unknown")
        elif place.is_refused:
            fault("number_kind")
        else:
            self.check_law(at, campaign, who, place, fault)
        self.check_caps(at, line, who, place, campaign, fault)

    def check_law(self, at, campaign, who, place, fault):
        """Under the rules that are chosen, or those that were until a moment ago."""
        before, now, since = self.sets.get(who[0], (None, [], 0))
        choices = [now] + ([before] if before and at - since <= VALID else [])
        if not any(self.is_covered(sets, place) for sets in choices):
            return fault("country_not_covered", place.country)
        levels = self.consent[who]
        given = max([level for time, level in levels if at - time <= VALID] + [levels[-1][1]] if levels else [0])
        by_purpose, otherwise = CONSENT[place.law]
        if given < by_purpose.get(campaign["purpose"], otherwise):
            fault("consent", f"{given} for {campaign['purpose']}")
        regions = set(place.regions)
        zones = set(place.zones)
        for zone, state in self.people[who]:
            elsewhere = places.of_state(state) if place.law in ("US", "CA") else None
            if elsewhere:
                regions.add(elsewhere.region)
            zones |= {zone} if zone else set(elsewhere.zones if elsewhere else ())
        unheard_of = zones - KNOWN_ZONES
        if unheard_of:
            return fault("place_unknown", f"{unheard_of}")
        for zone in sorted(zones):
            local = datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(zone))
            strict = ("us_conservative" in sets for sets in choices)
            for code, name in self.closed(local, campaign, place, regions, all(strict)):
                fault(code, f"{name}: {local.strftime('%a %Y-%m-%d %H:%M:%S')} in {zone}")

    @staticmethod
    def is_covered(sets, place):
        wanted = {"US": {"us", "us_conservative"}, "CA": {"ca"}, "GB": {"uk"}, "EU": {"eu"}, "IN": {"in"}}
        return bool(wanted.get(place.law, set()) & set(sets))

    def closed(self, local, campaign, place, regions, conservative):
        minute, date, purpose = local.hour * 60 + local.minute, local.date(), campaign["purpose"]
        hours, days = {}, {}
        if campaign.get("hours"):
            names = {"mon_sun": MON_SUN, "mon_sat": MON_SAT, "mon_fri": MON_FRI, "sat_sun": SAT_SUN}
            clock = lambda text: int(text[:2]) + int(text[3:]) / 60
            hours["campaign"] = week(*((names[key], clock(a), clock(b)) for key, (a, b) in campaign["hours"].items()))
        if place.law == "US":
            if purpose in ("marketing", "survey", "collections"):
                hours["federal"] = FEDERAL
            if conservative:
                hours["conservative"], days["federal"] = CONSERVATIVE, FEDERAL_HOLIDAYS
            if purpose == "marketing":
                for region in regions:
                    until, before = PENNSYLVANIA_UNTIL
                    state = region[3:]
                    table = (before if date < until else PENNSYLVANIA) if region == "US-PA" else STATE_HOURS.get(state)
                    if table and region.startswith("US-"):
                        hours[region] = table
                    if region in REGION_HOLIDAYS:
                        days[region] = REGION_HOLIDAYS[region]
        else:
            hours[place.law] = COUNTRY_HOURS[place.law]
            if place.law == "CA":
                days["Canada"] = "new year,christmas"
                if "CA-ON" in regions:
                    days["CA-ON"] = "family,boxing"
        for name, table in hours.items():
            span = table[local.weekday()]
            if span is None or not span[0] <= minute < span[1]:
                yield "hours", name
        for name, names in days.items():
            if is_holiday(names, date):
                yield "holiday", name

    def check_caps(self, at, line, who, place, campaign, fault):
        ours = self.from_number[(who[0], line["from"])]
        before = self.calls[who]
        within = lambda times, seconds: sum(1 for time in times if at - time < seconds)
        if within(ours, MINUTE) >= 3:
            fault("caller_id_minute", line["from"])
        if within(ours, DAY) >= 75:
            fault("caller_id_day", line["from"])
        if within(before, 7 * DAY) >= 3:
            fault("attempts_week")
        zones = (set(place.zones) if place else set()) | {zone for zone, _ in self.people[who] if zone} & KNOWN_ZONES
        day = lambda time, zone: datetime.datetime.fromtimestamp(time, zoneinfo.ZoneInfo(zone)).date()
        if any(day(at, zone) == day(time, zone) for time in before[-3:] for zone in zones):
            fault("attempts_day")
        if place and place.law == "US":
            if campaign["purpose"] == "informational" and within(before, 30 * DAY) >= 3:
                fault("attempts_month")
            if campaign["purpose"] == "collections":
                ends = self.talked[who]
                if any((day(at, zone) - day(time, zone)).days < 7 for time in ends[-1:] for zone in zones):
                    fault("talked_lately")
        of = self.of_campaign[(line["campaign"], line["number"], line.get("person"))]
        if len(of) >= campaign.get("attempts_max", 6):
            fault("attempts_life")
        self.last[who] = (before, of)
        for times in (ours, before, of):
            times.append(at)


def main(paths):
    worst = 0
    for path in paths:
        log = Log()
        try:
            with open(path, encoding="utf-8") as lines:
                for text in lines:
                    log.take(json.loads(text))
        except (OSError, ValueError, KeyError) as error:
            print(f"{path}: cannot be read: {error!r}")
            return 2
        for code, detail in log.found[:200]:
            print(f"{path}: {code}: {detail}")
        by_code = ", ".join(f"{code} {n}" for code, n in sorted(collections.Counter(c for c, _ in log.found).items()))
        print(f"{path}: {log.dials} calls to {len(log.calls)} numbers, {len(log.found)} violations{': ' + by_code if by_code else ''}")
        worst = max(worst, 1 if log.found else 0)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
