#!/usr/bin/env python3
"""The books of Changtong, computed a second time.

This program is not the monitor and shares no line with it. It was written from the text of the design alone (chapter
5, "The books", rules 1-10, and the formats of chapter 6), so that an auditor can read the rules as a program, and so
that two programs written apart can be held against each other: `compare.py` does that. Simple before fast. Standard
library only.

How a figure comes about:

    trace line -> read (rules 5, 6: who ran, what the clock showed) -> stream of one check (ranges expanded, lost and
    muted samples left out) -> fold (rules 1-4, 10: up, down, unconfirmed) -> combine (rule 7) -> brackets (rule 9) ->
    cut by scope and windows (rule 8) -> sums, ratios

Times are whole milliseconds since 1970, spans are half-open pairs (from, to), a set of time is a sorted list of
disjoint spans. A *label* is what the wall clock showed; `mono` is the same moment on a clock that is never stepped.

    books_oracle.py --config DIR/changtong.yaml --trace DIR/trace.jsonl --from 2026-03-01 --to 2026-03-01 --by line

`--config` understands the YAML that worlds.py writes: one `key: JSON` a line. As a module: settings(), read_trace(),
books().
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
UP, DOWN = "up", "down"
FOREVER = 1 << 60
LEADER_ORDER = ["icmp", "tcp", "snmp", "http"]  # rule 7, for equal intervals
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
            "停用日期": "closed", "等级": "grade", "检查": "checks"}
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
    """What is in force for one check: how often it is asked, how many samples confirm, whether it leads (rule 7)."""

    def __init__(self, kind, layer):
        self.kind = kind
        self.interval = duration(layer["interval"])
        self.speaks = self.interval * 3 // 2  # rule 1: at most 1.5 times the regular interval, rounded down
        self.down_after = int(layer["down_after"])
        self.up_after = int(layer["up_after"])
        self.leads = False


def layered(kind, layers):
    """One dict out of several; a later layer wins."""
    whole = {"interval": {"http": "60s", "snmp": "30s"}.get(kind, "1s"), "down_after": 3, "up_after": 2}
    for layer in layers:
        whole.update(layer)
    return whole


def elect_leader(policies):
    """Rule 7: the check with the shortest interval leads; of equals the earlier in icmp, tcp, snmp, http."""
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
        if own.get("role") == "health" or kind not in ("icmp", "tcp", "snmp"):
            continue
        of_category, of_kind = settings["categories"].get(row["category"], {}), settings["kinds"].get(kind, {})
        found[kind] = Policy(kind, layered(kind, [settings["defaults"], of_category, of_kind, own]))
    return elect_leader(found)


def policies_of_site(site, settings):
    """A site ignores the interval of `defaults`, which is meant for lines."""
    shared = {key: value for key, value in settings["defaults"].items() if key in ("down_after", "up_after")}
    return elect_leader({"http": Policy("http", layered("http", [shared, site]))})


def policies_of_anchor(settings):
    return elect_leader({"icmp": Policy("icmp", layered("icmp", [settings["defaults"]]))})


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

# A sample: mono and order say when it happened, label what the clock showed, width how far it widens a bracket.
Sample = collections.namedtuple("Sample", "mono order label outcome width policy")
MONO, ORDER, LABEL, OUTCOME, WIDTH, POLICY = range(6)
Range = collections.namedtuple("Range", "order start end every target check outcome width frame")
RANGE_ORDER, CRASH_ORDER = 1 << 40, 1 << 41  # at one instant: lines, then samples of ranges, then what a crash cuts


class Frame:
    """The time between two clock steps: label = mono + offset. Labels up to the barrier have been shown before."""

    def __init__(self, mono, offset, barrier):
        self.start, self.end, self.offset, self.barrier = mono, FOREVER, offset, barrier


class Session:
    """The time between a start and its stop or crash, in mono."""

    def __init__(self, start):
        self.start = start
        self.end = FOREVER  # samples of ranges exist before this
        self.kept_until = FOREVER  # single samples later than this are lost
        self.cut = None  # a Sample of outcome NOT_MEASURED: from its label on nobody speaks


class Version:
    """A target's inventory row from `mono` on (label for people), and the policies that follow from it."""

    def __init__(self, mono, label, row, policies):
        self.mono, self.label, self.row, self.policies = mono, label, row, policies


