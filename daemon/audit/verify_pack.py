#!/usr/bin/env python3
"""独立核验畅通的审计证据包，并由账目重算其中的数字。只用 Python 自带的库，不用畅通的任何代码。
Checks an auditor's pack without any code of Changtong, and computes its figures a second time from the entries.

    python3 verify_pack.py PACK.zip [FINGERPRINT]

Checked: every file against the manifest, the manifest's signature, the hash chain, the seals (signature, link, day after
day), that no day due is unsealed, head.json. Recomputed from journal.jsonl and compared: figures/availability_by_*.csv
and figures/availability.json (every figure of every row), figures/outages.csv (all but cause_text, which is wording),
inventory.csv, windows.csv, policies.json, closings.json (with the digest of each closed period's rows), duty.csv,
annotations.csv. Not recomputed, only held against the manifest: figures.xlsx, README.html and this script.

Exit code 0: consistent, and with a FINGERPRINT also proven to be of that key, which takes a signed manifest. 1: not so;
the last line says what was found. An entry of a kind, or of rules, that this script does not know is named, and then no
figure is vouched for. The script inside a pack is no better than the pack: take it from where you trust it.

Times are whole milliseconds since 1970, spans are half-open pairs (from, to), a set of time is a sorted list of disjoint
spans.
"""

import base64
import bisect
import collections
import csv
import datetime
import hashlib
import io
import json
import struct
import sys
import zipfile
import zlib

# -- Ed25519 (RFC 8032, 5.1): points in extended homogeneous coordinates

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


