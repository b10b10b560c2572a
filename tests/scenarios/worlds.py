#!/usr/bin/env python3
"""Random worlds for the books: a configuration, an inventory and a trace, the same ones for the same seed.

    worlds.py --seed N --out DIR [--lines N] [--days N] [--size small|month|year]

`small` exercises every rule of the books and is what compare.py plays against the product: of three seeds one makes a
SmallWorld, a day or two of ranges with faults in them, two make a TroubledWorld, some minutes of a monitor's questions
while lines, agents, ping and our own uplink fail and people change the checks. `month` and `year` are for
benches: lines asked every 10 s, outages of 30 s to 3 h with fast questions until confirmed, monitor stops, clock steps,
windows; written as a stream.

Inside, an event has a moment `mono` on a clock that is never stepped; the label that the trace shows is made from it
when it is written. The randomness is that of random.Random(seed) and nothing else.
"""

import argparse
import csv
import datetime
import heapq
import itertools
import json
import math
import pathlib
import random
import sys
import zoneinfo

import questions

MS, MINUTE, HOUR, DAY = 1, 60_000, 3_600_000, 86_400_000
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
HEADINGS = ["id", "name", "category", "unit", "town", "carrier", "circuit", "bandwidth_mbps", "address", "parent",
            "accepted", "closed", "grade", "checks", "witness"]
CHINESE = ["编号", "名称", "类别", "接入单位", "乡镇", "运营商", "电路编号", "带宽", "地址", "上级", "开通日期", "停用日期",
           "等级", "检查", "作证"]
TOWNS = ["河东镇", "青山街道", "石桥镇", "龙河镇"]
CARRIERS = ["电信", "移动", "联通"]
CATEGORIES = ["township", "village", "health", "education", "department"]

# What happens first at one moment: a start before samples, samples before a stop, a clock step last.
START, ENTRY, RANGE, SINGLE, STOP, STEP = range(6)


def seconds_text(ms):
    return int(ms // 1000) if ms % 1000 == 0 else ms / 1000


def civil(day, hour, minute, zone):
    at = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=zoneinfo.ZoneInfo(zone))
    return round((at - EPOCH).total_seconds() * 1000)


def iso(ms, zone):
    at = (EPOCH + datetime.timedelta(milliseconds=ms)).astimezone(zoneinfo.ZoneInfo(zone))
    return at.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")


class Clock:
    """The labels of a world: label(mono) = mono + all steps before it."""

    def __init__(self, steps):
        self.steps = sorted(steps)  # (mono, ms)

    def label(self, mono):
        return mono + sum(step for at, step in self.steps if at < mono)