class World:
    """Everything a trace says, in the order it happened. See read_trace()."""

    def __init__(self, settings):
        self.settings = settings
        self.zone = zoneinfo.ZoneInfo(settings["zone"])
        self.frames = [Frame(-FOREVER, 0, -FOREVER)]
        self.sessions, self.running = [], False
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
        for number in range(1, len(settings["anchors"]) + 1):
            self.add_anchor(f"anchor-{number}", -FOREVER)

    def add_line(self, row, mono, label):
        row = inventory_row(row, self.settings)
        version = Version(mono, label, row, policies_of_line(row, self.settings))
        self.versions.setdefault(row["id"], []).append(version)
        self.scopes[row["id"]] = {"accepted": row.get("accepted", ""), "closed": row.get("closed", "")}

    def add_anchor(self, target, mono):
        self.versions[target] = [Version(mono, mono, {"id": target}, policies_of_anchor(self.settings))]

    def targets(self):
        return [target for target in self.versions if not target.startswith("anchor")]

    def anchors(self):
        return [target for target in self.versions if target.startswith("anchor")]

    def rows_of(self, target, start, end):
        """[(row, from, to)]: the inventory rows in force in a period, each for its time, the first one also before it.
        A row entered among repeated labels takes over where the one before it began."""
        begins = list(itertools.accumulate((version.label for version in self.versions[target]), max))
        begins = [-FOREVER] + begins[1:] + [FOREVER]
        return [(version.row, max(low, start), min(high, end))
                for version, low, high in zip(self.versions[target], begins, begins[1:]) if max(low, start) < min(high, end)]

    def groups_of(self, target, by, start, end):
        """[(group, from, to)]: the group that a target belonged to, one stretch for as long as that did not change."""
        stretches = []
        for row, since, until in self.rows_of(target, start, end):
            group = row.get(by, "")
            if stretches and stretches[-1][0] == group:
                since = stretches.pop()[1]
            stretches.append((group, since, until))
        return stretches

    def children_at(self, mono):
        """parent -> its children, by the rows in force at that moment."""
        children = collections.defaultdict(list)
        for target, versions in self.versions.items():
            rows = [version.row for version in versions if version.mono <= mono]
            if rows and rows[-1].get("parent"):
                children[rows[-1]["parent"]].append(target)
        return children


def width_of(line):
    """Rule 9: a bracket's later end is widened by the round trip: its whole ms and one more; 0 without one."""
    rtt = decimal.Decimal(line.get("rtt_ms") or 0)
    return int(rtt) + 1 if rtt > 0 else 0


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
        world.sessions.append(Session(mono))
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
    width = width_of(line) if line["outcome"] == GOOD else 0
    sample = Sample(mono, number, label, line["outcome"], width, policy)
    world.singles[line["target"], line["check"]].append((sample, world.frames[-1], world.sessions[-1]))


def policy_at(world, number, line, mono):
    """The policy in force for the check that a line names."""
    target, check = line["target"], line["check"]
    if target.startswith("anchor") and target not in world.versions:
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
    width = width_of(line) if line["outcome"] == GOOD else 0
    world.ranges.append(Range(RANGE_ORDER + number, label, end, every, line["target"], line["check"], line["outcome"],
                              width, len(world.frames) - 1))


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
    world.add_line(line["inventory"], mono, label)


def read_scope(world, number, line, label, mono):
    scope = line["scope"]
    if scope["target"] not in world.versions:
        raise TraceError(number, f"unknown target {scope['target']}")
    world.scopes[scope["target"]].update({key: scope[key] or "" for key in ("accepted", "closed") if key in scope})