def x_of(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if y >= P or (square == 0 and sign):
        return None
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def point(text):
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def ed25519_verifies(key, text, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# -- the format

RULES = 2  # the newest rules of the books that this script knows
KINDS = {  # the fields of an entry that this script knows
    "transition": "target to at edge confirmed why decided_by same_outage after_own_uplink", "resumed": "targets",
    "unconfirmed": "runs",
    "cause": "target began why upstream", "gap": "from to why text", "start": "at version text rules", "stop": "at",
    "policy": "at zone author policy", "inventory": "at target author json", "annotation": "at target about author text via",
    "window": "at id target from to state by text flags via", "duty": "at day person source author text via",
    "closed": "at from to version author reason figures sheet changes via",
    "counter": "at counter about value unit source author via",
    "verdict": "at plan indicator verdict points text document sha256 author via"}
VIEWS = ["line", "category", "carrier", "town", "day", "month"]
FILES = {"journal.jsonl", "seals.jsonl", "key.pub", "head.json", "inventory.csv", "windows.csv", "policies.json",
         "closings.json", "duty.csv", "annotations.csv", "figures/availability.json", "figures/outages.csv",
         "figures.xlsx", "README.html"} | {f"figures/availability_by_{view}.csv" for view in VIEWS}
FORMATS = {"changtong-evidence-1": FILES, "changtong-evidence-2": FILES | {"verify_pack.py"}}
FIGURES = "figures/*, figures.xlsx, windows.csv, closings.json, README.html"
FOREVER, NEVER, HOUR = 1 << 52, -(1 << 52), 3_600_000
EVERY = "*"  # the target of a window that is for every line and site


class Wrong(Exception):
    pass


def need(condition, text):
    if not condition:
        raise Wrong(text)


def strict(text):
    """JSON in which no key stands twice: two programs could read such text in two ways."""
    def once(pairs):
        need(len(dict(pairs)) == len(pairs), "a key stands twice in one object")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=once)


def lenient(text):
    """An object inside an entry's text; {} where it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


# -- civil time


def zone_named(name):
    try:
        import zoneinfo
        return zoneinfo.ZoneInfo(name)
    except Exception:  # a machine without zone data; China has had no summer time since 1991
        need(name == "Asia/Shanghai", f"this machine has no data of the zone {name}: pip install tzdata")
        return datetime.timezone(datetime.timedelta(hours=8))


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def instant(text):
    return (datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(milliseconds=1)


def iso(ms, zone):
    """As the files write an instant; None where Python has no name for it, and then it is not compared."""
    try:
        return (EPOCH + datetime.timedelta(milliseconds=ms)).astimezone(zone).isoformat(timespec="milliseconds")
    except OverflowError:
        return None


def civil(ms, zone):
    return (EPOCH + datetime.timedelta(milliseconds=ms)).astimezone(zone).date()


def midnight(date, zone):
    at = datetime.datetime(date.year, date.month, date.day, tzinfo=zone)
    return (at - EPOCH) // datetime.timedelta(milliseconds=1)


def pieces(start, end, by, zone):
    """[(key, from, to)]: the civil days or months of a period, cut to it."""
    if start >= end:
        return
    day = civil(start, zone) if by == "day" else civil(start, zone).replace(day=1)
    while True:
        after = day + datetime.timedelta(days=1) if by == "day" else (day + datetime.timedelta(days=32)).replace(day=1)
        low, high = midnight(day, zone), midnight(after, zone)
        if low >= end:
            return
        if high > start:
            yield day.isoformat()[:10 if by == "day" else 7], max(low, start), min(high, end)
        day = after


# -- sets of time


def union(spans):
    out = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def cut(spans, start, end):
    """The part of a set inside [start, end)."""
    first = bisect.bisect_right(spans, (start, FOREVER + 1)) - 1
    out = []
    for low, high in spans[max(first, 0):]:
        if low >= end:
            break
        if max(low, start) < min(high, end):
            out.append((max(low, start), min(high, end)))
    return out


def without(spans, holes):
    out = []
    for start, end in spans:
        for low, high in cut(holes, start, end):
            if start < low:
                out.append((start, low))
            start = high
        if start < end:
            out.append((start, end))
    return out


def total(spans):
    return sum(end - start for start, end in spans)


def holds(span, at):
    return span[0] <= at < span[1]


# -- the fold: entries in order of the journal -> what is known of each target


class Outage:
    ended, ended_edge, found, upstream = FOREVER, (NEVER, NEVER), "none", ""

    def __init__(self, target, e, rules):
        self.target, self.began, self.confirmed, self.rules = target, e["at"], e["confirmed"], rules
        self.began_edge = edge_of(e)
        self.why, self.decided_by = e["why"], e["decided_by"]
        self.after_own_uplink = e.get("after_own_uplink", False)


def edge_of(e):
    after, until = e["edge"]
    return (NEVER if after is None else after), until


class Target:
    def __init__(self, number, name):
        self.number, self.name = number, name
        self.known, self.state, self.since, self.seq, self.first, self.open = False, "unknown", 0, 0, 0, None
        self.outages, self.unknown, self.unconfirmed = {}, {}, []
        self.versions, self.annotations, self.windows = [], [], collections.OrderedDict()


class Fold:
    def __init__(self):
        self.targets, self.rules = {}, [(1, 1)]
        self.open_gaps, self.closed_gaps = [], []
        self.policies, self.closings, self.duties, self.windows = [], [], [], []
        self.first_entry = None

    def target(self, name):
        need(isinstance(name, str), "a target's name is no text")
        return self.targets.setdefault(name, Target(len(self.targets) + 1, name))

    def take(self, seq, at, kind, e):
        if seq == 1:
            self.first_entry = at
        take = getattr(self, "take_" + kind, None)
        if take:
            take(seq, e)

    def take_start(self, seq, e):
        if self.rules[-1][1] != e.get("rules", 1):
            self.rules.append((seq, e.get("rules", 1)))

    def take_transition(self, seq, e):
        t = self.target(e["target"])
        at, to = e["at"], e["to"]
        need(to in ("up", "down", "unknown") and is_whole(at), f"entry {seq} is no transition")
        need(not t.known or at >= t.since, f"entry {seq}: it is earlier than the transition before it")
        later = [gap for gap in self.gaps_after(t.seq)]
        if t.known:
            self.close_unknown(t, later, at)
        if t.open is not None and (to == "up" or (to == "down" and not e["same_outage"])):
            self.end_outage(t, to, at, edge_of(e))
        if to == "down" and t.open is None:
            t.outages[at] = Outage(t, e, self.rules[-1][1])
            t.open = at
        if not t.known:
            t.first = at
        over = [gap_seq for gap_seq, start in later if start > at]  # decided long after: such a gap still lies over it
        t.known, t.state, t.since, t.seq = True, to, at, min(over) - 1 if over else seq

    def gaps_after(self, seq):
        return self.open_gaps[bisect.bisect_right(self.open_gaps, (seq, FOREVER)):]

    def close_unknown(self, t, later, till):
        start = min([start for _, start in later] + ([t.since] if t.state == "unknown" else []), default=FOREVER)
        if start < till:
            t.unknown[start] = max(t.unknown.get(start, till), till)

    def end_outage(self, t, to, at, edge):
        """Rule 9: where unknown lies directly before the good sample, the outage ends where that unknown begins."""
        start, was = at, None
        while start != was:
            was = start
            start = min([start] + [low for low, high in t.unknown.items() if low < was <= high])
            for low, high in self.closed_gaps:
                if low < start <= high:
                    start = low
        outage = t.outages[t.open]
        outage.ended = max(t.open, start)
        outage.ended_edge = (min(edge[0], outage.ended), edge[1]) if to == "up" else (outage.ended, at)
        t.open = None

    def take_resumed(self, seq, e):
        for name, at, confirmed, by in e["targets"]:
            self.take_transition(seq, {"target": name, "to": "up", "at": at, "edge": [at, at], "confirmed": confirmed,
                                       "why": "none", "decided_by": by, "same_outage": False})

    def take_unconfirmed(self, seq, e):
        for name, _, at, _, _, _ in e["runs"]:
            self.target(name).unconfirmed.append(at)

    def take_cause(self, seq, e):
        outage = self.target(e["target"]).outages.get(e["began"])
        if outage:
            outage.found, outage.upstream = e["why"], e["upstream"]

    def take_gap(self, seq, e):
        if e["to"] is None:
            self.open_gaps.append((seq, e["from"]))
        else:
            self.closed_gaps.append((e["from"], e["to"]))

    def take_stop(self, seq, e):
        self.open_gaps.append((seq, e["at"]))

    def take_policy(self, seq, e):
        self.policies.append((seq, e))

    def take_inventory(self, seq, e):
        self.target(e["target"]).versions.append((seq, e))

    def take_window(self, seq, e):
        self.windows.append((seq, self.target(e["target"]), e))
        self.target(e["target"]).windows.setdefault(e["id"], []).append((seq, e))

    def take_annotation(self, seq, e):
        self.target(e["target"]).annotations.append((seq, e))

    def take_duty(self, seq, e):
        self.duties.append((seq, e))

    def take_closed(self, seq, e):
        self.closings.append((seq, e))

    def zone_name(self):
        return ([e["zone"] for _, e in self.policies if e["zone"]] or ["Asia/Shanghai"])[-1]


# -- the inventory: who is in the books, and in which group at which time

WORDS = ["name", "category", "unit", "town", "carrier", "circuit", "parent", "grade"]


class Catalogued:
    """A target with its inventory versions: scopes by entry, words by time."""

    def __init__(self, target):
        self.target, self.id, self.kind = target, target.name, ""
        self.scopes, self.words = [], []  # (seq, accepted, closed, removed), (from, words)
        for seq, e in target.versions:
            if not e["json"]:
                was = self.scopes[-1] if self.scopes else (0, None, None, None)
                self.scopes.append((seq, was[1], was[2], e["at"]))
                continue
            o = lenient(e["json"])
            self.kind = o.get("kind") if isinstance(o.get("kind"), str) else "line"
            words = {word: o.get(word) if isinstance(o.get(word), str) else "" for word in WORDS}
            self.scopes.append((seq, *(o.get(k) if is_whole(o.get(k)) else None for k in ("accepted", "closed")), None))
            if not self.words or self.words[-1][1] != words:
                self.words.append((max(e["at"], self.words[-1][0]) if self.words else e["at"], words))

    def group_of(self, words, by):
        """None: in no group of this kind."""
        if by == "category":
            return "website" if self.kind == "site" else words["category"]
        return None if self.kind == "site" and not words[by] else words[by]

    def stretches(self, start, end, by):
        """[(group, from, to)] of a period; neighbours of one group are one stretch."""
        words = self.words or [(NEVER, dict.fromkeys(WORDS, ""))]
        edges = [NEVER] + [at for at, _ in words[1:]] + [FOREVER]
        out = []
        for (_, own), low, high in zip(words, edges, edges[1:]):
            low, high = max(low, start), min(high, end)
            if low >= high:
                continue
            group = self.group_of(own, by)
            if out and out[-1][0] == group:
                low = out.pop()[1]
            out.append((group, low, high))
        return [stretch for stretch in out if stretch[0] is not None]


# -- rule 8: closed periods, scope, windows


def governed(start, end, closings):
    """[(from, to, entry)]: by which entries each part of a period is governed; a closed one by those before it."""
    edges = sorted({start, end} | {edge for _, c in closings for edge in (c["from"], c["to"]) if start < edge < end})
    parts = []
    for low, high in zip(edges, edges[1:]):
        entry = FOREVER
        for seq, c in closings:
            if holds((c["from"], c["to"]), low):
                entry = seq
        if parts and parts[-1][2] == entry:
            low = parts.pop()[0]
        parts.append((low, high, entry))
    return parts


def scope_of(c, first_entry, now, entry):
    valid = [scope for scope in c.scopes if scope[0] <= entry]
    if not valid:
        return 0, 0
    _, accepted, closed, removed = valid[-1]
    end = min([now] + [at for at in (closed, removed) if at is not None])
    return (first_entry if accepted is None else accepted), end


def excluded_by(steps, late, lead):
    """The last record made strictly before the window begins decides; a later one can only end it earlier. `late`: a
    policy admits approvals made later; `lead`: it wants them so long before."""
    decides, end = None, 0

    def in_force(at):
        return decides and decides["state"] == "approved" and decides["at"] < decides["from"] <= at and \
            decides["at"] + lead <= decides["from"]

    for s in steps:
        if not in_force(s["at"]):
            decides, end = s, s["to"]
        elif late and s["state"] == "approved" and s["from"] <= end < s["to"]:
            end = s["to"]
        else:
            end = min(end, s["at"] if s["state"] == "cancelled" else max(s["to"], s["at"]))
    if in_force(FOREVER):
        return decides["from"], end
    return admitted_late(steps) if late else (0, 0)


def admitted_late(steps):
    start, end = 0, 0
    for s in steps:
        if s["state"] == "approved":
            start, end = s["from"], s["to"]
        elif start < end and s["at"] < start:
            start, end = 0, 0
        elif start < end:
            end = min(end, s["at"] if s["state"] == "cancelled" else max(s["to"], s["at"]))
    return start, end


def late_and_lead(policies, at, entry):
    """What the policy in force says of windows: are late approvals admitted, and how long before must they be made."""
    def says(text):
        windows = lenient(text).get("windows")
        windows = windows if isinstance(windows, dict) else {}
        lead = windows.get("window_lead_ms")
        if is_whole(lead) and 0 < lead < 1 << 40:
            return False, lead  # with a lead nothing is admitted late
        return windows.get("late_approval") == "allow", 0
    found = says(policies[0][1]["policy"]) if policies else (False, 0)
    for seq, p in policies:
        if seq <= entry and p["at"] <= at:
            found = says(p["policy"])
    return found


# -- histories and sums


class Line:
    """What is known of one target at any time: unknown time, outages with their holes and brackets."""

    def __init__(self, target, fold, heartbeat):
        t = target
        self.unconfirmed = sorted(t.unconfirmed)
        self.unknown = [(NEVER, FOREVER)] if not t.known else union(
            list(t.unknown.items()) + fold.closed_gaps + [(NEVER, t.first), (heartbeat, FOREVER)] +
            [(start, FOREVER) for _, start in fold.gaps_after(t.seq)] +
            ([(t.since, FOREVER)] if t.state == "unknown" else []))
        known = without([(NEVER, FOREVER)], self.unknown)
        self.outages = [t.outages[began] for began in sorted(t.outages)]
        for o in self.outages:
            self.measure(o)
        down = union((o.began, o.ended) for o in self.outages)
        self.up = without(known, down)
        self.down = without(down, self.unknown)

    def measure(self, o):
        """Rule 9: least, middle and greatest. Rules 1 leave out the outage's own holes, later ones all unknown time."""
        o.holes = cut(self.unknown, o.began, o.ended)
        o.own = without(union([(o.began, o.ended)]), o.holes)
        after, until = (o.began, o.began) if o.began_edge[0] == NEVER else o.began_edge
        last_bad, good = (FOREVER, FOREVER) if o.ended == FOREVER else o.ended_edge
        ends = (last_bad, FOREVER if o.ended == FOREVER else (last_bad + good) // 2, good)
        spans = list(zip((until, (after + until) // 2, after), ends))
        o.bracketed = [without(union([span]), o.holes if o.rules == 1 else self.unknown) for span in spans]
        o.reach = min(o.began, after), max(o.ended, good)


SUMS = ["up", "down", "down_min", "down_mid", "down_max", "excluded", "unknown", "outages", "unconfirmed"]


class History:
    """A line in a frame: what of it is in scope, and what is excluded."""

    def __init__(self, c, line, fold, frame, now):
        self.line = line
        parts = governed(*frame, fold.closings)
        scopes = [(scope_of(c, fold.first_entry, now, entry), (low, high)) for low, high, entry in parts]
        if len(parts) == 1:
            self.scope, self.outside = scopes[0][0], []
        else:
            inside = union((max(a, low), min(b, high)) for (a, b), (low, high) in scopes)
            self.scope = (inside[0][0], inside[-1][1]) if inside else (0, 0)
            self.outside = without([self.scope], inside) if inside else []
        excluded = []
        every = fold.targets[EVERY].windows.values() if EVERY in fold.targets else []
        for low, high, entry in parts:
            for records in [*every, *c.target.windows.values()]:
                steps = [e for seq, e in records if seq <= entry]
                if not steps:
                    continue
                start, end = excluded_by(steps, *late_and_lead(fold.policies, steps[-1]["from"], entry))
                excluded.append((start, end) if len(parts) == 1 else (max(start, low), min(end, high)))
        self.excluded = union(excluded)

    def sums(self, start, end):
        """Rule 8: not in scope > excluded > unknown > down or up. None: not in scope."""
        start, end = max(start, self.scope[0]), min(end, self.scope[1])
        outside = cut(self.outside, start, end) if start < end else []
        if start >= end or total(outside) == end - start:
            return None
        windows = cut(self.excluded, start, end)
        gone = union(windows + outside) if outside else windows
        counted = lambda spans: without(cut(spans, start, end), gone)
        s = {"up": total(counted(self.line.up)), "down": total(counted(self.line.down)),
             "excluded": total(without(windows, outside)), "outages": 0, "scope": (start, end)}
        s["unknown"] = end - start - total(outside) - s["excluded"] - s["up"] - s["down"]
        near = [o for o in self.line.outages if max(o.reach[0], start) < min(o.reach[1], end)]
        for i, name in enumerate(["down_min", "down_mid", "down_max"]):
            s[name] = total(counted(union(span for o in near for span in o.bracketed[i])))
        s["outages"] = sum(1 for o in near if counted(o.own))
        first, last = (bisect.bisect_left(self.line.unconfirmed, at) for at in (start, end))
        s["unconfirmed"] = sum(1 for at in self.line.unconfirmed[first:last] if not cut(outside, at, at + 1))
        return s


def added(members):
    s = {name: sum(m[name] for m in members) for name in SUMS}
    s["scope"] = min(m["scope"][0] for m in members), max(m["scope"][1] for m in members)
    return s


class Books:
    """Everything that follows from entries, heartbeat and the instant at which scope is cut."""

    def __init__(self, fold, heartbeat, now):
        self.fold, self.now, self.zone = fold, now, zone_named(fold.zone_name())
        by_number = sorted(fold.targets.values(), key=lambda t: t.number)
        self.catalogue = [c for c in (Catalogued(t) for t in by_number if t.versions) if c.kind != "anchor"]
        self.lines = {c.id: Line(c.target, fold, heartbeat) for c in self.catalogue}

    def histories(self, frame, now):
        return [(c, History(c, self.lines[c.id], self.fold, frame, now)) for c in self.catalogue]

    def rows(self, frame, now, by, histories=None):
        """[(key, sums)] in the order of the files."""
        members = collections.defaultdict(list)
        spans = list(pieces(frame[0], min(frame[1], now), by, self.zone)) if by in ("day", "month") else []
        for c, h in histories or self.histories(frame, now):
            own = [(c.id, *frame)] if by == "line" else spans or [] if by in ("day", "month") else c.stretches(*frame, by)
            for key, start, end in own:
                s = h.sums(start, end)
                if s:
                    members[key].append(s)
        order = list(dict.fromkeys(self.categories())) if by == "category" else []
        keys = [key for key in order if key in members] + sorted(key for key in members if key not in order)
        return [(key, added(members[key])) for key in keys]

    def categories(self):
        listed = lenient(self.fold.policies[-1][1]["policy"]).get("categories") if self.fold.policies else None
        return [c["id"] for c in listed if isinstance(c, dict) and isinstance(c.get("id"), str)
                and isinstance(c.get("name"), str)] if isinstance(listed, list) else []

    def outages(self, frame):
        listed = [(c, o) for c in self.catalogue for o in self.lines[c.id].outages
                  if o.began < frame[1] and o.ended > frame[0]]
        return sorted(listed, key=lambda found: (-found[1].began, found[0].target.number))

    def closings_that_disagree(self):
        newest = {(c["from"], c["to"]): c for _, c in self.fold.closings}
        for when, c in sorted(newest.items()):
            if any(o["at"] > c["at"] and (o["from"], o["to"]) != when and max(o["from"], when[0]) < min(o["to"], when[1])
                   for _, o in self.fold.closings):
                continue  # a later closing of a part of it governs there
            text = "".join(sums_text(key, s) + "\n" for key, s in self.rows(when, FOREVER, "line"))
            if hashlib.sha256(text.encode()).hexdigest() != c["sheet"]:
                yield c


def sums_of(key, s):
    return {"key": key, **{name if name in ("outages", "unconfirmed") else name + "_ms": s[name] for name in SUMS}}


def sums_text(key, s):
    return json.dumps(sums_of(key, s), ensure_ascii=False, separators=(",", ":"))


# -- the files, as values: numbers are compared as numbers, instants and words as text


def ratio(part, whole):
    return part / whole if whole else None


def availability_row(key, s, zone, by):
    up, down, counted = s["up"], s["down"], s["up"] + s["down"] + s["unknown"]
    row = {"key": key, **{name + "_s": s[name] / 1000 for name in
                          ("up", "down", "down_min", "down_mid", "down_max", "excluded", "unknown")}}
    row.update(outages=s["outages"], unconfirmed=s["unconfirmed"], availability=ratio(up, up + down),
               lower=ratio(up, counted), upper=ratio(up + s["unknown"], counted), coverage=ratio(up + down, counted),
               mttr_s=down / 1000 / s["outages"] if s["outages"] else None,
               formula="A = U/(U+D)" if by == "line" else "R1 = ΣU/Σ(U+D)",
               scope_from=iso(s["scope"][0], zone), scope_to=iso(s["scope"][1], zone))
    return row


def outage_row(c, o, zone):
    is_open = o.ended == FOREVER
    end = o.holes[-1][0] if o.holes and o.holes[-1][1] == FOREVER else o.ended
    hole = total(span for span in o.holes if span[1] != FOREVER)
    at = lambda ms: "" if is_open else iso(ms, zone)
    return {"target": c.id, "began": iso(o.began, zone), "confirmed": iso(o.confirmed, zone), "ended": at(o.ended),
            "began_after": "" if o.began_edge[0] == NEVER else iso(o.began_edge[0], zone),
            "began_until": iso(o.began_edge[1], zone), "ended_after": at(o.ended_edge[0]),
            "ended_until": at(o.ended_edge[1]), "down_s": (end - o.began - hole) / 1000, "unknown_s": hole / 1000,
            "cause": o.why, "found": "" if o.found == "none" else o.found, "upstream": o.upstream,
            "open": "true" if is_open else "false", "decided_by": o.decided_by,
            "after_own_uplink": "true" if o.after_own_uplink else "false"}


def inventory_rows(books):
    for t in sorted(books.fold.targets.values(), key=lambda t: t.number):
        for i, (seq, e) in enumerate(t.versions):
            until = iso(t.versions[i + 1][1]["at"], books.zone) if i + 1 < len(t.versions) else ""
            yield {"seq": seq, "target": t.name, "from": iso(e["at"], books.zone), "to": until,
                   "removed": "false" if e["json"] else "true", "author": e["author"], "json": e["json"]}


def window_rows(books):
    whole = (NEVER, FOREVER)
    excluded = {c.id: h.excluded for c, h in books.histories(whole, books.now)} if books.fold.windows else {}
    excluded[EVERY] = union(span for spans in excluded.values() for span in spans)
    for seq, t, e in books.fold.windows:
        steps = [s for _, s in t.windows[e["id"]]]
        by = lambda state: ([s["by"] for s in steps if s["state"] == state] or [""])[-1]
        gone = cut(excluded.get(t.name, []), min(s["from"] for s in steps), max(s["to"] for s in steps))
        yield {"seq": seq, "id": e["id"], "target": t.name, "made": iso(e["at"], books.zone),
               "from": iso(e["from"], books.zone), "to": iso(e["to"], books.zone), "state": e["state"], "by": e["by"],
               "text": e["text"], "requested_by": by("requested"), "approved_by": by("approved"),
               "late": "true" if e["state"] in ("requested", "approved") and e["at"] >= e["from"] else "false",
               "excluded_from": iso(gone[0][0], books.zone) if gone else "",
               "excluded_to": iso(gone[-1][1], books.zone) if gone else "",
               "via": e.get("via", ""), "flags": e.get("flags", "")}


def end_of_day(text, zone):
    try:
        return midnight(datetime.date.fromisoformat(text) + datetime.timedelta(days=1), zone)
    except ValueError:
        return FOREVER  # no such day: nothing is late for it


def duty_rows(books):
    for seq, e in sorted(books.fold.duties, key=lambda d: d[1]["day"]):
        late = e["source"] != "automatic" and e["at"] > end_of_day(e["day"], books.zone) + 24 * HOUR
        yield {"seq": seq, "day": e["day"], "person": e["person"], "source": e["source"], "author": e["author"],
               "entered": iso(e["at"], books.zone), "text": e["text"], "via": e.get("via", ""),
               "late": "true" if late else "false"}


def annotation_rows(books):
    for t in sorted(books.fold.targets.values(), key=lambda t: t.number):
        for seq, e in sorted(t.annotations, key=lambda a: (a[1]["about"], a[0])):
            yield {"seq": seq, "target": t.name, "about": iso(e["about"], books.zone),
                   "entered": iso(e["at"], books.zone), "author": e["author"], "text": e["text"],
                   "via": e.get("via", "")}


def embedded(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def policy_list(books):
    return [{"seq": seq, "at": iso(e["at"], books.zone), "zone": e["zone"], "author": e["author"],
             "policy": embedded(e["policy"])} for seq, e in books.fold.policies]


def closing_list(books):
    return [{"seq": seq, **{k: iso(e[k], books.zone) for k in ("at", "from", "to")}, "version": e["version"],
             **{k: e[k] for k in ("author", "reason", "sheet")}, "figures": embedded(e["figures"]),
             "changes": embedded(e["changes"]), **({"via": e["via"]} if e.get("via") else {})}
            for seq, e in books.fold.closings]


# -- stated against computed


def same(stated, own):
    if own is None:
        return True  # an instant that Python cannot name
    if isinstance(own, float) or is_whole(own):
        try:
            return float(stated) == own
        except ValueError:
            return False
    return stated == own


def compare_rows(name, text, rows, may_lack=()):
    """CSV by column's name. Returns the columns that this script does not know, and so did not compare."""
    table = list(csv.reader(io.StringIO(text, newline="")))
    need(table and len(set(table[0])) == len(table[0]), f"{name}: it has no headings, or one twice")
    headings, rows = table[0], list(rows)
    need(len(table) - 1 == len(rows), f"{name}: {len(table) - 1} rows are stated, the entries give {len(rows)}")
    for number, (stated, own) in enumerate(zip(table[1:], rows), 2):
        need(len(stated) == len(headings), f"{name}, row {number}: it has {len(stated)} fields")
        fields = dict(zip(headings, stated))
        for column, value in own.items():
            need(column in fields or column in may_lack, f"{name}: the column {column} is missing")
            good = column not in fields or same(fields[column], value)
            need(good, f"{name}, row {number} ({stated[0]}), {column}: stated {fields.get(column)}, recomputed {value}")
    return [h for h in headings if rows and h not in rows[0]]


def compare_json(name, stated, own, path=""):
    if isinstance(own, dict) and isinstance(stated, dict):
        need(stated.keys() == own.keys(), f"{name}{path}: other fields than {', '.join(own)}")
        for key in own:
            compare_json(name, stated[key], own[key], f"{path}.{key}")
    elif isinstance(own, list) and isinstance(stated, list):
        need(len(stated) == len(own), f"{name}{path}: {len(stated)} rows are stated, the entries give {len(own)}")
        for i, (left, right) in enumerate(zip(stated, own)):
            compare_json(name, left, right, f"{path}[{i}]")
    else:
        need(type(own) is not bool or stated is own, f"{name}{path}: stated {stated}, recomputed {own}")
        need(stated == own, f"{name}{path}: stated {stated}, recomputed {own}")


# Columns that packs of older versions do not have, and newer ones only where they say something.
MAY_LACK = {"figures/outages.csv": ["after_own_uplink"], "windows.csv": ["via", "flags"], "duty.csv": ["via", "late"],
            "annotations.csv": ["via"]}


def check_figures(pack, books, frame):
    """Every figure of the pack; returns the columns that were not compared."""
    read = lambda name: pack.read(name).decode()
    histories, rows, sums, unknown = books.histories(frame, books.now), {}, {}, []
    blank = lambda row: {k: "" if v is None else v for k, v in row.items()}
    for by in VIEWS:
        all_rows = books.rows(frame, books.now, by, histories)
        rows[by] = [availability_row(key, s, books.zone, by) for key, s in all_rows]
        sums[by] = [sums_of(key, s) for key, s in all_rows]
        name = f"figures/availability_by_{by}.csv"
        unknown += [f"{name}: {c}" for c in compare_rows(name, read(name), map(blank, rows[by]))]
    compare_json("figures/availability.json", strict(read("figures/availability.json")),
                 {"rows": rows, "milliseconds": sums})
    papers = {"figures/outages.csv": [outage_row(c, o, books.zone) for c, o in books.outages(frame)],
              "inventory.csv": inventory_rows(books), "windows.csv": window_rows(books),
              "duty.csv": duty_rows(books), "annotations.csv": annotation_rows(books)}
    for name, own in papers.items():
        columns = compare_rows(name, read(name), own, MAY_LACK.get(name, ()))
        unknown += [f"{name}: {c}" for c in columns if c != "cause_text"]
    compare_json("policies.json", strict(read("policies.json")), policy_list(books))
    compare_json("closings.json", strict(read("closings.json")), closing_list(books))
    for c in books.closings_that_disagree():
        raise Wrong(f"closings.json: the closing of {iso(c['from'], books.zone)} does not follow from the entries")
    return unknown


# -- the pack


def keys_in(pem):
    """Fingerprint -> raw key of every Ed25519 key (SubjectPublicKeyInfo: the raw key is the last 32 bytes)."""
    keys = {}
    for block in pem.split("-----BEGIN PUBLIC KEY-----")[1:]:
        der = base64.b64decode("".join(block.split("-----END")[0].split()))
        if der[:12] == bytes.fromhex("302a300506032b6570032100") and len(der) == 44:
            keys[hashlib.sha256(der[12:]).hexdigest()] = der[12:]
    return keys


def check_signature(where, algorithm, key, text, signature, keys):
    need(algorithm == "Ed25519", f"{where}: {algorithm} cannot be checked by this script")
    need(key in keys, f"{where}: its key {key} is not in key.pub")
    need(ed25519_verifies(keys[key], text, bytes.fromhex(signature)), f"{where}: the signature does not match")


def check_manifest(pack, keys):
    """Exactly the files of the format, each with its size and digest; returns the fingerprint that signed, if any did."""
    names = pack.namelist()
    need(len(names) == len(set(names)), "a name is in the pack twice")
    need("manifest.json" in names, "manifest.json is missing")
    text = pack.read("manifest.json")
    manifest = strict(text)
    need(manifest["format"] in FORMATS, f"the pack's format {manifest['format']} is unknown to this script")
    listed = {f["name"]: f for f in manifest["files"]}
    need(len(listed) == len(manifest["files"]), "manifest.json lists a file twice")
    there = set(names) - {"manifest.json", "manifest.sig"}
    for wanted, have in ((FORMATS[manifest["format"]], set(listed)), (set(listed), there)):
        for name in sorted(wanted ^ have):
            raise Wrong(f"{name}: missing, or a file too many")
    for name, stated in listed.items():
        digest, size = hashlib.sha256(), 0
        with pack.open(name) as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
        need(digest.hexdigest() == stated["sha256"] and size == stated["size"], f"{name}: it was changed")
    if "manifest.sig" not in names:
        return None
    s = strict(pack.read("manifest.sig"))
    check_signature("manifest.sig", s["algorithm"], s["key"], text, s["signature"], keys)
    return s["key"]


class Journal:
    """A walk along the chain: the fold, the hashes that seals speak of, and what this script does not know."""

    def __init__(self, pack, wanted):
        self.seq, self.hash, self.hashes, self.fold = 0, bytes(32), {}, Fold()
        self.strange = {}  # what is not known -> the first entry with it
        self.strange_fields = {}
        with pack.open("journal.jsonl") as lines:
            for line in lines:
                self.take(strict(line))
                if self.seq in wanted:
                    self.hashes[self.seq] = self.hash.hex()

    def take(self, e):
        self.seq += 1
        need(e["seq"] == self.seq, f"journal.jsonl: entry {self.seq} is missing")
        text = self.hash + struct.pack(">qq", self.seq, e["at"]) + e["kind"].encode() + b"\0" + e["body"].encode()
        self.hash = hashlib.sha256(text).digest()
        need(self.hash.hex() == e["hash"], f"journal.jsonl: entry {self.seq} was changed")
        if e["kind"] not in KINDS:
            self.strange.setdefault(f"kind {e['kind']}", self.seq)
            return
        body = strict(e["body"])
        rules = body.get("rules", 1) if e["kind"] == "start" else 1
        need(is_whole(rules) and rules >= 1, f"entry {self.seq}: its rules are no number")
        if rules > RULES:
            self.strange.setdefault(f"rules {rules}", self.seq)
        for field in body.keys() - set(KINDS[e["kind"]].split()):
            self.strange_fields.setdefault(f"{e['kind']}.{field}", self.seq)
        if not self.strange:  # what follows an unknown entry cannot be understood without it
            self.fold.take(self.seq, e["at"], e["kind"], body)


def check_seals(lines, hashes, keys):
    """Number, link, day after day, signature, and the hash of the entry that each one covers; returns them."""
    previous, seals = "0" * 64, []
    for number, line in enumerate(lines, 1):
        s, where = strict(line), f"seals.jsonl line {number}"
        need(s["seal"] == number and s["previous"] == previous, f"{where}: it does not follow from the line before")
        need(not seals or s["from"] == seals[-1]["to"], f"{where}: days are missing before it")
        text = line[:line.index(b',"signature"')]
        check_signature(where, s["algorithm"], s["key"], text, s["signature"], keys)
        need(hashes.get(s["seq"]) == s["hash"], f"{where}: the entries up to {s['seq']} were rewritten after {s['day']}")
        previous = hashlib.sha256(line).hexdigest()
        seals.append(s)
    return seals


def check_head(head, journal, seals):
    """Returns period, heartbeat and the instant of the export."""
    end = (head["entries"], head["hash"]) == (journal.seq, journal.hash.hex())
    need(end, f"journal.jsonl: it does not end with entry {head['entries']}")
    start, to, exported, heartbeat = (instant(head[k]) for k in ("from", "to", "exported", "heartbeat"))
    need(start < to, "head.json: the period is empty")
    need(exported >= heartbeat, "head.json: it was exported before its own heartbeat")
    need(not seals or heartbeat >= seals[-1]["made"], "head.json: the heartbeat is before the last seal was made")
    if journal.strange:
        return (start, to), heartbeat, exported
    need(head["zone"] == journal.fold.zone_name(), "head.json: the zone is not the journal's")
    zone = zone_named(head["zone"])
    due = civil(seals[-1]["to"] if seals else journal.fold.first_entry, zone)
    need(midnight(due + datetime.timedelta(days=1), zone) + HOUR > heartbeat, f"seals.jsonl: {due} has passed, unsealed")
    return (start, to), heartbeat, exported


def rules_in_words(rules):
    parts = [f"{version}（自第 {seq} 条起 / from entry {seq}）" for seq, version in rules]
    return "规则版本 / rules: " + (", ".join(parts) if len(parts) > 1 else str(rules[-1][1]))


def what_nobody_signed(journal, sealed):
    by_seals = f"entries 1 to {sealed}" if sealed else "nothing"
    return (f"清单未签名 / the manifest is not signed. 由封存证明的只有第 1 至 {sealed} 条 / proven by seals: {by_seals}, "
            f"if the key is the office's. 仅由未签名的清单所述 / only said by the unsigned manifest: that these are all "
            f"entries and that {journal.seq} is the last one, heartbeat, exported, period, and so figures, tables and pages")


def verify(path, fingerprint=None):
    """(exit code, lines to print)"""
    with zipfile.ZipFile(path) as pack:
        keys = keys_in(pack.read("key.pub").decode())
        signed_by = check_manifest(pack, keys)
        lines = pack.read("seals.jsonl").split(b"\n")
        need(lines.pop() == b"", "seals.jsonl: the last line is cut")
        journal = Journal(pack, {strict(line)["seq"] for line in lines})
        seals = check_seals(lines, journal.hashes, keys)
        frame, heartbeat, exported = check_head(strict(pack.read("head.json")), journal, seals)
        if journal.strange:
            names = ", ".join(f"entry {seq}: {what}" for what, seq in journal.strange.items())
            raise Wrong(f"不认识的条目，无法担保任何数字 / unknown to this script: {names}; it cannot vouch for {FIGURES}; "
                        f"use the script of a newer version")
        unknown = check_figures(pack, Books(journal.fold, heartbeat, exported), frame)
    sealed, notes = seals[-1]["seq"] if seals else 0, [rules_in_words(journal.fold.rules)]
    if journal.strange_fields or unknown:
        fields = [f"{name} (entry {seq})" for name, seq in sorted(journal.strange_fields.items())] + unknown
        notes.append("不认识的字段，数字不依赖它们 / fields unknown to this script, no figure depends on them: " + ", ".join(fields))
    if signed_by is None:
        notes.append(what_nobody_signed(journal, sealed))
    signers = {s["key"] for s in seals} | ({signed_by} - {None})
    found = f"{journal.seq} entries, sealed up to {sealed}, {len(seals)} days; keys: {', '.join(sorted(signers)) or 'none'}"
    return conclusion(fingerprint, signers, signed_by, found, notes)


def conclusion(fingerprint, signers, signed_by, found, notes):
    if fingerprint is not None:
        wanted = "".join(fingerprint.split()).replace(":", "").lower()
        need(len(wanted) >= 32 and signers, "the fingerprint is too short, or nothing is signed")
        need(all(key.startswith(wanted) for key in signers), f"signed with another key: {found}")
        if signed_by is not None:
            return 0, notes + [f"一致，来源已证明 / consistent, origin proven: {found}"]
    code = 0 if fingerprint is None else 1
    return code, notes + [f"一致，来源未证明 / consistent, origin not proven: {found}"]


if __name__ == "__main__":
    try:
        code, text = verify(*sys.argv[1:3])
    except (Wrong, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, OverflowError, RuntimeError,
            RecursionError, struct.error, zipfile.BadZipFile, zlib.error) as wrong:
        code, text = 1, [f"未通过 / not verified: {wrong}"]
    print("\n".join(text))
    sys.exit(code)