def config_text(config):
    """YAML, one `key: JSON` a line, so that the oracle needs no YAML reader."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in config.items())


def write_settings(folder, config, rows, chinese=False):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "changtong.yaml").write_text(config_text(config), encoding="utf-8")
    (folder / "changtong.yaml").chmod(0o600)
    with open(folder / "lines.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        used = [heading for heading in HEADINGS if heading != "witness" or any(row.get(heading) for row in rows)]
        writer.writerow([CHINESE[HEADINGS.index(heading)] if chinese else heading for heading in used])
        writer.writerows([[row.get(heading, "") for heading in used] for row in rows])


# ---------------------------------------------------------------------------------------------------------------------
# Small worlds
# ---------------------------------------------------------------------------------------------------------------------


class SmallWorld:
    """A few lines for a day or two, with a bit of everything. Gives `config`, `rows`, `trace` (dicts) and `periods`."""

    def __init__(self, seed, lines=None, days=None):
        self.seed, self.rng = seed, random.Random(seed)
        rng = self.rng
        self.zone = rng.choices(["Asia/Shanghai", "Europe/Berlin", "America/New_York"], [85, 10, 5])[0]
        self.interval = self.choose_interval()
        self.start = self.choose_start()
        self.end = self.start + (days * DAY if days else self.choose_length()) + rng.randrange(0, MINUTE)
        self.events = []  # (mono, order at one moment, running number, make(clock) -> line)
        self.config = self.make_config()
        self.rows = [self.make_row(i) for i in range(lines or rng.randint(2, 7))]
        self.give_parents()
        self.born = {}  # target -> mono of its first inventory row
        self.checks = {}  # (target, check) -> interval in ms
        self.know_targets()
        self.sessions = self.make_sessions()
        self.clock = Clock(self.make_steps())
        self.story_times = []
        self.make_samples()
        self.make_inventory()
        self.make_windows()
        self.make_scopes()
        self.trace = self.render()
        self.periods = self.make_periods()

    # --- settings

    def choose_interval(self):
        return self.rng.choice([5, 10, 10, 10, 20, 30]) * 1000

    def choose_length(self):
        return int(self.rng.choice([3, 8, 20, 30, 49]) * (1 if self.interval > 5000 else 0.5) * HOUR)

    def choose_start(self):
        """In Shanghai shortly before a midnight, often one that ends a month; elsewhere at a change of summer time."""
        rng = self.rng
        if self.zone == "Asia/Shanghai":
            day = rng.choice([datetime.date(2026, 3, 1), datetime.date(2026, 2, 28), datetime.date(2025, 12, 31),
                              datetime.date(2026, 7, rng.randint(1, 28))])
        elif self.zone == "Europe/Berlin":
            day = rng.choice([datetime.date(2026, 3, 28), datetime.date(2026, 10, 24)])
        else:
            day = rng.choice([datetime.date(2026, 3, 7), datetime.date(2026, 10, 31)])
        minute = civil(day, rng.randint(15, 23), rng.choice([0, 30, 59]), self.zone)
        return minute + (0 if rng.random() < 0.5 else rng.randrange(MINUTE))

    def make_config(self):
        rng = self.rng
        config = {"zone": self.zone, "listen": "127.0.0.1:0", "ledger": "ledger.db", "inventory": "lines.csv",
                  "defaults": {"interval": f"{self.interval // 1000}s", "timeout": "1s", "fast_interval": "250ms",
                               "down_after": rng.choice([1, 2, 3, 3, 3, 4]), "up_after": rng.choice([1, 2, 2, 3])},
                  "categories": {}, "credentials": {"public": {"version": "2c", "community": "replayed-worlds"}},
                  "sites": [], "anchors": []}
        if rng.random() < 0.5:
            config["categories"]["village"] = {"interval": f"{self.interval // 500}s", "down_after": rng.randint(1, 3)}
        if rng.random() < 0.4:
            config["sites"] = [{"id": "portal", "name": "区政府门户网站", "url": "https://www.example.gov.cn/",
                                "interval": "60s", "fast_interval": "5s", "down_after": rng.randint(1, 3),
                                "up_after": rng.randint(1, 2), "town": TOWNS[0], "carrier": CARRIERS[0]}]
        if rng.random() < 0.35:
            config["anchors"] = ["198.51.100.1", "198.51.100.2"]
        return config

    def make_row(self, number):
        rng = self.rng
        category = rng.choice(CATEGORIES)
        accepted = rng.choice(["", "2023-01-01", "2023-01-01", self.date(0), self.date(1),
                               iso(self.start + rng.randrange(6 * HOUR), self.zone)])
        closed = rng.choice([""] * 6 + [self.date(2), iso(self.end - rng.randrange(HOUR), self.zone)])
        if closed and accepted and self.instant(closed) <= self.instant(accepted):
            closed = ""
        return {"id": f"L{number + 1}", "name": f"专线{number + 1}", "category": category, "unit": f"单位{number + 1}",
                "town": rng.choice(TOWNS), "carrier": rng.choice(CARRIERS), "circuit": f"ZX{number + 1:04}",
                "bandwidth_mbps": "50", "address": f"192.0.2.{number + 1}", "parent": "", "accepted": accepted,
                "closed": closed, "grade": "铜", "checks": self.make_checks()}

    def make_checks(self):
        rng = self.rng
        every = lambda *choices: f"{rng.choice(choices) * self.interval // 1000}s"
        return rng.choice([
            "", "icmp", "icmp", f"icmp:interval={every(1, 2)},up_after={rng.randint(1, 3)}",
            f"icmp tcp:port=443,interval={every(1, 2, 3)}", f"icmp:interval={every(2)} tcp:port=22,interval={every(1)}",
            f"icmp snmp:credential=public,if=1,interval={every(3, 6)}",
            f"icmp tcp:port=443,interval={every(1)},down_after={rng.randint(1, 4)} "
            f"snmp:credential=public,if=1,interval={every(2)}",
        ])

    def date(self, days):
        zone = zoneinfo.ZoneInfo(self.zone)
        day = (EPOCH + datetime.timedelta(milliseconds=self.start)).astimezone(zone).date()
        return (day + datetime.timedelta(days=days)).isoformat()

    def instant(self, text):
        if len(text) == 10:
            return civil(datetime.date.fromisoformat(text), 0, 0, self.zone)
        return round((datetime.datetime.fromisoformat(text) - EPOCH).total_seconds() * 1000)

    def give_parents(self):
        for i, row in enumerate(self.rows[1:], 1):
            if self.rng.random() < 0.5:
                row["parent"] = self.rows[self.rng.randrange(i)]["id"]

    def know_targets(self):
        for row in self.rows:
            self.know_line(row, -1)
        for site in self.config["sites"]:
            self.born[site["id"]] = -1
            self.checks[site["id"], "http"] = 60_000
        for number in range(1, len(self.config["anchors"]) + 1):
            self.born[f"anchor-{number}"] = -1
            self.checks[f"anchor-{number}", "icmp"] = self.interval

    def know_line(self, row, mono):
        self.born.setdefault(row["id"], mono)
        for word in (row["checks"] or "icmp").split():
            kind, _, arguments = word.partition(":")
            own = dict(pair.split("=") for pair in arguments.split(",") if pair)
            interval = int(own["interval"][:-1]) * 1000 if "interval" in own else self.interval
            self.checks.setdefault((row["id"], kind), interval)

    # --- the monitor and its clock

    def add(self, mono, order, make):
        self.events.append((mono, order, len(self.events), make))

    def say(self, mono, order, **words):
        """A line that is nothing but its moment and words."""
        self.add(mono, order, lambda clock: {"at": iso(clock.label(mono), self.zone), **words})

    def moment(self, low, high):
        """Often on a whole second or on the grid, mostly anywhere."""
        at = self.rng.randrange(int(low), max(int(high), int(low) + 1))
        unit = self.rng.choice([1, 1, 1, 250, 1000, self.interval])
        return max(at // unit * unit, int(low))

    def make_sessions(self):
        """[(start, end, word)] of the monitor; the last may run on, may end before the trace does."""
        rng, at, sessions = self.rng, self.start, []
        often = rng.choice([0, 0, 1, 1, 2, 3])
        ends = sorted(self.moment(self.start + MINUTE, self.end - MINUTE) for _ in range(often))
        for end in ends:
            if end <= at + 5000:
                continue
            sessions.append((at, end, rng.choice(["stop", "crash"])))
            at = end + rng.choice([1000, 1700, 20_000, rng.randrange(1000, 40 * MINUTE)])
            if rng.random() < 0.12:
                at = self.end  # never started again
        if at < self.end:
            sessions.append((at, self.end, rng.choice([None, None, "stop", "crash"])))
        for start, end, word in sessions:
            self.say(start, START, monitor="start")
            if word:
                self.say(end, STOP, monitor=word)
        return sessions

    def make_steps(self):
        """Steps of the clock, both ways; none within 3 s of a crash, where the last heartbeat is a matter of taste."""
        rng, steps = self.rng, []
        edges = [edge for start, end, _ in self.sessions for edge in (start, end)]
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
            at = self.moment(self.start + MINUTE, self.end - MINUTE)
            if rng.random() < 0.15:
                at = rng.choice(edges) - rng.randrange(4000, 200_000)  # a stop among repeated labels
            size = rng.choice([-1, 1]) * rng.choice([rng.randrange(1000, 300_001), rng.randint(1, 300) * 1000, 1500])
            taken = edges + [other for other, _ in steps]
            if at > self.start and all(abs(at - other) > 3000 for other in taken):
                steps.append((at, size))
                self.say(at, STEP, clock_step_s=seconds_text(size))
        return steps

    def runs(self, mono):
        return any(start <= mono < end for start, end, _ in self.sessions)

    # --- samples

    def make_samples(self):
        self.make_ranges()
        self.make_stories()

    def make_ranges(self):
        """Either one range for all targets, or pieces of every outcome for each; never two at once for a check."""
        for kind in sorted({kind for _, kind in self.checks}):
            if self.rng.random() < 0.6:
                self.make_range_for_all(kind)
                continue
            for target, check in sorted(self.checks):
                if check == kind:
                    self.make_pieces(target, kind)

    def make_range_for_all(self, kind):
        every = 60_000 if kind == "http" else self.interval
        cut = self.rng.choice([self.end, self.moment(self.start, self.end)])
        self.range(self.start, cut, every, "*", kind, "good")
        if cut < self.end and self.rng.random() < 0.8:
            self.range(cut, self.end, every, "*", kind, "good")

    def make_pieces(self, target, kind):
        rng, every = self.rng, self.checks[target, kind]
        at = max(self.start, self.born[target])
        while at < self.end:
            length = int(math.exp(rng.uniform(math.log(2 * every), math.log(8 * HOUR))))
            until = min(self.moment(at + 1, at + length + 1), self.end)
            outcome = rng.choices(["good", "bad", "not_measured", None], [72, 12, 6, 10])[0]
            if outcome:
                self.range(at, until, rng.choice([every, every, every, every // 2, every * 2]), target, kind, outcome)
            at = max(until, at + 1)

    def range(self, start, end, every, target, kind, outcome):
        def make(clock):
            low, high = clock.label(start), clock.label(end)
            line = {"from": iso(low, self.zone), "to": iso(high, self.zone), "every_s": seconds_text(every),
                    "target": target, "check": kind, "outcome": outcome, **self.cause(outcome)}
            return line if low < high else None
        if start < end:
            self.add(start, RANGE, make)

    def cause(self, outcome):
        return {"good": {}, "bad": {"cause": "timeout"}, "not_measured": {"cause": "own_descriptors"}}[outcome]

    def single(self, mono, target, kind, outcome):
        if not self.runs(mono) or mono <= self.born[target]:
            return
        rtt = {}
        if outcome == "good" and self.rng.random() < 0.7:
            rtt = {"rtt_ms": self.rng.choice([0.4, 3, 4.2, 12.75, 80, round(self.rng.uniform(0.1, 900), 2)])}
        self.say(mono, SINGLE, target=target, check=kind, outcome=outcome, **rtt, **self.cause(outcome))

    def make_stories(self):
        """Faults of single checks, of whole lines, of a parent with all below it, and of our own uplink."""
        rng = self.rng
        for target, kind in sorted(self.checks):
            for _ in range(rng.choice([0, 1, 2, 3, 5])):
                self.story(self.story_moment(), target, kind)
        for target in sorted(self.born):
            if rng.random() < 0.6:
                self.common_story([target])
        if len(self.rows) > 2:
            self.common_story([row["id"] for row in self.rows if row["parent"] in ("", "L1")])
        if self.config["anchors"]:
            self.common_story(sorted(self.born))
            self.common_story([target for target in sorted(self.born) if target.startswith("anchor")])

    def story_moment(self):
        """Anywhere, or shortly before the monitor stops, the clock is stepped or the trace ends."""
        edges = [end for _, end, _ in self.sessions] + [at for at, _ in self.clock.steps]
        if self.rng.random() < 0.3:
            return self.rng.choice(edges) - self.rng.randrange(0, 90_000)
        return self.moment(self.start, self.end)

    def common_story(self, targets):
        at, length = self.story_moment(), self.outage_length()
        for target, kind in sorted(self.checks):
            if target in targets:
                self.outage(at + self.rng.randrange(0, 900), length, target, kind)

    def outage_length(self):
        return int(math.exp(self.rng.uniform(math.log(2000), math.log(2 * HOUR))))

    def story(self, at, target, kind):
        tell = self.rng.choice([self.blip, self.blip, self.outage, self.outage, self.noise, self.twins])
        if tell == self.outage:
            self.outage(at, self.outage_length(), target, kind)
        else:
            tell(at, target, kind)

    def blip(self, at, target, kind):
        """A few bad samples and some good ones at the fast interval; perhaps enough to confirm, perhaps not."""
        outcomes = ["bad"] * self.rng.randint(1, 4) + ["good"] * self.rng.randint(0, 3)
        if self.rng.random() < 0.3:
            outcomes.insert(self.rng.randrange(len(outcomes)), "not_measured")
        for i, outcome in enumerate(outcomes):
            self.single(at + 250 * i, target, kind, outcome)

    def outage(self, at, length, target, kind):
        """Fast until confirmed, then regularly, with flickers; the end is fast again, or left to the range."""
        rng, every, end = self.rng, self.checks[target, kind], at + length
        self.story_times += [at, end]
        for i in range(3):
            self.single(at + 250 * i, target, kind, "bad")
        at += 500
        while at + every < end:
            at += min(int(every * rng.uniform(0.9, 1.1)), every) if rng.random() < 0.9 else every
            outcome = rng.choices(["bad", "good", "not_measured"], [92, 5, 3])[0]
            self.single(at, target, kind, outcome)
        if rng.random() < 0.8:
            for i in range(rng.randint(1, 4)):
                self.single(at + every + 250 * i, target, kind, "good")

    def noise(self, at, target, kind):
        for _ in range(self.rng.randint(5, 40)):
            outcome = self.rng.choices(["good", "bad", "not_measured"], [45, 45, 10])[0]
            self.single(at, target, kind, outcome)
            at += self.moment(1, 1.8 * self.checks[target, kind])

    def twins(self, at, target, kind):
        """Several samples at one instant: all but the last speak for no time, and all count."""
        for outcome in self.rng.choices(["good", "bad", "not_measured"], k=self.rng.randint(2, 5)):
            self.single(at, target, kind, outcome)

    # --- what people enter

    def make_inventory(self):
        rng = self.rng
        for _ in range(rng.choice([0, 0, 1, 2])):
            row = rng.choice(self.rows)
            change = rng.choice(["category", "town", "carrier", "interval", "new"])
            at = self.moment(self.start + MINUTE, self.end)
            if change == "new":
                row = self.make_row(len(self.born) + 10)
                self.know_line(row, at)
                for target, kind in sorted(self.checks):
                    if target == row["id"]:
                        self.make_new_line(at, target, kind)
            elif change == "interval":
                row = dict(row, checks=self.slower(row["checks"] or "icmp"))
            else:
                choices = {"category": CATEGORIES, "town": TOWNS, "carrier": CARRIERS}[change]
                row = dict(row, **{change: rng.choice(choices)})
            self.say(at, ENTRY, inventory=row)

    def slower(self, checks):
        """The same checks, those without an interval of their own at twice the usual one."""
        stated = f"interval={self.interval // 500}s"
        return " ".join(word if "interval" in word else f"{word}{',' if ':' in word else ':'}{stated}"
                        for word in checks.split())

    def make_new_line(self, at, target, kind):
        """Where no range for all covers the new line it gets its own pieces; stories it gets in any case."""
        if not any(self.is_for_all(make, kind) for _, order, _, make in self.events if order == RANGE):
            self.make_pieces(target, kind)
        for _ in range(2):
            self.story(self.moment(at, self.end), target, kind)

    def is_for_all(self, make, kind):
        line = make(self.clock) or {}
        return line.get("target") == "*" and line.get("check") == kind

    def make_windows(self):
        for number in range(self.rng.choice([0, 1, 2, 4, 6])):
            self.make_window(f"W{number + 1}")

    def make_window(self, key):
        """A window, mostly across the edge of an outage, and the papers of one of several usual stories."""
        rng = self.rng
        near = rng.choice(self.story_times or [self.start])
        start = self.moment(near - 20 * MINUTE, near + 5 * MINUTE)
        end = start + rng.choice([rng.randrange(1000, 3 * HOUR), 30 * MINUTE, HOUR])
        middle = rng.randrange(start, end)
        target = rng.choice([row["id"] for row in self.rows] + [site["id"] for site in self.config["sites"]])
        early = start - rng.randrange(1, min(6 * HOUR, self.end - self.start))
        later = rng.randrange(early, start)
        papers = rng.choice([
            [("requested", early, 0), ("approved", later, 0)],
            [("approved", early, 0)],
            [("approved", start, 0)],  # not strictly before it begins
            [("requested", early, 0), ("approved", middle, 0)],
            [("approved", early, 0), ("cancelled", later, 0)],
            [("approved", early, 0), ("cancelled", middle, 0)],
            [("approved", early, 0), ("revised", middle, -20 * MINUTE)],
            [("approved", early, 0), ("revised", middle, 20 * MINUTE)],
            [("approved", early, 0), ("revised", later, 10 * MINUTE)],
            [("approved", early, 0), ("revised", later, 0), ("approved", (later + start) // 2, 30 * MINUTE)],
            [("approved", early, 0), ("cancelled", end + 1, 0)],
        ])
        for state, at, longer in papers:
            self.window_record(key, target, start, max(end + longer, start + 1000), state, at)

    def window_record(self, key, target, start, end, state, at):
        if not self.start <= at <= self.end:
            return
        window = {"id": key, "target": target, "from": iso(self.clock.label(start), self.zone),
                  "to": iso(max(self.clock.label(start), self.clock.label(end)), self.zone), "state": state,
                  "by": "值班员"}
        self.say(at, ENTRY, window=window)

    def make_scopes(self):
        rng = self.rng
        for _ in range(rng.choice([0, 0, 1, 2])):
            row = rng.choice(self.rows)
            anywhere = [iso(self.moment(self.start, self.end), self.zone) for _ in range(2)]
            accepted = rng.choice([row["accepted"] or "2023-01-01", self.date(1), anywhere[0]])
            closed = rng.choice(["", self.date(2), anywhere[1]])
            if closed and self.instant(closed) <= self.instant(accepted):
                closed = ""
            self.say(self.moment(self.start, self.end), ENTRY,
                     scope={"target": row["id"], "accepted": accepted, "closed": closed})

    # --- the result

    def render(self):
        lines = (make(self.clock) for _, _, _, make in sorted(self.events, key=lambda event: event[:3]))
        return [line for line in lines if line]

    def features(self):
        """What this world has in it, for whoever looks for the cause of a difference."""
        count = lambda word: sum(1 for line in self.trace if word in line)
        words = [line.get("monitor") for line in self.trace]
        several = "several checks, " if len({target for target, _ in self.checks}) < len(self.checks) else ""
        return (f"{len(self.rows)} lines, {several}{len(self.config['anchors'])} anchors, "
                f"{len(self.config['sites'])} sites, {words.count('stop')} stops, {words.count('crash')} crashes, "
                f"{count('clock_step_s')} steps, {count('window')} window records, {count('inventory')} inventory, "
                f"{count('scope')} scope")

    def make_periods(self):
        """Pairs of texts for --from and --to: whole days and odd ones."""
        rng, low, high = self.rng, self.start - 8 * HOUR, self.end + 8 * HOUR
        odd = sorted(rng.randrange(self.start, self.end) for _ in range(2))
        return [(self.date(0), self.date(3)), (iso(low, self.zone), iso(high, self.zone)),
                tuple(iso(edge, self.zone) for edge in (odd[0], odd[1] + 1))]


class TroubledWorld(SmallWorld):
    """Some minutes of the questions that a monitor asks (questions.py) while everything fails now and then, alone and at
    once: lines, agents, ping by a filter, our own uplink with every line, anchor and site; and while people take checks
    away and add some. A line's checks are words of its inventory row; `words` says which are in force when."""

    def choose_interval(self):
        return self.rng.choice([1, 1, 1, 2, 10, 10]) * 1000

    def choose_length(self):
        minutes = self.rng.choice([2, 3, 4, 6, 8]) * (1 if self.interval < 10_000 else 2.5)
        return int(minutes * MINUTE * (5 if self.rng.random() < 0.07 else 1))

    def choose_start(self):
        day = datetime.date(2026, 3, self.rng.randint(1, 20))
        return civil(day, self.rng.choice([9, 23]), self.rng.choice([30, 55, 59]), self.zone) + self.rng.randrange(MINUTE)

    def make_config(self):
        rng, config = self.rng, super().make_config()
        config["defaults"]["timeout"] = rng.choice(["1s", "1s", "500ms", "2s"])
        config["anchors"] = [f"198.51.100.{number + 1}" for number in range(rng.choice([2, 2, 2, 2, 1, 3, 0]))]
        if config["sites"]:
            config["sites"][0].update({"interval": rng.choice(["20s", "60s"]), "timeout": rng.choice(["5s", "10s", "15s"])})
            if rng.random() < 0.3:
                del config["sites"][0]["timeout"]
        if rng.random() < 0.3:
            config["kinds"] = {rng.choice(["snmp", "icmp"]): {"timeout": rng.choice(["300ms", "3s"])}}
        # anchors that never answer, and one that nobody configured: it appears somewhere in the trace
        self.dumb = {f"anchor-{rng.randint(1, 3)}"} if rng.random() < 0.2 else set()
        self.late_anchor = rng.random() < 0.15
        return config

    def make_row(self, number):
        row = super().make_row(number)
        soon = iso(self.start + self.rng.randrange((self.end - self.start) // 2), self.zone)
        row.update(accepted=self.rng.choice(["", "2023-01-01", "2023-01-01", "2023-01-01", soon]), closed="",
                   witness=self.rng.choice([""] * 6 + ["no", "yes"]))
        return row

    def make_checks(self):
        rng = self.rng
        second = self.rng.choice([2, 2, 5, 30, 60])
        return rng.choice(["", "icmp", "icmp:timeout=3s", f"icmp tcp:port=443,interval={second}s",
                           f"icmp tcp:port=443,interval={second}s,timeout=200ms",
                           f"icmp snmp:credential=public,if=1,interval={rng.choice([2, 30, 60])}s",
                           f"tcp:port=22,interval={self.interval // 1000}s icmp:interval={second}s",
                           f"icmp tcp:port=443,interval={second}s,down_after={rng.randint(1, 4)} "
                           f"snmp:credential=public,if=1,interval=30s"])

    # --- which checks exist when

    def know_targets(self):
        super().know_targets()
        self.in_force = {}  # (target, check) -> [[from, to]]
        for key in self.checks:
            self.in_force[key] = [[-1, self.end + 1]]
        if self.late_anchor:
            at = self.moment(self.start, self.end)
            self.born["anchor-late"], self.checks["anchor-late", "icmp"] = at, self.interval
            self.in_force["anchor-late", "icmp"] = [[at, self.end + 1]]
        self.current = {row["id"]: row for row in self.rows}

    def exists(self, target, kind, mono):
        return any(begin <= mono < end for begin, end in self.in_force.get((target, kind), ()))

    def single(self, mono, target, kind, outcome, more=None):
        if not self.runs(mono) or not self.exists(target, kind, mono):
            return
        if more is None:
            return super().single(mono, target, kind, outcome)
        self.say(mono, SINGLE, target=target, check=kind, outcome=outcome, **self.cause(outcome), **more)

    def make_changes(self):
        """Reloads that take a check away, bring one, or exchange them, mostly in the middle of a line's trouble; rows
        follow each other as they were entered."""
        rng, moments, self.gone = self.rng, [], None
        for _ in range(rng.choice([0, 0, 1, 2, 4, 6])):
            row = rng.choice(self.rows)["id"]
            its = [span for key, spans in sorted(self.dead.items()) if key[0] == row for span in spans]
            low, high = rng.choice(its) if its and rng.random() < 0.8 else (self.trouble_moment(),) * 2
            at = min(max(rng.randrange(low, high + 3000), self.start + 1), self.end - 2)
            moments.append((at, row, rng.choice(["away"] * 4 + ["more", "more", "other", "witness", "carrier"])))
            if rng.random() < 0.6:  # and soon it is back again
                moments.append((min(at + rng.randrange(1, 20_000), self.end - 1), row, rng.choice(["back", "back", "more"])))
        for at, row, change in sorted(moments):
            self.change(at, dict(self.current[row]), change)

    def change(self, at, row, change):
        rng, words = self.rng, (row["checks"] or "icmp").split()
        kinds = [word.partition(":")[0] for word in words]
        if change == "away" and len(words) > 1:
            self.gone = words.pop(0 if rng.random() < 0.6 else rng.randrange(len(words)))
        elif change == "back" and self.gone and self.gone.partition(":")[0] not in kinds:
            words.append(self.gone)
        elif change in ("more", "other"):
            new = rng.choice([kind for kind in ("icmp", "tcp", "snmp") if kind not in kinds] or ["tcp"])
            words = [word for word in words if change == "more" and not word.startswith(new)] + [self.word_of(new)]
        elif change == "witness":
            row["witness"] = rng.choice(["no", "yes", ""])
        else:
            row["carrier"] = rng.choice(CARRIERS)
        self.enter(at, dict(row, checks=" ".join(words)))

    def word_of(self, kind):
        own = {"icmp": "", "tcp": "port=443", "snmp": "credential=public,if=1"}[kind]
        interval = f"interval={self.rng.choice([1, 2, 10])}s"
        return f"{kind}:{own},{interval}" if own else f"{kind}:{interval}"

    def enter(self, at, row):
        before = {word.partition(":")[0] for word in (self.current[row["id"]]["checks"] or "icmp").split()}
        after = {word.partition(":")[0] for word in row["checks"].split()}
        for kind in sorted(before - after):
            self.in_force[row["id"], kind][-1][1] = at
        for kind in sorted(after - before):
            self.in_force.setdefault((row["id"], kind), []).append([at, self.end + 1])
        self.know_line(row, self.born[row["id"]])
        self.current[row["id"]] = row
        self.say(at, ENTRY, inventory=row)

    def make_inventory(self):
        """All changes were made with the samples."""

    # --- what fails

    def make_samples(self):
        self.dead = {}  # ("uplink", "") and (target, check) -> [(from, to)]
        self.make_troubles()
        self.make_changes()
        asked = [self.asked(target, kind, begin, end) for (target, kind), spans in sorted(self.in_force.items())
                 for begin, end in spans]
        for at, check, outcome, _, more in questions.Questions(asked, self.answer, self.rng, self.start, self.end).play():
            self.single(at, check.target, check.kind, outcome, more)
        for target, kind in sorted(self.checks):
            if self.rng.random() < 0.15:
                self.story(self.story_moment(), target, kind)
        if self.rng.random() < 0.1:
            self.make_range_for_all("icmp")

    def trouble_moment(self):
        """Somewhere, or near where something begins or ends, so that things meet."""
        if self.story_times and self.rng.random() < 0.6:
            near = self.rng.choice(self.story_times) + self.rng.randrange(-5000, 15_000)
            return min(max(near, self.start + 1), self.end - 1)
        return max(self.story_moment(), self.start + 1)

    def trouble(self, keys, longest=20 * MINUTE, at=None):
        at = at or self.trouble_moment()
        longest = max(min(longest, (self.end - self.start) // 2), 400)
        end = at + int(math.exp(self.rng.uniform(math.log(300), math.log(longest))))
        for key in keys:
            self.dead.setdefault(key, []).append((at, end))
        self.story_times += [at, end]

    def make_troubles(self):
        rng = self.rng
        if self.config["anchors"] or self.late_anchor:
            for _ in range(rng.choice([0, 1, 2, 3, 5])):
                self.trouble([("uplink", "")])
            if rng.random() < 0.2:  # before anybody could know better
                self.trouble([("uplink", "")], at=self.start + rng.randrange(1, 5000))
        for target in sorted({target for target, _ in self.checks}):
            its = [(target, kind) for name, kind in sorted(self.checks) if name == target]
            for _ in range(rng.choice([0, 1, 1, 2, 3]) if not target.startswith("anchor") else rng.choice([0, 0, 1])):
                self.trouble(rng.choice([its, its, its[:1], its[-1:]]))
            if len(its) > 1 and rng.random() < 0.4:  # an agent that died, with other things going on
                self.trouble([its[-1]], 60 * MINUTE)

    def asked(self, target, kind, begin, end):
        leads = self.checks[target, kind] == min(every for (name, _), every in self.checks.items() if name == target)
        site = target in {site["id"] for site in self.config["sites"]}
        defaults = self.config["defaults"]
        check = questions.Check(target, kind, self.checks[target, kind] if not target.startswith("anchor") else 1000,
                                5000 if site else 250, 1000, defaults["down_after"], defaults["up_after"], leads)
        check.begin, check.end = max(begin, self.start), end
        return check

    def answer(self, check, at):
        rng = self.rng
        fails = lambda key: any(begin <= at < end for begin, end in self.dead.get(key, ()))
        cut = fails((check.target, check.kind)) or check.target in self.dumb
        if fails(("uplink", "")) and not cut:  # what still answers: lines on our own side; some others, but late
            cut = self.current.get(check.target, {}).get("witness") != "no"
            if cut and not check.target.startswith("anchor") and rng.random() < 0.02:
                return "good", 1000, {"rtt_ms": rng.choice([1000, 1000.4, 1500, 2500, 500.01, 2000])}
        if cut or rng.random() < 0.005:
            took = rng.choice([None, None, rng.randrange(40), rng.randrange(1, 1001), 1000])
            return "bad", 1000 if took is None else took, {} if took is None else {"took_ms": took}
        if rng.random() < 0.004:
            return "not_measured", 0, {}
        trip = rng.choice([None, 0.4, 3, 4.2, 12.75, 80, round(rng.uniform(0.1, 300), 2)])
        if rng.random() < 0.05:
            trip = rng.choice([499.99, 500, 500.01, 1000, 1000.4, 1500, 2500])  # slower than some anchors' timeout
        return "good", trip or 1, {} if trip is None else {"rtt_ms": trip}

    def features(self):
        uplink = len(self.dead.get(("uplink", ""), ()))
        return (f"{super().features()}; every {self.interval // 1000} s, {uplink} cuts of our uplink, "
                f"{len(self.dumb)} dumb anchors, {'a' if self.late_anchor else 'no'} late one")


def small_world(seed, lines=None, days=None):
    return (TroubledWorld if seed % 3 else SmallWorld)(seed, lines, days)


def write_small(folder, world):
    folder = pathlib.Path(folder)
    write_settings(folder, world.config, world.rows, chinese=world.seed // 3 % 2 == 1)
    with open(folder / "trace.jsonl", "w", encoding="utf-8") as file:
        for line in world.trace:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


# ---------------------------------------------------------------------------------------------------------------------
# Large worlds, written as a stream
# ---------------------------------------------------------------------------------------------------------------------

LARGE = {
    "month": {"lines": 50, "days": 31, "outages": 2, "stops": 4, "steps": 2, "windows": 10, "changes": 2},
    "year": {"lines": 1000, "days": 365, "outages": 20, "stops": 40, "steps": 6, "windows": 200, "changes": 20},
}  # outages are those of each line
EVERY, FAST = 10_000, 250


class LargeWorld:
    """Lines asked every 10 s. Events come out of generators, merged by their moment, so that memory stays small."""

    def __init__(self, seed, size, lines=None, days=None):
        self.rng, self.plan = random.Random(seed), dict(LARGE[size])
        self.plan.update({key: value for key, value in (("lines", lines), ("days", days)) if value})
        self.start = civil(datetime.date(2025, 1, 1), 0, 0, "Asia/Shanghai")
        self.end = self.start + self.plan["days"] * DAY
        self.rows = [self.make_row(number) for number in range(1, self.plan["lines"] + 1)]
        self.sessions = self.make_sessions()
        self.clock = Clock(self.make_steps())

    config = {"zone": "Asia/Shanghai", "listen": "127.0.0.1:0", "ledger": "ledger.db", "inventory": "lines.csv",
              "defaults": {"interval": "10s", "timeout": "1s", "fast_interval": "250ms", "down_after": 3,
                           "up_after": 2}, "categories": {}, "sites": [], "anchors": []}

    def make_row(self, number):
        parent = "" if number <= 22 else f"L{self.rng.randint(1, min(22, number - 1)):04}"
        return {"id": f"L{number:04}", "name": f"专线{number}", "category": "township" if number <= 22 else
                self.rng.choice(CATEGORIES[1:]), "unit": f"单位{number}", "town": self.rng.choice(TOWNS),
                "carrier": self.rng.choice(CARRIERS), "circuit": f"ZX{number:05}", "bandwidth_mbps": "50",
                "address": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", "parent": parent,
                "accepted": "2023-01-01", "closed": "", "grade": "铜", "checks": "icmp"}

    def make_sessions(self):
        cuts = sorted(self.rng.randrange(self.start + HOUR, self.end - HOUR) for _ in range(self.plan["stops"]))
        sessions, at = [], self.start
        for cut in cuts:
            if cut > at + MINUTE:
                sessions.append((at, cut, self.rng.choice(["stop", "crash"])))
                at = cut + self.rng.randrange(5000, 2 * HOUR)
        return sessions + [(at, self.end, "stop")] if at < self.end else sessions

    def make_steps(self):
        edges, steps = [edge for start, end, _ in self.sessions for edge in (start, end)], []
        while len(steps) < self.plan["steps"]:
            at = self.rng.randrange(self.start + HOUR, self.end - HOUR)
            if all(abs(at - edge) > 10 * MINUTE for edge in edges):
                steps.append((at, self.rng.choice([-1, 1]) * self.rng.randrange(1000, 300_000)))
        return steps

    def entries(self):
        """Everything that is no sample, in order: (mono, order, running number, words)."""
        number, out = itertools.count(), []
        for start, end, word in self.sessions:
            out.append((start, START, next(number), {"monitor": "start"}))
            out.append((end, STOP, next(number), {"monitor": word}))
        out += [(at, STEP, next(number), {"clock_step_s": seconds_text(size)}) for at, size in self.clock.steps]
        for key in range(self.plan["windows"]):
            out += [(at, ENTRY, next(number), {"window": window}) for at, window in self.window(key)]
        for _ in range(self.plan["changes"]):
            row = dict(self.rng.choice(self.rows), carrier=self.rng.choice(CARRIERS))
            out.append((self.rng.randrange(self.start, self.end), ENTRY, next(number), {"inventory": row}))
        return sorted(out)

    def window(self, key):
        start = self.rng.randrange(self.start + DAY, self.end - DAY) // MINUTE * MINUTE
        window = {"id": f"W{key}", "target": self.rng.choice(self.rows)["id"], "from": self.iso(start),
                  "to": self.iso(start + self.rng.choice([1, 2, 4]) * HOUR), "state": "approved", "by": "信息中心"}
        yield start - self.rng.randrange(MINUTE, DAY), window
        if self.rng.random() < 0.2:
            yield start + self.rng.randrange(MINUTE, HOUR), dict(window, state="cancelled")

    def outages(self):
        """(begin, end, line), by begin; those of one line do not overlap."""
        out = []
        for row in self.rows:
            free = self.start + MINUTE
            begins = sorted(self.rng.randrange(self.start + MINUTE, self.end) for _ in range(self.plan["outages"]))
            for begin in begins:
                if begin > free + 2 * MINUTE:
                    end = begin + int(math.exp(self.rng.uniform(math.log(30_000), math.log(3 * HOUR))))
                    out.append((begin, end, row["id"]))
                    free = end
        return sorted(out)

    def samples_of(self, begin, end, target):
        """The singles of one outage: on the range's grid, then fast until confirmed, then regularly."""
        at = self.start + -(-(begin - self.start) // EVERY) * EVERY
        for i in range(3):
            yield at + FAST * i, target, "bad"
        at += FAST * 2 + EVERY
        while at < end:
            yield at, target, "bad"
            at += EVERY
        yield at, target, "good"
        yield at + FAST, target, "good"

    def samples(self):
        """The singles of all outages in order, holding only the outages that are under way."""
        heap, upcoming, number = [], iter(self.outages()), itertools.count()
        following = next(upcoming, None)
        while heap or following:
            while following and (not heap or following[0] <= heap[0][0]):
                samples = self.samples_of(*following)
                heapq.heappush(heap, (*next(samples), next(number), samples))
                following = next(upcoming, None)
            at, target, outcome, key, samples = heap[0]
            if at < self.end and any(start <= at < end for start, end, _ in self.sessions):
                yield at, SINGLE, 0, {"target": target, "check": "icmp", "outcome": outcome,
                                      **({"rtt_ms": 4.2} if outcome == "good" else {"cause": "timeout"})}
            sample = next(samples, None)
            if sample:
                heapq.heapreplace(heap, (*sample, key, samples))
            else:
                heapq.heappop(heap)

    def iso(self, ms):
        """Asia/Shanghai has no summer time in these years."""
        at = datetime.datetime.utcfromtimestamp(ms // 1000 + 8 * 3600)
        return f"{at.isoformat()}.{ms % 1000:03}+08:00" if ms % 1000 else f"{at.isoformat()}+08:00"

    def lines_of_trace(self):
        yield {"at": self.iso(self.start), "monitor": "start"}
        yield {"from": self.iso(self.start), "to": self.iso(self.clock.label(self.end)), "every_s": 10, "target": "*",
               "check": "icmp", "outcome": "good"}
        merged = heapq.merge(self.entries()[1:], self.samples(), key=lambda event: event[:2])
        for at, _, _, words in merged:
            yield {"at": self.iso(self.clock.label(at)), **words}


def write_large(folder, world):
    folder = pathlib.Path(folder)
    write_settings(folder, world.config, world.rows)
    with open(folder / "trace.jsonl", "w", encoding="utf-8", buffering=1 << 20) as file:
        for line in world.lines_of_trace():
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description="A random world: changtong.yaml, lines.csv, trace.jsonl.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--days", type=float)
    parser.add_argument("--size", choices=["small", *LARGE], default="small")
    options = parser.parse_args()
    if options.size == "small":
        write_small(options.out, small_world(options.seed, options.lines, options.days))
    else:
        days = options.days and int(options.days)
        write_large(options.out, LargeWorld(options.seed, options.size, options.lines, days))
    return 0


if __name__ == "__main__":
    sys.exit(main())