READERS = {"monitor": read_monitor, "clock_step_s": read_step, "window": read_window, "inventory": read_inventory,
           "scope": read_scope, "every_s": read_range, "outcome": read_single}


# ---------------------------------------------------------------------------------------------------------------------
# The stream of one check: the samples that count, in order of happening
# ---------------------------------------------------------------------------------------------------------------------


def stream(world, target, check):
    """Samples of one check in order of happening, and a NOT_MEASURED one where a stop or crash cuts the time.

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
    samples.sort(key=lambda sample: sample[:2])
    return samples


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
    every, order, outcome, width = range_.every, range_.order, range_.outcome, range_.width
    at = on_grid(range_, low)
    for start, end in covered[max(bisect.bisect_right(covered, (low - offset, FOREVER)) - 1, 0):]:
        if at >= high:
            return
        samples += [(label - offset, order, label, outcome, width, policy)
                    for label in range(at, min(start + offset, high), every)]
        at = max(at, on_grid(range_, end + offset))
    samples += [(label - offset, order, label, outcome, width, policy) for label in range(at, high, every)]


def on_grid(range_, label):
    """The first label of the range's grid that is not before `label`."""
    return range_.start + -(-(label - range_.start) // range_.every) * range_.every


# ---------------------------------------------------------------------------------------------------------------------
# One check: rules 1 to 4, and 10
# ---------------------------------------------------------------------------------------------------------------------


class Episode:
    """An outage of one check: samples [first, end) of its stream; `down` is the time they speak for."""

    def __init__(self, first, began):
        self.first, self.end, self.began = first, FOREVER, began
        self.down = []
        self.stale_from = FOREVER  # rule 7 as amended: from here it is no testimony any more


class Fold:
    """What one check's samples say. `states[i]` is UP, DOWN or None (nothing) for samples[i]."""

    def __init__(self, samples):
        self.samples = samples
        self.labels = [sample[LABEL] for sample in samples]
        self.states = [None] * len(samples)
        self.episodes = []
        self.first_bads = []  # (label, policy) of every bad run begun while the check was up
        self.unconfirmed = []  # labels of first samples
        self.up = []


def fold(samples, excused, jumps):
    """Rules 1-4 over one check's stream; `excused(i, known)` is rule 10."""
    check = Fold(samples)
    judge_runs(check, excused)
    give_time(check, jumps)
    return check


def judge_runs(check, excused):
    """Rules 3 and 4: which samples are up, which down.

    Runs are counted over measured samples alone. A target begins as up. While a run against the belief is pending its
    samples bear the believed state; when it is long enough the whole run takes the new one, so that an outage begins at
    the first bad sample and ends at the first good one.
    """
    states, believed, run = check.states, UP, []
    for i, (_, _, label, outcome, _, policy) in enumerate(check.samples):
        if outcome == NOT_MEASURED:
            continue
        states[i] = believed
        if (outcome == GOOD) == (believed == UP):
            if run:
                refute(check, believed, run, label, excused)
                run = []
            continue
        run.append(i)
        if len(run) < (policy.down_after if believed == UP else policy.up_after):
            continue
        if believed == UP:
            run, standing = own_fault_left_out(check, run, label, excused)
            if len(standing) < policy.down_after:
                continue
            open_episode(check, run, standing)
        else:
            for j in range(run[0], i + 1):
                states[j] = UP if states[j] else None
            check.episodes[-1].end = run[0]
        believed, run = DOWN if believed == UP else UP, []
    if run:
        refute(check, believed, run, FOREVER, excused)


def open_episode(check, run, standing):
    """Rule 3: the outage is confirmed; it began at the first bad sample of its run."""
    for j in run:
        check.states[j] = None
    for j in standing:
        check.states[j] = DOWN
    first = standing[0]
    label, policy = check.samples[first][LABEL], check.samples[first][POLICY]
    check.episodes.append(Episode(first, label))
    check.first_bads.append((label, policy))


def refute(check, believed, run, known, excused):
    """A run that never became long enough: inside an outage it is down; otherwise up, and counted as unconfirmed.

    Rule 10 says "only if": a sample whose interval is not over yet (at `known`, the good sample that ends the run) may
    still turn out to be the line's, and in doubt it stays bad.
    """
    if believed == DOWN:
        return
    over = lambda j: check.samples[j][LABEL] + check.samples[j][POLICY].interval < known
    standing = [j for j in run if not (over(j) and excused(j, known))]
    for j in set(run) - set(standing):
        check.states[j] = None
    if standing:
        label, policy = check.samples[standing[0]][LABEL], check.samples[standing[0]][POLICY]
        check.unconfirmed.append(label)
        check.first_bads.append((label, policy))


def own_fault_left_out(check, run, known, excused):
    """Rule 10: decided before a run confirms, with what has been asked up to `known`.

    Returns the run without the samples that nothing can bring back, and those that stand as bad by now.
    """
    left, standing = [], []
    for j in run:
        if not excused(j, known):
            standing.append(j)
        elif check.samples[j][LABEL] + check.samples[j][POLICY].interval < known:
            check.states[j] = None
            continue
        left.append(j)
    return left, standing


def give_time(check, jumps):
    """Rules 1 and 2: how far each sample speaks, for up or for down.

    From its label to the next sample of any outcome, at most for 1.5 intervals. A not_measured sample speaks for
    nothing, so that the time from it to the next measured one is unknown. The labels that a forward step left out are
    unknown.
    """
    up, episode = [], iter(check.episodes)
    current = next(episode, None)
    ends = check.labels[1:] + [FOREVER]
    for i, state in enumerate(check.states):
        if state is None:
            continue
        label = check.samples[i][LABEL]
        end = min(ends[i], label + check.samples[i][POLICY].speaks)
        while current and i >= current.end:
            current = next(episode, None)
        spans = up if state == UP else current.down
        if spans and spans[-1][1] == label:
            spans[-1][1] = end
        elif end > label:
            spans.append([label, end])
    check.up = subtract(union(map(tuple, up)), jumps)
    for each in check.episodes:
        each.down = subtract(union(map(tuple, each.down)), jumps)


class Evidence:
    """Rule 10: what anchors and other targets saw. Built only for worlds with anchors."""

    def __init__(self, world, streams):
        self.world, self.streams = world, streams
        self.good = {target: self.labels(target, GOOD) for target in world.versions}
        self.bad = {target: self.labels(target, BAD) for target in world.anchors()}

    def labels(self, target, outcome):
        return sorted(sample[LABEL] for samples in self.streams[target].values() for sample in samples
                      if sample[OUTCOME] == outcome)

    def own_uplink(self, target, sample, known):
        """Rule 10: among the questions sent within one interval of this bad sample (before or after it, both ends
        included, as far as `known`), every anchor was bad, none good, and no target outside its own subtree was
        good."""
        low = sample[LABEL] - sample[POLICY].interval
        high = min(sample[LABEL] + sample[POLICY].interval, known)
        anchors = self.world.anchors()
        if any(not within(self.bad[anchor], low, high) or within(self.good[anchor], low, high) for anchor in anchors):
            return False
        subtree = self.subtree(target, sample[MONO])
        return bool(anchors) and not any(within(self.good[other], low, high)
                                         for other in self.world.targets() if other not in subtree)

    def subtree(self, target, mono):
        children, found, open_ = self.world.children_at(mono), set(), [target]
        while open_:
            at = open_.pop()
            if at not in found:
                found.add(at)
                open_ += children[at]
        return found


def within(labels, low, high):
    i = bisect.bisect_left(labels, low)
    return i < len(labels) and labels[i] <= high


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


class TargetBooks:
    """A target's time before scope and windows are looked at."""

    def __init__(self, up, down, outages, unconfirmed):
        self.up, self.down, self.outages, self.unconfirmed = up, down, outages, unconfirmed
        self.least = union(*[outage.least for outage in outages])
        self.middle = union(*[outage.middle for outage in outages])
        self.greatest = union(*[outage.greatest for outage in outages])


def combine(target, checks, amended):
    """Rule 7: several reach checks, one target. `checks` is {name: Fold}."""
    ups = {name: subtract(check.up, silenced(name, checks)) for name, check in checks.items()}
    up = union(*ups.values())
    said = [testimony(episode, up, amended) for check in checks.values() for episode in check.episodes]
    down = subtract(union(*said), up)
    unconfirmed = sorted(label for name, check in checks.items() for label in check.unconfirmed
                         if not any(holds(ups[other], label) for other in checks if other != name))
    outages = [with_brackets(outage, up, checks) for outage in outages_of(target, up, down)]
    return TargetBooks(up, down, outages, unconfirmed)


def silenced(name, checks):
    """Rule 7: time for which a check may not speak for up.

    At the leader's first bad sample the others are asked at once; from that instant only answers to questions sent at
    or after it speak for up. So an older sample falls silent there, until the check's next sample.
    """
    spans = []
    for other, check in checks.items():
        for label, policy in check.first_bads if other != name else []:
            i = bisect.bisect_left(checks[name].labels, label)  # the first sample sent at or after it
            if policy.leads:
                spans.append((label, checks[name].labels[i] if i < len(checks[name].labels) else FOREVER))
    return union(spans)


def testimony(episode, up, amended):
    """The down time of a check that counts against its target.

    Rule 7 as the text has it: all of it (up of another check wins anyhow). As amended: a check that was already down
    while another kept the target up is no witness from then on, until it has been up again or goes down anew, because
    its silence was evidently not the line's. What it says is unknown then.
    """
    if not amended:
        return episode.down
    episode.stale_from = first_at_or_after(up, episode.began)
    return intersect(episode.down, [(-FOREVER, episode.stale_from)])


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
    begins = (outage.began,) * 3 if earliest is None else (latest, (earliest + latest) // 2, earliest)
    earliest, latest = outage.ended_bracket or (outage.end, outage.end)
    ends = (earliest, (earliest + latest) // 2, latest)
    outage.least, outage.middle, outage.greatest = (
        subtract([span] if span[0] < span[1] else [], outage.holes) for span in zip(begins, ends))
    return outage


def bracket_of_beginning(outage, checks):
    """(last good sample, first bad one + round trip of that good one]; no lower end if nothing good came before.

    For several checks the latest good sample of any before the outage, and the first instant at which none is good.
    """
    last = None
    for check in checks.values():
        i = bisect.bisect_left(check.labels, outage.began)
        for episode in check.episodes:
            if episode.began == outage.began:
                i = episode.first  # a good sample at the very instant, but before the bad one, is before the outage
        while i > 0 and check.samples[i - 1][OUTCOME] != GOOD:
            i -= 1
        if i > 0:
            found = (check.samples[i - 1][LABEL], check.samples[i - 1][WIDTH])
            last = found if last is None else max(last, found)
    if last is None:
        return None, outage.began
    return last[0], outage.began + last[1]


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
    return max((last_bad(check, outage) for check in checks.values())), until


def width_at(check, label):
    """The round trip of a good sample at this instant, 0 if there is none."""
    i, width = bisect.bisect_left(check.labels, label), 0
    while i < len(check.labels) and check.labels[i] == label:
        width, i = max(width, check.samples[i][WIDTH]), i + 1
    return width


def last_bad(check, outage):
    """A check's last bad sample before the end of an outage to which it testified; the beginning if there is none."""
    for episode in reversed(check.episodes):
        if episode.began >= outage.end:
            continue  # also one without length, at the very instant of the end
        i = bisect.bisect_left(check.labels, outage.end)
        if episode.end < len(check.labels) and check.labels[episode.end] == outage.end:
            i = episode.end  # a bad sample at the very instant, but before the good one, is before the end
        for j in range(min(i, episode.end) - 1, episode.first - 1, -1):
            label = check.labels[j]
            if label < outage.began:
                break
            if check.samples[j][OUTCOME] == BAD and check.states[j] == DOWN and label <= episode.stale_from:
                return label
    return outage.began


def target_books(world, amended=True):
    """{target: TargetBooks} for every line and site."""
    wanted = list(world.versions) if world.anchors() else world.targets()
    names = {target: sorted({name for version in versions for name in version.policies})
             for target, versions in world.versions.items()}
    if not world.anchors():  # one target after the other, so that a month of many lines fits in memory
        nothing = lambda i, known: False
        return {target: combine(target, {name: fold(stream(world, target, name), nothing, union(world.jumps))
                                         for name in names[target]}, amended) for target in wanted}
    streams = {target: {name: stream(world, target, name) for name in names[target]} for target in wanted}
    evidence = Evidence(world, streams)
    books = {}
    for target in world.targets():
        checks = {}
        for name, samples in streams[target].items():
            excused = lambda i, known, s=samples, t=target: evidence.own_uplink(t, s[i], known)
            checks[name] = fold(samples, excused, union(world.jumps))
        books[target] = combine(target, checks, amended)
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


def books(world, start, end, by="line", amended=True, of_targets=None):
    """{key: figures in ms} of a period. `of_targets` reuses what target_books() gave."""
    of_targets = of_targets or target_books(world, amended)
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


def availability(world, start, end, by="line", amended=True, of_targets=None):
    return [as_json(key, row, world.zone, by) for key, row in books(world, start, end, by, amended, of_targets).items()]


def outages(world, start, end, amended=True, of_targets=None):
    """The outages that count in a period, with both brackets, in the order they began."""
    out = []
    for target, its in (of_targets or target_books(world, amended)).items():
        rest = subtract(intersect(scope_of(world, target), [(start, end)]), windows_of(world, target))
        out += [outage for outage in its.outages if intersect(outage.down, rest)]
    return sorted(out, key=lambda outage: (outage.began, outage.target))


def outage_as_json(outage, zone):
    after, until = outage.ended_bracket or (None, None)
    return {"target": outage.target, "began": iso(outage.began, zone), "ended": iso(outage.ended, zone),
            "began_after": iso(outage.began_bracket[0], zone), "began_until": iso(outage.began_bracket[1], zone),
            "ended_after": iso(after, zone), "ended_until": iso(until, zone),
            "down_s": total(outage.down) / 1000, "unknown_s": total(outage.holes) / 1000}


def main():
    parser = argparse.ArgumentParser(description="The books of Changtong, computed a second time from a trace.")
    parser.add_argument("--config", required=True, help="changtong.yaml as worlds.py writes it")
    parser.add_argument("--trace", required=True)
    parser.add_argument("--from", dest="start", required=True)
    parser.add_argument("--to", dest="end", required=True)
    parser.add_argument("--by", choices=GROUPINGS, default="line")
    parser.add_argument("--outages", action="store_true", help="the list of outages instead of the figures")
    parser.add_argument("--literal", action="store_true", help="rule 7 without the amendment")
    options = parser.parse_args()
    try:
        world = read_trace(options.trace, read_settings(options.config))
    except TraceError as problem:
        print(f"{options.trace}: {problem}", file=sys.stderr)
        return 1
    start, end = period_edge(options.start, world.zone, False), period_edge(options.end, world.zone, True)
    if options.outages:
        found = [outage_as_json(outage, world.zone) for outage in outages(world, start, end, not options.literal)]
    else:
        found = availability(world, start, end, options.by, not options.literal)
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
