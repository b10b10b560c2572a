#!/usr/bin/env python3
"""The books of Changtong, computed a second time.

This program is not the monitor and shares no line with it. It was written from the text of the design alone (chapter
5, "The books", rules 1-10, and the formats of chapter 6), so that an auditor can read the rules as a program, and so
that two programs written apart can be held against each other: `compare.py` does that. Simple before fast. Standard
library only.

How a figure comes about:

    trace line -> read (rules 5, 6: who ran, what the clock showed) -> stream of one check (ranges expanded, lost and
    muted samples left out) -> our own failures taken out (rule 10) -> fold (rules 1-4: up, down, unconfirmed) ->
    combine (rule 7) -> brackets (rule 9) -> cut by scope and windows (rule 8) -> sums, ratios

Times are whole milliseconds since 1970, spans are half-open pairs (from, to), a set of time is a sorted list of
disjoint spans. A *label* is what the wall clock showed; `mono` is the same moment on a clock that is never stepped.

    books_oracle.py --config DIR/changtong.yaml --trace DIR/trace.jsonl --from 2026-03-01 --to 2026-03-01 --by line

`--config` understands the YAML that worlds.py writes: one `key: JSON` a line. As a module: settings(), read_trace(),
books().

Readings: where the text leaves a choice, this one was made.

Rule 1: a check that is taken away and comes back is a new check: its run ended with the removal, as at the end of a
    history, and its outage, like its doubt, ends for rule 7 there. A removal among labels that a backward step repeats
    takes nothing back of what was shown before, like a stop there.
Rule 7 (a): "its word from before" is that of the last sample with a label before the beginning; a sample at the very
    instant is the next one already. "Measured" is after rule 10: what that takes out is not measured.
Rule 7 (b) is about time: a bad sample of an unconfirmed run speaks for nothing inside a doubt, also if it was sent
    before, and speaks again after it.
Rule 7, no witness: a check that was down while another kept the target up counts as nothing from the instant when it
    did; "(from its beginning)" belongs to the outage beside which another check answered. "Not down" is said of the
    check that answered, at its answer. "Another check" is one that was there at the outage's beginning: else a person
    could take an outage back by adding a check.
Rule 7, ended by: an outage's last bad sample is one that spoke for down and whose word counted.
Rule 9: the sums of an outage without a lower end take the first bad sample for it, the least its (widened) later end.
    Outages of one target whose brackets overlap count once. "First bad visit" is that of the check's outage. The round
    trip at the beginning is that of the check's last good sample before it, of several checks with their latest at one
    instant the longest; at the end the longest of those good at that instant.
Rule 8: a row of the inventory, or a scope, that is entered among labels which a backward step repeats takes over where
    the one before it began; either is an entry of its own, unless it says what is known already.
Rule 10: muted and lost samples are none at all, neither signs nor an anchor's bad ones. A good sample whose trace line
    gives no round trip took none. With several timeouts of anchors the greatest is the limit. Silences are open on
    both ends: a bad sample at the instant of a sign is in no silence, but [t, t + took] may reach into the next. An
    anchor counts if it gave a sign, in this session, in the ten minutes up to the sign that begins the silence, both
    ends included; before the first sign of a session all count that exist before that silence is over. A sample at
    the instant of a stop or start belongs to the session that the order of lines gives it. `took` never exceeds what
    the trace says, even beyond the check's timeout. `witness` is that of the row in force at the sample.
After our own uplink: a silence of ours ends with its sign; the one after the last sign of a session has no end. "Within
    a minute": at most 60 s after it, by monotonic time.
"""

import argparse
import bisect
import collections
import csv
import datetime
import decimal
import itertools
import json
import pathlib
import sys
import zoneinfo

GOOD, BAD, NOT_MEASURED = "good", "bad", "not_measured"
OWN_UPLINK = "own_uplink"  # what rule 10 makes of a bad sample
REMOVED = "removed"  # no sample: the instant at which a new inventory took the check away
MEASURED = (GOOD, BAD)
UP, DOWN = "up", "down"
FOREVER = 1 << 60
LEADER_ORDER = ["icmp", "tcp", "snmp", "dns", "http"]  # rule 7, for equal intervals
MINUTE = 60_000
GROUPINGS = ["line", "category", "carrier", "town", "day", "month"]


class TraceError(Exception):
    """A trace that cannot have happened; the text begins with the number of the line."""

    def __init__(self, line, text):
        super().__init__(f"line {line}: {text}")
        self.line = line


# ---------------------------------------------------------------------------------------------------------------------
# Words of the files: instants, durations, the inventory, the policy of a check
# ---------------------------------------------------------------------------------------------------------------------

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MILLISECOND = datetime.timedelta(milliseconds=1)


def instant(text, zone):
    """Milliseconds of an ISO 8601 instant, rounded down; a civil date is its midnight in the zone."""
    at = datetime.datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone)
    return (at - EPOCH) // MILLISECOND


def period_edge(text, zone, is_end):
    """`--from` and `--to`: a year, month or day means its first instant, or its end; anything else is an instant."""
    if len(text) > 10:
        return instant(text, zone)
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    if is_end:
        year, month, day = year + (month == 0), month + (month > 0 and day == 0), day
        if month == 13:
            year, month = year + 1, 1
    first = datetime.datetime(year, month or 1, day or 1, tzinfo=zone)
    if is_end and day:
        first += datetime.timedelta(days=1)  # civil arithmetic: the next midnight, however long the day is
    return (first - EPOCH) // MILLISECOND


def iso(ms, zone):
    return None if ms is None else (EPOCH + ms * MILLISECOND).astimezone(zone).isoformat(timespec="milliseconds")


def duration(text):
    """Milliseconds of `10s`, `250ms`, `5m`, `1h`."""
    for unit, ms in (("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)):
        if text.endswith(unit):
            return int(decimal.Decimal(text[: -len(unit)]) * ms)
    raise ValueError(f"no duration: {text}")


def seconds(number):
    """Milliseconds of a number of seconds, rounded down."""
    return int((decimal.Decimal(number) * 1000).to_integral_value(decimal.ROUND_FLOOR))


HEADINGS = {"编号": "id", "名称": "name", "类别": "category", "接入单位": "unit", "乡镇": "town", "运营商": "carrier",
            "电路编号": "circuit", "带宽": "bandwidth_mbps", "地址": "address", "上级": "parent", "开通日期": "accepted",
            "停用日期": "closed", "等级": "grade", "检查": "checks", "作证": "witness"}
CATEGORIES = {"乡镇街": "township", "村/社区": "village", "卫生": "health", "教育": "education", "区直": "department",
              "骨干": "backbone", "网站": "website"}


def inventory_row(row, settings):
    """A line of lines.csv, or of an `inventory` entry, with English headings and the category's token."""
    clean = {HEADINGS.get(key, key): str(value or "").strip() for key, value in row.items()}
    names = dict(CATEGORIES)
    names.update({own["name"]: token for token, own in settings["categories"].items() if "name" in own})
    clean["category"] = names.get(clean.get("category", ""), clean.get("category", ""))
    return clean


class Policy:
    """What is in force for one check: how often it is asked, how many samples confirm, whether it leads (rule 7), and
    whether its good samples are signs (rule 10: not those of sites and of lines on our own side)."""

    def __init__(self, kind, layer, gives_signs=True):
        self.kind = kind
        self.interval = duration(layer["interval"])
        self.speaks = self.interval * 3 // 2  # rule 1: at most 1.5 times the regular interval, rounded down
        self.down_after = int(layer["down_after"])
        self.up_after = int(layer["up_after"])
        self.timeout = duration(layer["timeout"])
        self.gives_signs = gives_signs
        self.leads = False


def layered(kind, layers):
    """One dict out of several; a later layer wins."""
    whole = {"interval": {"http": "60s", "snmp": "30s", "dns": "30s"}.get(kind, "1s"),
             "timeout": {"http": "15s", "snmp": "2s", "dns": "3s"}.get(kind, "1s"), "down_after": 3, "up_after": 2}
    for layer in layers:
        whole.update(layer)
    return whole


def elect_leader(policies):
    """Rule 7: the check with the shortest interval leads; of equals the earlier in LEADER_ORDER."""
    leader = min(policies.values(), key=lambda p: (p.interval, LEADER_ORDER.index(p.kind)), default=None)
    if leader:
        leader.leads = True
    return policies


def policies_of_line(row, settings):
    """The reach checks of a line: {kind: Policy}. Defaults < category < kind < the check's own arguments."""
    found = {}
    for word in (row.get("checks") or "icmp").split():
        kind, _, arguments = word.partition(":")
        own = dict(pair.split("=", 1) for pair in arguments.split(",") if pair)
        role = own.get("role", "health" if int(own.get("count", "1")) > 1 else "reach")  # a burst is for quality
        if role == "health" or kind not in ("icmp", "tcp", "snmp", "dns"):
            continue
        common = [settings["defaults"], settings["categories"].get(row["category"], {})]
        if kind == "dns":  # a service: how often lines are asked is not for it
            common = [{k: v for k, v in layer.items() if k in ("down_after", "up_after")} for layer in common]
        found[kind] = Policy(kind, layered(kind, [*common, settings["kinds"].get(kind, {}), own]),
                             row.get("witness", "").lower() not in ("no", "否"))
    return elect_leader(found)


def policies_of_site(site, settings):
    """A site ignores the interval and timeout of `defaults`, which are meant for lines."""
    shared = {key: value for key, value in settings["defaults"].items() if key in ("down_after", "up_after")}
    return elect_leader({"http": Policy("http", layered("http", [shared, site]), False)})


def settings(config, lines):
    """The settings dict: a configuration (as in changtong.yaml) and the rows of lines.csv."""
    whole = {"zone": "Asia/Shanghai", "defaults": {}, "categories": {}, "kinds": {}, "sites": [], "anchors": []}
    whole.update({key: value for key, value in config.items() if key in whole})
    whole["lines"] = list(lines)
    return whole


def read_settings(path):
    """changtong.yaml as worlds.py writes it, and the lines.csv that it names."""
    path = pathlib.Path(path)
    config = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.strip() and not text.startswith("#"):
            key, _, value = text.partition(":")
            config[key] = json.loads(value)
    with open(path.parent / config["inventory"], encoding="utf-8-sig", newline="") as file:
        return settings(config, csv.DictReader(file))


# ---------------------------------------------------------------------------------------------------------------------
# Sets of time
# ---------------------------------------------------------------------------------------------------------------------


def union(*sets):
    out = []
    for start, end in sorted(span for spans in sets for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def intersect(left, right):
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            out.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return out


def subtract(left, right):
    complement, at = [], -FOREVER
    for start, end in right:
        complement.append((at, start))
        at = end
    return intersect(left, complement + [(at, FOREVER)])


def total(spans):
    return sum(end - start for start, end in spans)


def holds(spans, at):
    i = bisect.bisect_right(spans, (at, FOREVER)) - 1
    return i >= 0 and at < spans[i][1]


def first_at_or_after(spans, at):
    """The first instant >= at that lies in the set, FOREVER if none does."""
    i = bisect.bisect_right(spans, (at, FOREVER))
    if i and at < spans[i - 1][1]:
        return at
    return spans[i][0] if i < len(spans) else FOREVER


# ---------------------------------------------------------------------------------------------------------------------
# The trace: who ran when, what the clock showed, who existed (rules 5 and 6)
# ---------------------------------------------------------------------------------------------------------------------

# A sample: mono and order say when it happened, label what the clock showed; lasted is the round trip of a good one
# (ms, any fraction), and of a bad one how long it took until it was known to be bad.
Sample = collections.namedtuple("Sample", "mono order label outcome lasted policy")
MONO, ORDER, LABEL, OUTCOME, LASTED, POLICY = range(6)
Range = collections.namedtuple("Range", "order start end every target check outcome lasted frame")
RANGE_ORDER, CRASH_ORDER = 1 << 40, 1 << 41  # at one instant: lines, then samples of ranges, then what a crash cuts


class Frame:
    """The time between two clock steps: label = mono + offset. Labels up to the barrier have been shown before."""

    def __init__(self, mono, offset, barrier):
        self.start, self.end, self.offset, self.barrier = mono, FOREVER, offset, barrier


class Session:
    """The time between a start and its stop or crash, in mono."""

    def __init__(self, start, order):
        self.start, self.order = start, order
        self.end = FOREVER  # samples of ranges exist before this
        self.kept_until = FOREVER  # single samples later than this are lost
        self.cut = None  # a Sample of outcome NOT_MEASURED: from its label on nobody speaks


class Version:
    """A target's inventory row from `mono` on (label for people), and the policies that follow from it."""

    def __init__(self, mono, label, row, policies, order=0, silent_from=-FOREVER):
        self.mono, self.label, self.row, self.policies, self.order = mono, label, row, policies, order
        self.silent_from = silent_from  # the label at which a check falls silent that this version takes away


class World:
    """Everything a trace says, in the order it happened. See read_trace()."""

    def __init__(self, settings):
        self.settings = settings
        self.zone = zoneinfo.ZoneInfo(settings["zone"])
        self.frames = [Frame(-FOREVER, 0, -FOREVER)]
        self.sessions, self.starts, self.running = [], [], False
        self.jumps = []  # [T, T+d) of forward steps
        self.versions = collections.OrderedDict()  # target -> [Version]
        self.scopes = {}  # target -> {"accepted": text, "closed": text}
        self.windows = collections.OrderedDict()  # id -> [record]
        self.singles = collections.defaultdict(list)  # (target, check) -> [(Sample, Session)]
        self.ranges = []
        self.first = self.now = None
        self.mono = -FOREVER
        for row in settings["lines"]:
            self.add_line(row, -FOREVER, -FOREVER)
        for site in settings["sites"]:
            row = {"category": "website", **site}
            self.versions[site["id"]] = [Version(-FOREVER, -FOREVER, row, policies_of_site(site, settings))]
            self.scopes[site["id"]] = {"accepted": row.get("accepted", ""), "closed": row.get("closed", "")}
        for number, anchor in enumerate(settings["anchors"], 1):
            self.add_anchor(f"anchor-{number}", -FOREVER, anchor)

    def add_line(self, row, mono, label, order=0):
        row = inventory_row(row, self.settings)
        self.add_version(row["id"], row, policies_of_line(row, self.settings), mono, label, order)

    def add_version(self, target, row, policies, mono, label, order):
        """A row that says what is known already is no entry."""
        before = self.versions.setdefault(target, [])
        if not before or self.meaning(before[-1].row) != self.meaning(row):
            before.append(Version(mono, label, row, policies, order, not_before_barrier(mono, self.frames[-1])))
        self.scopes[target] = {"accepted": row.get("accepted", ""), "closed": row.get("closed", "")}

    def meaning(self, row):
        edges = {edge: row.get(edge) and instant(row[edge], self.zone) or None for edge in ("accepted", "closed")}
        return {**row, "witness": row.get("witness") == "no", "checks": row.get("checks") or "icmp", **edges}

    def add_anchor(self, target, mono, anchor=""):
        row = {"id": target, "category": "", "checks": anchor.get("checks", "") if isinstance(anchor, dict) else ""}
        self.versions[target] = [Version(mono, mono, row, policies_of_line(row, self.settings))]

    def targets(self):
        return [target for target in self.versions if not is_anchor(target)]

    def anchors(self):
        return [target for target in self.versions if is_anchor(target)]

    def rows_of(self, target, start, end):
        """[(row, from, to)]: the inventory rows in force in a period, each for its time, the first one also before it.
        A row entered among repeated labels takes over where the one before it began."""
        begins = list(itertools.accumulate((max(version.label, self.first) for version in self.versions[target]), max))
        begins = [-FOREVER] + begins[1:] + [FOREVER]
        return [(version.row, max(low, start), min(high, end))
                for version, low, high in zip(self.versions[target], begins, begins[1:])
                if max(low, start) < min(high, end)]

    def groups_of(self, target, by, start, end):
        """[(group, from, to)]: the group that a target belonged to, one stretch for as long as that did not change."""
        stretches = []
        for row, since, until in self.rows_of(target, start, end):
            group = row.get(by, "")
            if stretches and stretches[-1][0] == group:
                since = stretches.pop()[1]
            stretches.append((group, since, until))
        return stretches

    def session_at(self, mono, order):
        """The number of the session that was the last to start before this moment."""
        return bisect.bisect_right(self.starts, (mono, order)) - 1

    def mono_of(self, label):
        """The moment at which a label was first shown, FOREVER if it never was."""
        for frame in self.frames:
            at = max(label - frame.offset, frame.start)
            if label > frame.barrier and at < frame.end:
                return at
        return FOREVER


def lasted(line, policy):
    """What `lasted` of a sample is. A bad one without `took_ms` took the check's timeout (rule 10)."""
    if line["outcome"] == BAD:
        return int(line["took_ms"]) if line.get("took_ms") is not None else policy and policy.timeout
    return decimal.Decimal(line.get("rtt_ms") or 0) if line["outcome"] == GOOD else 0


def width(round_trip):
    """Rule 9: a bracket's later end is widened by the round trip: its whole ms and one more; 0 without one."""
    return int(round_trip) + 1 if round_trip > 0 else 0


def read_trace(source, settings):
    """A World from JSON lines (a path, or any iterable of text lines)."""
    world = World(settings)
    if isinstance(source, (str, pathlib.Path)):
        with open(source, encoding="utf-8") as file:
            return read_trace(file, settings)
    for number, text in enumerate(source, 1):
        if text.strip():
            try:
                read_line(world, number, json.loads(text, parse_float=decimal.Decimal))
            except (ValueError, KeyError, TypeError, ArithmeticError) as problem:
                raise TraceError(number, f"not understood: {problem!r}") from problem
    return world


def read_line(world, number, line):
    """One trace line: its moment, then what it says. Lines are in order of happening."""
    label = instant(line["from" if "every_s" in line else "at"], world.zone)
    mono = label - world.frames[-1].offset
    if mono < world.mono:
        raise TraceError(number, "time runs backward without a clock step")
    world.mono = mono
    world.first = label if world.first is None else world.first
    world.now = label if world.now is None else max(world.now, label)
    for word, read in READERS.items():
        if word in line:
            return read(world, number, line, label, mono)
    raise TraceError(number, "neither monitor, sample, range, clock step, window, inventory nor scope")


def read_monitor(world, number, line, label, mono):
    word = line["monitor"]
    if word not in ("start", "stop", "crash"):
        raise TraceError(number, f"unknown word for the monitor: {word}")
    if (word == "start") == world.running:
        raise TraceError(number, f"{word} while the monitor is {'running' if world.running else 'stopped'}")
    world.running = word == "start"
    if word == "start":
        world.sessions.append(Session(mono, number))
        world.starts.append((mono, number))
    elif word == "stop":
        end_session(world, number, mono)
    else:
        lose_since_heartbeat(world, number, mono)


def end_session(world, number, mono):
    """Rule 5: a stop at T makes the time from T unknown until the check's next measured sample."""
    session, frame = world.sessions[-1], world.frames[-1]
    session.end = session.kept_until = mono
    session.cut = Sample(mono, number, not_before_barrier(mono, frame), NOT_MEASURED, 0, None)


def lose_since_heartbeat(world, number, mono):
    """Rule 5: a crash does so from the last heartbeat; samples later than it are lost, one exactly on it stays."""
    session = world.sessions[-1]
    beat, frame = last_heartbeat(world, session, mono)
    session.end, session.kept_until = min(mono, beat + 1), beat
    order = number if beat == mono else CRASH_ORDER
    session.cut = Sample(beat, order, not_before_barrier(beat, frame), NOT_MEASURED, 0, None)


def last_heartbeat(world, session, mono):
    """Rule 5: heartbeats are the start and every whole second of wall time while running. The last one up to `mono`."""
    for frame in reversed(world.frames):
        last_shown = mono if frame is world.frames[-1] else frame.end - 1
        beat = (last_shown + frame.offset) // 1000 * 1000 - frame.offset
        if beat >= max(frame.start, session.start):
            return beat, frame
        if session.start >= frame.start:
            return session.start, frame
    raise AssertionError("a session has a start")


def not_before_barrier(mono, frame):
    """The label of a moment; labels up to the barrier have had their time already, and history is not rewritten."""
    return max(mono + frame.offset, frame.barrier)


def read_step(world, number, line, label, mono):
    """Rule 6: forward by d at T, [T, T+d) is unknown; backward, the barrier rises to the greatest label reached."""
    step, before = seconds(line["clock_step_s"]), world.frames[-1]
    before.end = mono
    barrier = max(before.barrier, label) if step < 0 else before.barrier
    if step > 0:
        world.jumps.append((max(label, barrier), max(label + step, barrier)))
    world.frames.append(Frame(mono, before.offset + step, barrier))


def read_single(world, number, line, label, mono):
    if not world.running:
        raise TraceError(number, "a sample while the monitor is stopped")
    policy = policy_at(world, number, line, mono)
    if line["outcome"] not in (GOOD, BAD, NOT_MEASURED):
        raise TraceError(number, f"unknown outcome {line['outcome']}")
    sample = Sample(mono, number, label, line["outcome"], lasted(line, policy), policy)
    world.singles[line["target"], line["check"]].append((sample, world.frames[-1], world.sessions[-1]))


def policy_at(world, number, line, mono):
    """The policy in force for the check that a line names."""
    target, check = line["target"], line["check"]
    if is_anchor(target) and target not in world.versions:
        world.add_anchor(target, mono)
    if target not in world.versions:
        raise TraceError(number, f"unknown target {target}")
    policies = world.versions[target][-1].policies
    if check not in policies:
        raise TraceError(number, f"target {target} has no reach check {check}")
    return policies[check]


def read_range(world, number, line, label, mono):
    end, every = instant(line["to"], world.zone), seconds(line["every_s"])
    if end < label or every <= 0:
        raise TraceError(number, "a range that ends before it begins, or does not move on")
    if line["target"] != "*":
        policy_at(world, number, line, mono)
    if line["outcome"] not in (GOOD, BAD, NOT_MEASURED):
        raise TraceError(number, f"unknown outcome {line['outcome']}")
    world.now = max(world.now, end)
    world.ranges.append(Range(RANGE_ORDER + number, label, end, every, line["target"], line["check"], line["outcome"],
                              lasted(line, None), len(world.frames) - 1))


def read_window(world, number, line, label, mono):
    record = dict(line["window"], at=label)
    records = world.windows.setdefault(record["id"], [])
    if record["state"] not in ("requested", "approved", "revised", "cancelled"):
        raise TraceError(number, f"unknown state of a window: {record['state']}")
    for key in ("from", "to", "target"):
        if key not in record and not records:
            raise TraceError(number, f"the first record of a window needs {key}")
        record[key] = (instant(record[key], world.zone) if key != "target" else record[key]) if key in record \
            else records[-1][key]
    for target in listed(record):
        if target not in world.versions:
            raise TraceError(number, f"unknown target {target}")
    records.append(record)


def listed(record):
    return record["target"] if isinstance(record["target"], list) else [record["target"]]


def read_inventory(world, number, line, label, mono):
    world.add_line(line["inventory"], mono, label, number)


def read_scope(world, number, line, label, mono):
    scope = line["scope"]
    if scope["target"] not in world.scopes:
        raise TraceError(number, f"unknown target {scope['target']}")
    known = world.versions[scope["target"]][-1]
    row = {**known.row, **{key: scope[key] or "" for key in ("accepted", "closed") if key in scope}}
    world.add_version(scope["target"], row, known.policies, mono, label, number)


READERS = {"monitor": read_monitor, "clock_step_s": read_step, "window": read_window, "inventory": read_inventory,
           "scope": read_scope, "every_s": read_range, "outcome": read_single}


# ---------------------------------------------------------------------------------------------------------------------
# The stream of one check: the samples that count, in order of happening
# ---------------------------------------------------------------------------------------------------------------------


def stream(world, target, check):
    """Samples of one check in order of happening, a NOT_MEASURED one where a stop or crash cuts the time, and a REMOVED
    one where a new inventory takes the check away (rule 1).

    Lost samples (rule 5) and muted ones (rule 6: labels at or before the barrier) are left out: they neither speak, nor
    count, nor end another sample's time.
    """
    singles = world.singles[target, check]
    samples = [sample for sample, frame, session in singles
               if sample.label > frame.barrier and sample.mono <= session.kept_until]
    for range_ in world.ranges:
        if range_.target in (target, "*") and range_.check == check:
            covered = covered_by([sample.mono for sample, _, _ in singles], range_.every)
            expand(world, target, range_, covered, samples)
    samples += [session.cut for session in world.sessions if session.cut]
    samples += removals(world, target, check)
    samples.sort(key=lambda sample: sample[:2])
    return samples


def removals(world, target, check):
    versions = world.versions[target]
    for version, following in zip(versions, versions[1:]):
        if check in version.policies and check not in following.policies:
            yield Sample(following.mono, following.order, following.silent_from, REMOVED, 0, None)


def lives(world, target, check, samples):
    """[(since, samples)]: a stream cut at the check's removals, each with the label from which on the check exists."""
    begins, there = [], False
    for version in world.versions[target]:
        if check in version.policies and not there:
            begins.append(max(version.label, version.silent_from))
        there = check in version.policies
    pieces = [[]]
    for sample in samples:
        pieces[-1].append(sample)
        if sample[OUTCOME] == REMOVED:
            pieces.append([])
    return list(zip(begins, pieces))


def covered_by(singles, every):
    """Moments where a range's sample is dropped: at a single sample, or between two that are at most every_s apart."""
    spans = [(mono, mono + 1) for mono in singles]
    spans += [(a, b) for a, b in zip(singles, singles[1:]) if b - a <= every]
    return union(spans)


def expand(world, target, range_, covered, samples):
    """Samples at from + k*every < to, wherever the clock shows that label first, the monitor runs, the check exists."""
    versions = world.versions[target]
    for version, following in zip(versions, versions[1:] + [None]):
        policy = version.policies.get(range_.check)
        if not policy:
            continue
        until = following.mono if following else FOREVER
        for frame in world.frames[range_.frame:]:
            for session in world.sessions:
                low = max(version.mono, frame.start, session.start) + frame.offset
                high = min(until, frame.end, session.end) + frame.offset
                low, high = max(low, range_.start, frame.barrier + 1), min(high, range_.end)
                if low < high:
                    expand_piece(range_, low, high, frame.offset, covered, policy, samples)


def expand_piece(range_, low, high, offset, covered, policy, samples):
    every, order, outcome = range_.every, range_.order, range_.outcome
    took = policy.timeout if range_.lasted is None else range_.lasted
    at = on_grid(range_, low)
    for start, end in covered[max(bisect.bisect_right(covered, (low - offset, FOREVER)) - 1, 0):]:
        if at >= high:
            return
        samples += [(label - offset, order, label, outcome, took, policy)
                    for label in range(at, min(start + offset, high), every)]
        at = max(at, on_grid(range_, end + offset))
    samples += [(label - offset, order, label, outcome, took, policy) for label in range(at, high, every)]


def on_grid(range_, label):
    """The first label of the range's grid that is not before `label`."""
    return range_.start + -(-(label - range_.start) // range_.every) * range_.every


# ---------------------------------------------------------------------------------------------------------------------
# Our own uplink: rule 10
# ---------------------------------------------------------------------------------------------------------------------


class Uplink:
    """The silences that are ours, of each session, in mono. Without anchors there are none."""

    def __init__(self, world, streams):
        self.world, self.ours = world, []
        anchors = world.anchors()
        if not anchors:
            return
        limit = max(policy.timeout for anchor in anchors for policy in world.versions[anchor][0].policies.values())
        signs, anchors_bad = self.collect(streams, limit)
        ends = [session.start for session in world.sessions[1:]] + [FOREVER]
        for number, session_end in enumerate(ends):
            its = {target: signs[target, number] for target in streams}
            bad = {anchor: anchors_bad[anchor, number] for anchor in anchors}
            self.ours.append(self.silences_of_ours(its, bad, session_end))

    def collect(self, streams, limit):
        """Signs of every target, and bad samples of anchors: {(target, session): [mono]}."""
        signs, anchors_bad = collections.defaultdict(list), collections.defaultdict(list)
        for target, checks in streams.items():
            for sample in itertools.chain(*checks.values()):
                outcome, policy = sample[OUTCOME], sample[POLICY]
                if outcome == GOOD and policy.gives_signs and sample[LASTED] <= limit:
                    signs[target, self.world.session_at(*sample[:2])].append(sample[MONO])
                elif outcome == BAD and is_anchor(target):
                    anchors_bad[target, self.world.session_at(*sample[:2])].append(sample[MONO])
        for moments in signs.values():
            moments.sort()
        return signs, anchors_bad

    def silences_of_ours(self, signs, anchors_bad, session_end):
        """Rule 10, in one session: the silences inside which every anchor that counts, and at least one, was bad."""
        edges = [-FOREVER, *sorted(set(itertools.chain(*signs.values()))), FOREVER]
        bad_in = {anchor: {bisect.bisect_left(edges, at) for at in moments if not holds_instant(edges, at)}
                  for anchor, moments in anchors_bad.items()}  # the numbers of silences; n ends at edges[n]
        found = []
        for number in sorted(set().union(*bad_in.values())):
            begin, end = edges[number - 1], edges[number]
            counting = [anchor for anchor in anchors_bad if self.counts(anchor, signs[anchor], begin, end, session_end)]
            if counting and all(number in bad_in[anchor] for anchor in counting):
                found.append((begin, end))
        return found

    def counts(self, anchor, its_signs, begin, end, session_end):
        """Whether an anchor counts in the silence (begin, end): before the first sign of a session all that exist do,
        then those that gave a sign in the ten minutes before the silence began."""
        if begin == -FOREVER:
            return self.world.versions[anchor][0].mono < min(end, session_end)
        i = bisect.bisect_left(its_signs, begin - 10 * MINUTE)
        return i < len(its_signs) and its_signs[i] <= begin

    def is_ours(self, sample):
        """Rule 10: whether [t, t + took] of a bad sample meets a silence that is ours."""
        if not self.ours:
            return False
        ours = self.ours[self.world.session_at(*sample[:2])]
        t, until = sample[MONO], sample[MONO] + sample[LASTED]
        i = bisect.bisect_right(ours, t, key=lambda silence: silence[1])  # the first that ends after t
        return i < len(ours) and ours[i][0] < until

    def over_since(self, label):
        """How long before this instant the last silence of ours ended, FOREVER if there was none in the session."""
        mono = self.world.mono_of(label)
        session = self.world.session_at(mono, FOREVER)
        ends = [end for _, end in self.ours[session] if end <= mono] if self.ours and session >= 0 else []
        return mono - max(ends) if ends else FOREVER


def is_anchor(target):
    return target.startswith("anchor")


def holds_instant(edges, at):
    i = bisect.bisect_left(edges, at)
    return i < len(edges) and edges[i] == at


# ---------------------------------------------------------------------------------------------------------------------
# One check: rules 1 to 4
# ---------------------------------------------------------------------------------------------------------------------


class Run:
    """Bad samples in a row, begun while the check was up: a short run, or an outage if that many confirmed it.

    `first` is a number in the check's samples, `end` that of the sample that ended it: of a short run the good one or
    the one taken out by rule 10, of an outage the first of the good ones that ended it; FOREVER if nothing did.
    """

    def __init__(self, first, sample):
        self.first, self.end = first, FOREVER
        self.began, self.ended = sample[LABEL], FOREVER  # labels; a removal of the check ends it too, for rule 7
        self.leads = sample[POLICY].leads
        self.is_outage = False
        self.down = []  # of an outage: the time its samples speak for
        self.witness_until = FOREVER  # rule 7: from here on its word counts as nothing


class Fold:
    """What one check's samples say. `states[i]` is UP, DOWN or None (nothing) for samples[i]."""

    def __init__(self, samples):
        self.samples = samples
        self.labels = [sample[LABEL] for sample in samples]
        self.states = [None] * len(samples)
        self.runs = []
        self.ends = []  # until when samples[i] speaks, if it has a state
        self.up_by_good, self.up_by_bad = [], []  # time that good and bad samples speak up for

    def outages(self):
        return [run for run in self.runs if run.is_outage]


def fold(samples, is_ours, jumps):
    """Rules 1-4 over one check's stream, after rule 10 has taken out what was our own fault."""
    check = Fold([(*sample[:OUTCOME], OWN_UPLINK, *sample[OUTCOME + 1:])
                  if sample[OUTCOME] == BAD and is_ours(sample) else sample for sample in samples])
    judge_runs(check)
    give_time(check, jumps)
    return check


def judge_runs(check):
    """Rules 3 and 4: which samples are up, which down.

    Runs are counted over measured samples alone. A target begins as up. While a run against the belief is pending its
    samples bear the believed state; when it is long enough the whole run takes the new one, so that an outage begins at
    the first bad sample and ends at the first good one.
    """
    states, believed = check.states, UP
    against = []  # the numbers of a pending run against the belief
    for i, sample in enumerate(check.samples):
        outcome, policy = sample[OUTCOME], sample[POLICY]
        if outcome == REMOVED and check.runs:
            check.runs[-1].ended = min(check.runs[-1].ended, sample[LABEL])
        if outcome == OWN_UPLINK and believed == UP and against:  # rule 3: as a good one would
            end_run(check, i)
            against = []
        if outcome not in MEASURED:
            continue
        states[i] = believed
        if (outcome == GOOD) == (believed == UP):
            if believed == UP and against:
                end_run(check, i)
            against = []
            continue
        if believed == UP and not against:
            check.runs.append(Run(i, sample))
        against.append(i)
        if len(against) < (policy.down_after if believed == UP else policy.up_after):
            continue
        if believed == UP:
            check.runs[-1].is_outage, believed = True, DOWN
        else:
            end_run(check, against[0])
            believed = UP
        for j in against:
            states[j] = believed
        against = []


def end_run(check, i):
    run = check.runs[-1]
    run.end, run.ended = i, min(run.ended, check.samples[i][LABEL])


def give_time(check, jumps):
    """Rules 1 and 2: how far each sample speaks, for up or for down.

    From its label to the next sample of any outcome, at most for 1.5 intervals. A sample that is not measured speaks
    for nothing, so that the time from it to the next measured one is unknown. The labels that a forward step left out
    are unknown.
    """
    up = {GOOD: [], BAD: []}
    outages = iter(check.outages())
    outage = next(outages, None)
    following = check.labels[1:] + [FOREVER]
    for i, state in enumerate(check.states):
        sample = check.samples[i]
        check.ends.append(state and min(following[i], sample[LABEL] + sample[POLICY].speaks))
        while outage and i >= outage.end:
            outage = next(outages, None)
        if state:
            (up[sample[OUTCOME]] if state == UP else outage.down).append((sample[LABEL], check.ends[i]))
    check.up_by_good, check.up_by_bad = (subtract(union(up[outcome]), jumps) for outcome in (GOOD, BAD))
    for outage in check.outages():
        outage.down = subtract(union(outage.down), jumps)


# ---------------------------------------------------------------------------------------------------------------------
# One target: rules 7 and 9
# ---------------------------------------------------------------------------------------------------------------------


class Outage:
    """A longest stretch of a target's down time. Brackets are (after, until); None for the end if it is open."""

    def __init__(self, target, down):
        self.target, self.down = target, down
        self.began, self.end = down[0][0], down[-1][1]  # `end` is that of the down time, `ended` what people call so
        self.ended = self.began_bracket = self.ended_bracket = None
        self.holes = subtract([(self.began, self.end)], down)
        self.least, self.middle, self.greatest = [], [], []
        self.after_own_uplink = False


class TargetBooks:
    """A target's time before scope and windows are looked at."""

    def __init__(self, up, down, outages, unconfirmed):
        self.up, self.down, self.outages, self.unconfirmed = up, down, outages, unconfirmed
        known = union(up, down)  # rule 9: the sums take only time that the books show as up or down
        self.least = intersect(union(*[outage.least for outage in outages]), known)
        self.middle = intersect(union(*[outage.middle for outage in outages]), known)
        self.greatest = intersect(union(*[outage.greatest for outage in outages]), known)


def combine(target, checks):
    """Rule 7: several reach checks, one target. `checks` is {name: Fold}."""
    others_of = lambda name: [check for other, check in checks.items() if other != name]
    ups = {name: word_for_up(check, others_of(name)) for name, check in checks.items()}
    up = union(*ups.values())
    for name, check in checks.items():
        for outage in check.outages():
            outage.witness_until = witness_until(outage, up, others_of(name))
    said = [intersect(outage.down, [(-FOREVER, outage.witness_until)])
            for check in checks.values() for outage in check.outages()]
    down = subtract(union(*said), up)
    unconfirmed = sorted(run.began for name, check in checks.items() for run in check.runs if not run.is_outage
                         and not holds(down, run.began)
                         and not any(holds(ups[other], run.began) for other in checks if other != name))
    outages = [with_brackets(outage, up, checks) for outage in outages_of(target, up, down)]
    return TargetBooks(up, down, outages, unconfirmed)


def word_for_up(check, others):
    """Rule 7: the time for which a check speaks up, beside the doubts of the others (each while it leads)."""
    doubts = [run for other in others for run in other.runs if run.leads]
    fallen_silent = [(doubt.began, end) for doubt in doubts for end in [word_before(check, doubt)]
                     if end > doubt.began and not stands(check, doubt)]  # (a)
    by_bad = subtract(check.up_by_bad, union([(doubt.began, doubt.ended) for doubt in doubts]))  # (b)
    return subtract(union(check.up_by_good, by_bad), union(fallen_silent))


def word_before(check, doubt):
    """Until when the check's last sample before a doubt speaks for up, by rule 1."""
    i = bisect.bisect_left(check.labels, doubt.began) - 1
    return check.ends[i] if i >= 0 and check.states[i] == UP else -FOREVER


def stands(check, doubt):
    """Rule 7 (a): the word from before a doubt stands only if the check's next measured sample is good and, where the
    doubt became an outage, sent before its end."""
    i = next_measured(check, doubt.began)
    return i is not None and check.samples[i][OUTCOME] == GOOD and (not doubt.is_outage or check.labels[i] < doubt.ended)


def next_measured(check, label):
    """The number of the first measured sample at or after an instant."""
    for i in range(bisect.bisect_left(check.labels, label), len(check.labels)):
        if check.samples[i][OUTCOME] in MEASURED:
            return i
    return None


def witness_until(outage, up, others):
    """Rule 7: until when the word of a check's outage counts.

    Not at all if another check answered during it: has a good sample as its first measured one, and is not down there.
    Otherwise until another check keeps the target up: from then on its silence was evidently not the line's.
    """
    for other in others:
        i = next_measured(other, outage.began)
        if i is not None and other.since <= outage.began and other.samples[i][OUTCOME] == GOOD and other.states[i] == UP \
                and other.labels[i] < outage.ended:
            return outage.began
    return first_at_or_after(up, outage.began)


def outages_of(target, up, down):
    """Rule 7: an outage is a longest stretch of down time, with unknown inside it but no up."""
    groups = []
    for span in down:
        if groups and first_at_or_after(up, groups[-1][-1][1]) >= span[0]:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [Outage(target, group) for group in groups]


def with_brackets(outage, up, checks):
    """Rule 9: between which instants the outage truly began and ended, and its least, middle and greatest down time."""
    outage.began_bracket = bracket_of_beginning(outage, checks)
    outage.ended_bracket = bracket_of_end(outage, first_at_or_after(up, outage.end), checks)
    if outage.ended_bracket:
        outage.ended = outage.end
    earliest, latest = outage.began_bracket
    begins = (latest, outage.began, outage.began) if earliest is None else (latest, (earliest + latest) // 2, earliest)
    earliest, latest = outage.ended_bracket or (outage.end, outage.end)
    ends = (earliest, (earliest + latest) // 2, latest)
    outage.least, outage.middle, outage.greatest = (
        [span] if span[0] < span[1] else [] for span in zip(begins, ends))
    return outage


def bracket_of_beginning(outage, checks):
    """(last good sample, first bad one + round trip of that good one]; no lower end if nothing good came before.

    For several checks the latest good sample of any before the outage, and the first instant at which none is good.
    A visit of a site may have begun before the cut, so its later end is later by as long as the first bad visit took.
    """
    last, visit = None, 0
    for check in checks.values():
        i = bisect.bisect_left(check.labels, outage.began)
        for its in check.outages():
            if its.began == outage.began:
                i = its.first  # a good sample at the very instant, but before the bad one, is before the outage
            if its.began <= outage.began < its.ended and check.samples[its.first][POLICY].kind == "http":
                visit = check.samples[its.first][LASTED]
        while i > 0 and check.samples[i - 1][OUTCOME] != GOOD:
            i -= 1
        if i > 0:
            found = (check.samples[i - 1][LABEL], width(check.samples[i - 1][LASTED]))
            last = found if last is None else max(last, found)
    if last is None:
        return None, outage.began + visit
    return last[0], outage.began + last[1] + visit


def bracket_of_end(outage, up_again, checks):
    """(last bad sample, first good one + its round trip]; None while the outage is open.

    Where unknown lies directly before the good sample, the outage's own time ends at the beginning of the unknown,
    and the bracket is [that, first good + its round trip].
    """
    if up_again == FOREVER:
        return None
    until = up_again + max((width_at(check, up_again) for check in checks.values()), default=0)
    if up_again > outage.end:
        return outage.end, until
    return max(last_bad(check, outage) for check in checks.values()), until


def width_at(check, label):
    """The widening by a good sample at this instant, 0 if there is none."""
    i, widest = bisect.bisect_left(check.labels, label), 0
    while i < len(check.labels) and check.labels[i] == label:
        if check.samples[i][OUTCOME] == GOOD:
            widest = max(widest, width(check.samples[i][LASTED]))
        i += 1
    return widest


def last_bad(check, outage):
    """A check's last bad sample before the end of an outage to which it testified; the beginning if there is none."""
    for its in reversed(check.outages()):
        if its.began >= outage.end or its.witness_until == its.began:
            continue  # also one without length, at the very instant of the end
        i = bisect.bisect_left(check.labels, outage.end)
        if its.end < len(check.labels) and check.labels[its.end] == outage.end:
            i = its.end  # a bad sample at the very instant, but before the good one, is before the end
        for j in range(min(i, its.end) - 1, its.first - 1, -1):
            label = check.labels[j]
            if label < outage.began:
                break
            if check.samples[j][OUTCOME] == BAD and check.states[j] == DOWN and label <= its.witness_until:
                return label
    return outage.began


def folds(world, target, streams, is_ours, jumps):
    """{(check, which of its lives): Fold} of one target."""
    out = {}
    for name, samples in streams.items():
        for number, (since, its) in enumerate(lives(world, target, name, samples)):
            out[name, number] = fold(its, is_ours, jumps)
            out[name, number].since = since
    return out


def target_books(world):
    """{target: TargetBooks} for every line and site."""
    names = {target: sorted({name for version in versions for name in version.policies})
             for target, versions in world.versions.items()}
    jumps = union(world.jumps)
    if not world.anchors():  # one target after the other, so that a month of many lines fits in memory
        never = lambda sample: False
        return {target: combine(target, folds(world, target, {name: stream(world, target, name)
                                                              for name in names[target]}, never, jumps))
                for target in world.targets()}
    streams = {target: {name: stream(world, target, name) for name in names[target]} for target in world.versions}
    uplink = Uplink(world, streams)
    books = {target: combine(target, folds(world, target, streams[target], uplink.is_ours, jumps))
             for target in world.targets()}
    for its in books.values():
        for outage in its.outages:
            outage.after_own_uplink = uplink.over_since(outage.began) <= MINUTE
    return books


# ---------------------------------------------------------------------------------------------------------------------
# Figures: rule 8, sums and ratios
# ---------------------------------------------------------------------------------------------------------------------


def scope_of(world, target):
    """Rule 8: [accepted, closed), cut at now; without `accepted` from the ledger's first entry."""
    scope = world.scopes[target]
    accepted = instant(scope["accepted"], world.zone) if scope["accepted"] else world.first
    closed = instant(scope["closed"], world.zone) if scope["closed"] else FOREVER
    return [(accepted, min(closed, world.now))] if accepted < min(closed, world.now) else []


def windows_of(world, target):
    """Rule 8: the excluded time of a target."""
    plans = [plan_of(records) for records in world.windows.values()]
    return union([(plan["from"], plan["to"]) for plan in plans if plan and target in listed(plan)])


def plan_of(records):
    """Rule 8: the last record made strictly before the window begins decides, and must say approved; a record made
    later can only end it earlier, and not before its own instant. None if the window excludes nothing."""
    plan, begun = None, False
    for record in records:
        begun = begun or (in_force(plan) and record["at"] >= plan["from"])
        if not begun:
            plan = dict(record)
            continue
        end = record["at"] if record["state"] == "cancelled" else max(record["at"], record["to"])
        plan["to"] = min(plan["to"], end)
    return plan if in_force(plan) else None


def in_force(plan):
    return plan is not None and plan["state"] == "approved" and plan["at"] < plan["from"]


SUMS = ["up", "down", "down_min", "down_mid", "down_max", "excluded", "unknown", "outages", "unconfirmed"]


def figures(world, target, books, start, end):
    """Rule 8 for one target and period: not in scope > excluded > unknown > down or up. None if it was not in scope."""
    scope = intersect(scope_of(world, target), [(start, end)])
    if not scope:
        return None
    excluded = intersect(windows_of(world, target), scope)
    rest = subtract(scope, excluded)
    out = {name: total(intersect(spans, rest)) for name, spans in (
        ("up", books.up), ("down", books.down), ("down_min", books.least), ("down_mid", books.middle),
        ("down_max", books.greatest))}
    out["excluded"] = total(excluded)
    out["unknown"] = total(rest) - out["up"] - out["down"]
    out["outages"] = sum(1 for outage in books.outages if intersect(outage.down, rest))
    out["unconfirmed"] = sum(1 for label in books.unconfirmed if holds(scope, label))
    out["scope_from"], out["scope_to"] = scope[0][0], scope[-1][1]
    return out


def add_up(members):
    """Sums of several targets (or of one): whole milliseconds and counts."""
    out = {name: sum(member[name] for member in members) for name in SUMS}
    out["scope_from"] = min(member["scope_from"] for member in members)
    out["scope_to"] = max(member["scope_to"] for member in members)
    return out


def civil_pieces(world, start, end, by):
    """[(key, from, to)]: the civil days or months of a period, clipped to it; edges come from the zone's data (P11)."""
    first = (EPOCH + start * MILLISECOND).astimezone(world.zone).date()
    day = first if by == "day" else first.replace(day=1)
    while True:
        after = day + datetime.timedelta(days=1) if by == "day" else (day + datetime.timedelta(days=32)).replace(day=1)
        low, high = (instant(edge.isoformat(), world.zone) for edge in (day, after))
        if low >= end:
            return
        yield day.isoformat()[: 10 if by == "day" else 7], max(low, start), min(high, end)
        day = after


def books(world, start, end, by="line", of_targets=None):
    """{key: figures in ms} of a period. `of_targets` reuses what target_books() gave."""
    of_targets = of_targets or target_books(world)
    end = min(end, world.now) if world.now is not None else end
    groups = collections.defaultdict(list)
    pieces = list(civil_pieces(world, start, end, by)) if by in ("day", "month") else [(None, start, end)]
    for key, low, high in pieces if start < end else []:
        for target, its in of_targets.items():
            whole = [(target if by == "line" else key, low, high)]
            for group, since, until in whole if key or by == "line" else world.groups_of(target, by, low, high):
                member = figures(world, target, its, since, until)
                if member:
                    groups[group].append(member)
    return {key: add_up(members) for key, members in sorted(groups.items())}


def ratio(part, whole):
    return part / whole if whole else None


def as_json(key, row, zone, by="line"):
    """A row as `availability --format json` prints it (design 6). One division each, at the end."""
    up, down, unknown = row["up"], row["down"], row["unknown"]
    out = {"key": key}
    out.update({f"{name}_s": row[name] / 1000 for name in SUMS[:7]})
    out.update(outages=row["outages"], unconfirmed=row["unconfirmed"], availability=ratio(up, up + down),
               lower=ratio(up, up + down + unknown), upper=ratio(up + unknown, up + down + unknown),
               coverage=ratio(up + down, up + down + unknown), mttr_s=ratio(down, 1000 * row["outages"]),
               formula="A=U/(U+D)" if by == "line" else "R1=ΣU/Σ(U+D)",
               scope_from=iso(row["scope_from"], zone), scope_to=iso(row["scope_to"], zone))
    return out


def availability(world, start, end, by="line", of_targets=None):
    return [as_json(key, row, world.zone, by) for key, row in books(world, start, end, by, of_targets).items()]


def outages(world, start, end, of_targets=None):
    """The outages that count in a period, with both brackets, in the order they began."""
    out = []
    for target, its in (of_targets or target_books(world)).items():
        rest = subtract(intersect(scope_of(world, target), [(start, end)]), windows_of(world, target))
        out += [outage for outage in its.outages if intersect(outage.down, rest)]
    return sorted(out, key=lambda outage: (outage.began, outage.target))


def outage_as_json(outage, zone):
    after, until = outage.ended_bracket or (None, None)
    return {"target": outage.target, "began": iso(outage.began, zone), "ended": iso(outage.ended, zone),
            "began_after": iso(outage.began_bracket[0], zone), "began_until": iso(outage.began_bracket[1], zone),
            "ended_after": iso(after, zone), "ended_until": iso(until, zone), "after_own_uplink": outage.after_own_uplink,
            "down_s": total(outage.down) / 1000, "unknown_s": total(outage.holes) / 1000}


def main():
    parser = argparse.ArgumentParser(description="The books of Changtong, computed a second time from a trace.")
    parser.add_argument("--config", required=True, help="changtong.yaml as worlds.py writes it")
    parser.add_argument("--trace", required=True)
    parser.add_argument("--from", dest="start", required=True)
    parser.add_argument("--to", dest="end", required=True)
    parser.add_argument("--by", choices=GROUPINGS, default="line")
    parser.add_argument("--outages", action="store_true", help="the list of outages instead of the figures")
    options = parser.parse_args()
    try:
        world = read_trace(options.trace, read_settings(options.config))
    except TraceError as problem:
        print(f"{options.trace}: {problem}", file=sys.stderr)
        return 1
    start, end = period_edge(options.start, world.zone, False), period_edge(options.end, world.zone, True)
    if options.outages:
        found = [outage_as_json(outage, world.zone) for outage in outages(world, start, end)]
    else:
        found = availability(world, start, end, options.by)
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
