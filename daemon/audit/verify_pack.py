#!/usr/bin/env python3
"""独立核验畅通的审计证据包，并由账目重算其中的数字。只用 Python 自带的库，不用畅通的任何代码。
Checks an auditor's pack without any code of Changtong, and computes its figures a second time from the entries.

    python3 verify_pack.py PACK.zip [--fingerprint FINGERPRINT]      (--help teaches the rest)

Checked: that every byte of the ZIP belongs to one of its files, every file against the manifest, the manifest's signature,
the form and the label of every entry, the hash chain, the seals (signature, link, day after day), that no day due is unsealed, head.json,
that each start follows the entry that it names, that no entry of a person is back-dated behind a seal. Recomputed from
journal.jsonl and compared: figures/availability_by_*.csv and figures/availability.json (every figure of every row),
figures/outages.csv (all but cause_text, which is wording), inventory.csv, windows.csv, policies.json, closings.json (with
the digest of each closed period's rows), duty.csv, annotations.csv, acknowledgements.csv, tickets.csv. Not recomputed, only
held against the manifest: figures.xlsx, README.html (but for its heartbeat and end of the journal) and this script.

Exit code 0: consistent, and with a FINGERPRINT also proven to be of that key, which takes a signed manifest. 1: not so; the
last line says what was found, and in which file and entry. 2: called in another way than --help says. 3: the file cannot be
opened. An entry of a kind, or of rules, that this script does not know is named, and then no figure is vouched for. The
script inside a pack is no better than the pack: take it from where you trust it.

Times are whole milliseconds since 1970, spans are half-open pairs (from, to), a set of time is a sorted list of disjoint
spans.
"""

import argparse
import base64
import bisect
import collections
import csv
import datetime
import hashlib
import io
import json
import os
import re
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
VIEWS = ["line", "category", "carrier", "town", "day", "month"]
FILES = {"journal.jsonl", "seals.jsonl", "key.pub", "head.json", "inventory.csv", "windows.csv", "policies.json",
         "closings.json", "duty.csv", "annotations.csv", "figures/availability.json", "figures/outages.csv",
         "figures.xlsx", "README.html"} | {f"figures/availability_by_{view}.csv" for view in VIEWS}
FORMATS = {"changtong-evidence-1": FILES, "changtong-evidence-2": FILES | {"verify_pack.py"}}
IF_ANY = {"acknowledgements.csv": "acknowledgement", "tickets.csv": "ticket"}  # files where the journal has such entries
FIGURES = "figures/*, figures.xlsx, windows.csv, closings.json, README.html"
FOREVER, NEVER, HOUR = 1 << 52, -(1 << 52), 3_600_000
MOST_UNPACKED, MOST_RATIO, MOST_TEXT, MOST_LINE = 1 << 40, 1000, 1 << 28, 16 << 20  # of a pack, its files and entries
EVERY = "*"  # the target of a window that is for every line and site


class Wrong(Exception):
    """What is wrong, as one sentence: the file, with # and the entry or line; in Chinese, then in English."""


def need(condition, place, chinese, english):
    if not condition:
        raise Wrong(f"{place}: {chinese} / {english}")


def strict(data, place):
    """JSON in which no key stands twice: two programs could read such text in two ways."""
    def once(pairs):
        found = {}
        for key, value in pairs:
            need(key not in found, place, f"键 {key} 在一个对象里出现两次", f"the key {key} stands twice in one object")
            found[key] = value
        return found

    def never(word):
        raise Wrong(f"{place}: {word} 不是 JSON 的数 / {word} is no number of JSON")
    try:
        text = data.decode() if isinstance(data, bytes) else data
        return json.loads(text, object_pairs_hook=once, parse_constant=never)
    except (ValueError, RecursionError):
        raise Wrong(f"{place}: 不是 JSON，或被截断 / it is no JSON, or cut") from None


def lenient(text):
    """An object inside an entry's text; {} where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


# -- the form of what is read: of each field what it must be (None: it may be absent), and how that is said


def among(words):
    return lambda v: isinstance(v, str) and v in words.split()


def matches(pattern):
    return lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None


def is_instant(v):
    return is_whole(v) and NEVER <= v <= FOREVER


def is_edge(v):
    return isinstance(v, list) and len(v) == 2 and (v[0] is None or is_instant(v[0])) and is_instant(v[1])


def rows_of(*each):
    return lambda v: isinstance(v, list) and all(
        isinstance(row, list) and len(row) == len(each) and all(is_it(one) for is_it, one in zip(each, row)) for row in v)


def is_parent(v):
    return isinstance(v, dict) and set(v) == {"branch", "seq", "hash"} and matches("([0-9a-f]{32})?")(v["branch"]) and \
        is_whole(v["seq"]) and v["seq"] >= 1 and matches("[0-9a-f]{64}")(v["hash"])


def is_text(v):
    return isinstance(v, str)


def is_amount(v):
    digits = re.fullmatch(r"[+-]?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", v, re.ASCII) if isinstance(v, str) else None
    return digits is not None and len(v.translate({ord(c): None for c in "+-,."})) <= 40 and \
        (not v.startswith("-") or not v.strip("-0,."))


CAUSES = """none timeout host_unreachable net_unreachable_remote port_unreachable admin_prohibited ttl_exceeded refused reset
    closed_early snmp_error name_not_found tls_handshake tls_certificate http_status http_text http_redirects http_too_large
    http_empty protocol wrong_answer cut_short other_question other_source late own_permission own_descriptors own_buffers
    own_address own_route own_interface own_resolver
    own_uplink own_overload own_failure own_line upstream site_power carrier middle access restart filter unexplained
    monitor_stopped clock_step silent not_recorded not_started"""
TEXT = is_text, "一段文字", "a text"
INSTANT = is_instant, "1970 年起的毫秒数", "whole milliseconds since 1970"
OPEN_END = (lambda v: v is None or is_instant(v)), "毫秒数或 null", "whole milliseconds or null"
FLAG = (lambda v: isinstance(v, bool)), "true 或 false", "true or false"
COUNT = (lambda v: is_whole(v) and 1 <= v < 1 << 63), "自 1 起的整数", "a whole number from 1 on"
SIZE = (lambda v: is_whole(v) and 0 <= v < 1 << 63), "字节数", "a number of bytes"
LIST = (lambda v: isinstance(v, list)), "列表", "a list"
CAUSE = among(CAUSES), "本脚本认识的原因名", "a cause that this script knows"
STATE = among("up down unknown"), "up、down 或 unknown", "up, down or unknown"
WINDOW = (among("requested approved revised cancelled"), "requested、approved、revised 或 cancelled",
          "requested, approved, revised or cancelled")
EDGE = is_edge, "两个毫秒数，前者可为 null", "two instants in milliseconds, the first may be null"
DIGEST = matches("[0-9a-f]{64}"), "64 位小写十六进制数", "64 lower-case hexadecimal digits"
HEX = matches("([0-9a-f]{2})*"), "小写十六进制数", "lower-case hexadecimal digits"
BRANCH = matches("[0-9a-f]{32}"), "32 位小写十六进制数", "32 lower-case hexadecimal digits"
PARENT = is_parent, "上一条的 branch、seq、hash", "branch, seq and hash of an entry"
RESUMED = rows_of(is_text, is_instant, is_instant, is_text), "线路、起点、确认、检查的列表", "rows of target, at, confirmed, decided_by"
RUNS = (rows_of(is_text, is_text, is_instant, is_instant, lambda v: is_whole(v) and 0 <= v < 1 << 32, among(CAUSES)),
        "线路、检查、首末、次数、原因的列表", "rows of target, check, first, last, samples, why")
AMOUNT = is_amount, "不为负的十进制数", "a decimal number, not negative"
POINTS = (lambda v: v == "" or is_amount(v)), "空，或不为负的十进制数", "empty, or a decimal number, not negative"
VERDICT = among("achieved partly missed"), "achieved、partly 或 missed", "achieved, partly or missed"
ALERT = (among("opened grown resolved told untold escalated"), "本脚本认识的告警步骤", "a step of an alert that this script knows")
SUBJECT = (among("line site upstream carrier town many own flapping degraded certificate"), "本脚本认识的告警类型",
           "a subject of an alert that this script knows")
TRACE = among("usual begun ended cause"), "usual、begun、ended 或 cause", "usual, begun, ended or cause"
SAMPLES = among("whole beginning end"), "whole、beginning 或 end", "whole, beginning or end"
TRAP = among("link restart authentication power hardware routing other"), "本脚本认识的陷阱类型", "a class of traps that this script knows"
TICKET = among("reported sent reply closed"), "reported、sent、reply 或 closed", "reported, sent, reply or closed"
FAULT = ((lambda v: v == "" or among("fibre power equipment relocation configuration user other")(v)), "本脚本认识的故障原因",
         "a cause of a fault that this script knows")
ISO = (matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"), "ISO 8601 时刻，精确到毫秒并带时区",
       "an instant in ISO 8601 with milliseconds and offset")
MAY = "via flags after_own_uplink rules node branch parent".split()  # fields of entries that older ones do not have
MAY_OF = {"counter": [], "verdict": [], "acknowledgement": [], "alert": "name targets of person channel answer".split(),
          "ticket": "alert deadline theirs cause text answer via".split(),
          "trace": "began path last next found observed".split(),
          "trap": "more last uptime_s text".split(), "samples": "left packed".split()}
VIA = {"via": TEXT}
KINDS = {  # the fields of an entry that this script knows
    "transition": {"target": TEXT, "to": STATE, "at": INSTANT, "edge": EDGE, "confirmed": INSTANT, "why": CAUSE,
                   "decided_by": TEXT, "same_outage": FLAG, "after_own_uplink": FLAG},
    "resumed": {"targets": RESUMED}, "unconfirmed": {"runs": RUNS},
    "cause": {"target": TEXT, "began": INSTANT, "why": CAUSE, "upstream": TEXT},
    "gap": {"from": INSTANT, "to": OPEN_END, "why": CAUSE, "text": TEXT},
    "start": {"at": INSTANT, "version": TEXT, "text": TEXT, "rules": COUNT, "node": TEXT, "branch": BRANCH, "parent": PARENT},
    "stop": {"at": INSTANT}, "policy": {"at": INSTANT, "zone": TEXT, "author": TEXT, "policy": TEXT},
    "inventory": {"at": INSTANT, "target": TEXT, "author": TEXT, "json": TEXT},
    "annotation": {"at": INSTANT, "target": TEXT, "about": INSTANT, "author": TEXT, "text": TEXT, **VIA},
    "window": {"at": INSTANT, "id": TEXT, "target": TEXT, "from": INSTANT, "to": INSTANT, "state": WINDOW, "by": TEXT,
               "text": TEXT, "flags": TEXT, **VIA},
    "duty": {"at": INSTANT, "day": TEXT, "person": TEXT, "source": TEXT, "author": TEXT, "text": TEXT, **VIA},
    "closed": {"at": INSTANT, "from": INSTANT, "to": INSTANT, "version": COUNT, "author": TEXT, "reason": TEXT,
               "figures": TEXT, "sheet": TEXT, "changes": TEXT, **VIA},
    "counter": {"at": INSTANT, "counter": TEXT, "about": INSTANT, "value": AMOUNT, "unit": TEXT, "source": TEXT,
                "author": TEXT, "via": TEXT},
    "verdict": {"at": INSTANT, "plan": TEXT, "indicator": TEXT, "verdict": VERDICT, "points": POINTS, "text": TEXT,
                "document": TEXT, "sha256": TEXT, "author": TEXT, "via": TEXT},
    "alert": {"at": INSTANT, "alert": TEXT, "step": ALERT, "subject": SUBJECT, "name": TEXT, "began": INSTANT,
              "targets": TEXT, "of": TEXT, "person": TEXT, "channel": TEXT, "answer": TEXT},
    "acknowledgement": {"at": INSTANT, "alert": TEXT, "line": TEXT, "began": INSTANT, "author": TEXT, "text": TEXT,
                        "via": TEXT},
    "ticket": {"at": INSTANT, "number": TEXT, "step": TICKET, "carrier": TEXT, "targets": TEXT, "began": INSTANT,
               "author": TEXT, "alert": TEXT, "deadline": INSTANT, "theirs": TEXT, "cause": FAULT, "text": TEXT,
               "answer": TEXT, **VIA},
    "trace": {"at": INSTANT, "day": TEXT, "step": TRACE, "targets": TEXT, "began": INSTANT, "path": TEXT, "last": TEXT,
              "next": TEXT, "found": TEXT, "observed": TEXT},
    "trap": {"at": INSTANT, "target": TEXT, "about": INSTANT, "trap": TEXT, "class": TRAP, "via": TEXT, "more": COUNT,
             "last": INSTANT, "uptime_s": TEXT, "text": TEXT},
    "samples": {"at": INSTANT, "target": TEXT, "about": INSTANT, "part": SAMPLES, "from": INSTANT, "to": INSTANT,
                "left": COUNT, "packed": TEXT}}
EMBEDDED = {"policy": ["policy"], "inventory": ["json"], "closed": ["figures", "changes"]}  # JSON inside a text
LINE = {"seq": COUNT, "at": INSTANT, "kind": TEXT, "body": TEXT, "hash": DIGEST}
SEAL = {"seal": COUNT, "day": TEXT, "from": INSTANT, "to": INSTANT, "zone": TEXT, "made": INSTANT, "seq": COUNT,
        "hash": DIGEST, "previous": DIGEST, "algorithm": TEXT, "key": DIGEST, "signature": HEX}
HEAD = {"software": TEXT, "zone": TEXT, "from": ISO, "to": ISO, "exported": ISO, "heartbeat": ISO, "entries": COUNT,
        "hash": DIGEST}
SIGNATURE = {"algorithm": TEXT, "key": DIGEST, "signature": HEX}
MANIFEST = {"format": TEXT, "files": LIST}
LISTED = {"name": TEXT, "size": SIZE, "sha256": DIGEST}


def formed(place, found, form, may=(), others=False):
    """`found`, if it is an object with exactly these fields (`others`: or more), each as it must be."""
    need(isinstance(found, dict), place, "不是一个对象", "it is no object")
    for field, (is_it, chinese, english) in form.items():
        need(field in found or field in may, place, f"缺少字段 {field}", f"the field {field} is missing")
        need(field not in found or is_it(found[field]), place, f"字段 {field} 应为{chinese}", f"the field {field} must be {english}")
    for field in [] if others else sorted(found.keys() - form.keys()):
        raise Wrong(f"{place}: 字段 {field} 多余 / the field {field} is one too many")
    return found


def entry_of(place, kind, text):
    """The body of an entry of a known kind; a newer program may add fields that change no figure."""
    body = formed(place, strict(text, place), KINDS[kind], MAY_OF.get(kind, MAY), others=True)
    for field in EMBEDDED.get(kind, ()):
        try:
            json.loads(body[field])
        except (ValueError, RecursionError):
            continue  # it is a text, then
        strict(body[field], f"{place} {kind}.{field}")
    return body


# -- civil time


def zone_named(name):
    try:
        import zoneinfo
        return zoneinfo.ZoneInfo(name)
    except Exception:  # a machine without zone data; China has had no summer time since 1991
        need(name == "Asia/Shanghai", "head.json", f"本机没有时区 {name} 的数据：pip install tzdata",
             f"this machine has no data of the zone {name}: pip install tzdata")
        return datetime.timezone(datetime.timedelta(hours=8))


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def instant(text, place="head.json"):
    try:
        return (datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(milliseconds=1)
    except (ValueError, TypeError, OverflowError):
        raise Wrong(f"{place}: 没有 {text} 这个时刻 / there is no instant {text}") from None


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
        self.unknown_in_outage = []  # of the open one: no earlier unknown reaches into it
        self.versions, self.annotations, self.windows = [], [], collections.OrderedDict()


class Fold:
    def __init__(self):
        self.targets, self.rules = {}, [(1, 1)]
        self.open_gaps, self.closed_gaps = [], []
        self.policies, self.closings, self.duties, self.windows = [], [], [], []
        self.said = {kind: [] for kind in IF_ANY.values()}
        self.first_entry = None

    def target(self, name):
        return self.targets.setdefault(name, Target(len(self.targets) + 1, name))

    def take(self, seq, at, kind, e):
        if seq == 1:
            self.first_entry = at
        take = getattr(self, "take_" + kind, None)
        if take:
            take(seq, e)

    def take_start(self, seq, e):
        if self.rules[-1][1] != e.get("rules", 1):
            if self.rules[-1][0] == seq:
                self.rules.pop()  # nothing was recorded by the rules before the first entry
            self.rules.append((seq, e.get("rules", 1)))

    def take_transition(self, seq, e):
        t = self.target(e["target"])
        at, to = e["at"], e["to"]
        need(not t.known or at >= t.since, entry_place(seq), f"{t.name} 的状态变化早于它的上一次",
             f"the transition of {t.name} is earlier than the one before it")
        later = [gap for gap in self.gaps_after(t.seq)]
        if t.known:
            self.close_unknown(t, later, at)
        if t.open is not None and (to == "up" or (to == "down" and not e["same_outage"])):
            self.end_outage(t, to, at, edge_of(e))
        if to == "down" and t.open is None:
            t.outages[at] = Outage(t, e, self.rules[-1][1])
            t.open, t.unknown_in_outage = at, []
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
            t.unknown_in_outage.append((start, till))

    def end_outage(self, t, to, at, edge):
        """Rule 9: where unknown lies directly before the good sample, the outage ends where that unknown begins."""
        start, was = at, None
        while start != was:
            was = start
            start = min([start] + [low for low, high in t.unknown_in_outage if low < was <= high])
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

    def take_acknowledgement(self, seq, e):
        self.said["acknowledgement"].append((seq, e))

    def take_ticket(self, seq, e):
        self.said["ticket"].append((seq, e))

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
        after, until = o.began_edge
        between = (after + until) // 2
        if after == NEVER:  # nothing good before: the first bad sample is all we know, and how long it took
            after, between, until = o.began, o.began, max(o.began, until)
        last_bad, good = (FOREVER, FOREVER) if o.ended == FOREVER else o.ended_edge
        ends = (last_bad, FOREVER if o.ended == FOREVER else (last_bad + good) // 2, good)
        spans = list(zip((until, between, after), ends))
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


def said_rows(books, kind):
    """Acknowledgements and steps of tickets: all their fields, instants in words."""
    for seq, e in books.fold.said[kind]:
        yield {"seq": seq} | {"entered" if field == "at" else field: iso(e[field], books.zone) if is_whole(e.get(field))
                              else e.get(field, "") for field in KINDS[kind]}


def embedded(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
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
    return stated == own or isinstance(own, str) and no_formula(stated) == no_formula(own)


def no_formula(text):
    """Cells that a spreadsheet would compute have an apostrophe before them; in packs of older versions they have none."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else text


def compare_rows(name, text, rows, may_lack=()):
    """CSV by column's name. Returns the columns that this script does not know, and so did not compare."""
    try:
        table = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as wrong:
        raise Wrong(f"{name}: 不是 CSV / it is no CSV ({wrong})") from None
    need(table and len(set(table[0])) == len(table[0]), name, "没有表头，或一列出现两次", "it has no headings, or one twice")
    headings, rows = table[0], list(rows)
    need(len(table) - 1 == len(rows), name, f"写有 {len(table) - 1} 行，由账目应有 {len(rows)} 行",
         f"{len(table) - 1} rows are stated, the entries give {len(rows)}")
    for number, (stated, own) in enumerate(zip(table[1:], rows), 2):
        need(len(stated) == len(headings), f"{name} #{number}", f"这一行有 {len(stated)} 个字段", f"the row has {len(stated)} fields")
        fields = dict(zip(headings, stated))
        for column, value in own.items():
            need(column in fields or column in may_lack, name, f"缺少列 {column}", f"the column {column} is missing")
            good = column not in fields or same(fields[column], value)
            need(good, f"{name} #{number}", f"{stated[0]} 的 {column}：写作 {fields.get(column)}，重算为 {value}",
                 f"{column} of {stated[0]}: stated {fields.get(column)}, recomputed {value}")
    return [h for h in headings if rows and h not in rows[0]]


def compare_json(name, stated, own, path=""):
    if isinstance(own, dict) and isinstance(stated, dict):
        need(stated.keys() == own.keys(), f"{name} {path}", f"字段应为 {', '.join(own)}", f"the fields must be {', '.join(own)}")
        for key in own:
            compare_json(name, stated[key], own[key], f"{path}.{key}")
    elif isinstance(own, list) and isinstance(stated, list):
        need(len(stated) == len(own), f"{name} {path}", f"写有 {len(stated)} 行，由账目应有 {len(own)} 行",
             f"{len(stated)} rows are stated, the entries give {len(own)}")
        for i, (left, right) in enumerate(zip(stated, own)):
            compare_json(name, left, right, f"{path}[{i}]")
    else:
        good = stated == own and (type(own) is not bool or stated is own)
        need(good, f"{name} {path}", f"写作 {stated}，重算为 {own}", f"stated {stated}, recomputed {own}")


# Columns that packs of older versions do not have, and newer ones only where they say something.
MAY_LACK = {"figures/outages.csv": ["after_own_uplink"], "windows.csv": ["via", "flags"], "duty.csv": ["via", "late"],
            "annotations.csv": ["via"], "tickets.csv": MAY_OF["ticket"]}


def check_figures(pack, books, frame):
    """Every figure of the pack; returns the columns that were not compared."""
    read = lambda name: read_text(pack, name)
    histories, rows, sums, unknown = books.histories(frame, books.now), {}, {}, []
    blank = lambda row: {k: "" if v is None else v for k, v in row.items()}
    for by in VIEWS:
        all_rows = books.rows(frame, books.now, by, histories)
        rows[by] = [availability_row(key, s, books.zone, by) for key, s in all_rows]
        sums[by] = [sums_of(key, s) for key, s in all_rows]
        name = f"figures/availability_by_{by}.csv"
        unknown += [f"{name}: {c}" for c in compare_rows(name, read(name), map(blank, rows[by]))]
    compare_json("figures/availability.json", strict(read("figures/availability.json"), "figures/availability.json"),
                 {"rows": rows, "milliseconds": sums})
    papers = {"figures/outages.csv": [outage_row(c, o, books.zone) for c, o in books.outages(frame)],
              "inventory.csv": inventory_rows(books), "windows.csv": window_rows(books),
              "duty.csv": duty_rows(books), "annotations.csv": annotation_rows(books)}
    for name, kind in IF_ANY.items():
        need((name in pack.namelist()) == bool(books.fold.said[kind]), name, "缺失，或账目里没有这类内容",
             "the file is missing, or the journal has no such entry")
        if books.fold.said[kind]:
            papers[name] = said_rows(books, kind)
    for name, own in papers.items():
        columns = compare_rows(name, read(name), own, MAY_LACK.get(name, ()))
        unknown += [f"{name}: {c}" for c in columns if c != "cause_text"]
    compare_json("policies.json", strict(read("policies.json"), "policies.json"), policy_list(books))
    compare_json("closings.json", strict(read("closings.json"), "closings.json"), closing_list(books))
    for c in books.closings_that_disagree():
        day = iso(c["from"], books.zone)
        raise Wrong(f"closings.json: 自 {day} 的结账与账目不符 / the closing from {day} does not follow from the entries")
    return unknown


# -- the container: every byte of the file belongs to one of its files, or to the list of them


def check_container(path):
    """What a ZIP may hide between its parts no reader shows: bytes before, between and behind them, comments, fields and
    values that nobody needs, and whatever its two lists of files say differently."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)

        def part(at, length):
            need(0 <= at and at + length <= size, path, "ZIP 的目录被截断", "the directory of the ZIP is cut")
            file.seek(at)
            return file.read(length)

        def numbers(form, at):
            return struct.unpack(form, part(at, struct.calcsize(form)))
        start, count, end = directory_of(numbers, size, path)
        members, at, whole = [], start, 0
        for _ in range(count):
            mark, _, needed, flags, method, time, date, crc, packed, unpacked, names, more, said, disk, _, _, offset = \
                numbers("<4s6H3L5H2L", at)
            need(mark == b"PK\1\2" and disk == 0, path, "ZIP 的目录读不懂", "the directory of the ZIP cannot be read")
            name = part(at + 46, names)
            unpacked, packed, offset = wide(part(at + 46 + names, more), (unpacked, packed, offset), path)
            need(said == 0, path, f"{shown(name)} 带有注释", f"{shown(name)} has a comment")
            need(not flags & 1 and method in (0, 8), path, f"{shown(name)} 被加密，或压缩方式不支持",
                 f"{shown(name)} is encrypted, or packed in another way than deflate")
            whole += unpacked
            need(whole <= MOST_UNPACKED and (unpacked <= 1 << 20 or unpacked // MOST_RATIO <= packed), path,
                 f"{shown(name)} 解压后过大", f"{shown(name)} would unpack to too much")
            members.append((offset, name, (needed, flags, method, time, date), (crc, packed, unpacked)))
            at += 46 + names + more
        need(at == end, path, "ZIP 的目录之后另有内容", "there are bytes behind the directory of the ZIP")
        at = 0
        for offset, name, way, sums in sorted(members):
            need(offset == at, path, f"{shown(name)} 之前另有内容，不属于任何文件", f"there are bytes before {shown(name)} that belong to no file")
            at = behind(numbers, part, file, at, name, way, sums, path)
        need(at == start, path, "最后一个文件与目录之间另有内容", "there are bytes between the last file and the directory")


def behind(numbers, part, file, at, name, way, sums, path):
    """Where the next file must begin, if this one begins at `at`; `way`, `sums`: what the directory says of it."""
    (_, flags, method, _, _), (_, packed, unpacked) = way, sums
    mark, own_needed, own_flags, own_method, time, date, crc, own_packed, own_unpacked, names, more = numbers("<4s5H3L2H", at)
    extra = part(at + 30 + names, more)
    own_unpacked, own_packed = wide_locally(extra, (own_unpacked, own_packed), path)
    later = flags & 8 and (crc, own_packed, own_unpacked) == (0, 0, 0)  # they stand behind the packed data
    same = mark == b"PK\3\4" and part(at + 30, names) == name and (own_needed, own_flags, own_method, time, date) == way
    need(same and (later or (crc, own_packed, own_unpacked) == sums), path, f"{shown(name)} 的两处记载不符",
         f"{shown(name)} is told in two ways")
    at += 30 + names + more
    part(at + packed, 0)  # it is not longer than the file
    good = packed == unpacked if method == 0 else deflated_whole(file, at, packed, unpacked)
    need(good, path, f"{shown(name)} 的压缩数据之后另有内容，或被截断", f"there are bytes behind the packed {shown(name)}, or it is cut")
    at += packed
    if not flags & 8:
        return at
    form = "<L2Q" if extra else "<L2L"
    at += 4 if part(at, 4) == b"PK\7\10" else 0
    need(numbers(form, at) == sums, path, f"{shown(name)} 的两处记载不符", f"{shown(name)} is told in two ways")
    return at + struct.calcsize(form)


def shown(name):
    return name[:100].decode(errors="replace")


def directory_of(numbers, size, path):
    """(where it starts, how many files, where it ends): by the record that ends a file without a comment."""
    mark, disk, first, here, count, length, start, said = numbers("<4s4H2LH", size - 22)
    need(mark == b"PK\5\6" and said == 0, path, "不是 ZIP，或文件末尾另有内容", "it is no ZIP, or there are bytes behind its end")
    several = "ZIP 分为几卷", "the ZIP is of several volumes"
    need((disk, first, here) == (0, 0, count), path, *several)
    end = size - 22
    if 0xffff in (count,) or 0xffffffff in (length, start):
        plain = count, length, start
        mark, first, end, disks = numbers("<4sLQL", size - 42)
        mark64, own, _, _, disk, first64, here, count, length, start = numbers("<4sQ2H2L4Q", end)
        good = (mark, mark64, own) == (b"PK\6\7", b"PK\6\6", 44) and end + 56 == size - 42
        good = good and (first, first64, disks) == (0, 0, 1) and all(
            said in (value, most) for said, value, most in zip(plain, (count, length, start), (0xffff, 0xffffffff, 0xffffffff)))
        need(good, path, "ZIP64 的目录读不懂", "the directory of the ZIP64 cannot be read")
    need((disk, first, here) == (0, 0, count), path, *several)
    need(start + length == end and count <= 64, path, "ZIP 的目录与末尾之间另有内容，或文件过多",
         "there are bytes between the directory and the end of the ZIP, or too many files")
    return start, count, end


def values_in(more, count, path):
    """`count` numbers of 8 bytes, which are all that the extra field holds. No other kind is needed by anybody."""
    good = len(more) == 4 + 8 * count > 4 and struct.unpack("<2H", more[:4]) == (1, 8 * count)
    need(good, path, "ZIP 有不该有的附加字段，或其中另有内容", "the ZIP has an extra field that nobody needs, or there is more in it")
    return struct.unpack(f"<{count}Q", more[4:])


def wide(more, plain, path):
    """Sizes and place of a file in the directory: those that are all ones stand in an extra field."""
    if not more:
        return plain
    large = iter(values_in(more, plain.count(0xffffffff), path))
    return tuple(next(large) if value == 0xffffffff else value for value in plain)


def wide_locally(more, plain, path):
    """The sizes before the file itself: both stand in the field, also one that is not large."""
    if not more:
        return plain
    both = values_in(more, 2, path)
    need(all(value in (0xffffffff, large) for value, large in zip(plain, both)), path, "ZIP 的附加字段与文件头不符",
         "an extra field of the ZIP says another size than the header")
    return both


def deflated_whole(file, at, packed, unpacked):
    """Does the deflated stream end where the file's bytes end, and give as many as it should?"""
    unpack, left, given = zlib.decompressobj(-15), packed, 0
    file.seek(at)
    try:
        while left and not unpack.eof:
            piece = file.read(min(left, 1 << 16))
            if not piece:
                return False
            left -= len(piece)
            while piece and given <= unpacked:
                given += len(unpack.decompress(piece, 1 << 20))
                piece = unpack.unconsumed_tail
            if given > unpacked or unpack.unused_data:
                return False
        given += len(unpack.flush())
    except zlib.error:
        return False
    return left == 0 and unpack.eof and given == unpacked


# -- the pack


def read_bytes(pack, name):
    """Whole, where it is not larger than what this file can be; the program's own limits."""
    most = {"key.pub": 64 << 10, "manifest.sig": 4096, "head.json": 4096, "manifest.json": 1 << 20,
            "seals.jsonl": 64 << 20}.get(name, MOST_TEXT)
    try:
        with pack.open(name) as file:
            data = file.read(most + 1)
    except KeyError:
        raise Wrong(f"{name}: 缺失 / the file is missing") from None
    need(len(data) <= most, name, f"超过 {most} 字节", f"it is larger than {most} bytes")
    return data


def read_text(pack, name):
    try:
        return read_bytes(pack, name).decode()
    except UnicodeDecodeError:
        raise Wrong(f"{name}: 不是 UTF-8 文本 / it is no text in UTF-8") from None


def lines_of(file, place):
    """Line by line without their ends, none longer than an entry can be; `place` says where the next one is."""
    rest = b""
    while chunk := file.read(1 << 20):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        need(len(rest) <= MOST_LINE, place(), "一行过长", "a line is too long")
    need(rest == b"", place(), "末尾不完整", "the end is cut")


def keys_in(pem):
    """Fingerprint -> raw key of every Ed25519 key (SubjectPublicKeyInfo: the raw key is the last 32 bytes)."""
    keys = {}
    for block in pem.split("-----BEGIN PUBLIC KEY-----")[1:]:
        try:
            der = base64.b64decode("".join(block.split("-----END")[0].split()))
        except ValueError:
            raise Wrong("key.pub: 有一把公钥读不懂 / one of the keys cannot be read") from None
        if der[:12] == bytes.fromhex("302a300506032b6570032100") and len(der) == 44:
            keys[hashlib.sha256(der[12:]).hexdigest()] = der[12:]
    return keys


def check_signature(place, algorithm, key, text, signature, keys):
    need(algorithm == "Ed25519", place, f"本脚本不能验证 {algorithm} 签名", f"{algorithm} cannot be checked by this script")
    need(key in keys, place, f"签名的密钥 {key} 不在 key.pub 里", f"its key {key} is not in key.pub")
    good = ed25519_verifies(keys[key], text, bytes.fromhex(signature))
    need(good, place, "签名与内容不符，两者之一被改动过", "the signature does not match: it or the text was changed")


def check_manifest(pack, keys):
    """Exactly the files of the format, each with its size and digest; returns the fingerprint that signed, if any did."""
    names = pack.namelist()
    need(len(names) == len(set(names)), "ZIP", "一个文件名在包里出现两次", "a name is in the pack twice")
    text = read_text(pack, "manifest.json")
    manifest = formed("manifest.json", strict(text, "manifest.json"), MANIFEST)
    need(manifest["format"] in FORMATS, "manifest.json", f"证据包格式 {manifest['format']} 不是本脚本认识的",
         f"the pack's format {manifest['format']} is unknown to this script")
    for row, f in enumerate(manifest["files"], 1):
        formed(f"manifest.json files[{row}]", f, LISTED)
    listed = {f["name"]: f for f in manifest["files"]}
    need(len(listed) == len(manifest["files"]), "manifest.json", "一个文件列了两次", "it lists a file twice")
    there = set(names) - {"manifest.json", "manifest.sig"}
    for wanted, have in ((FORMATS[manifest["format"]], set(listed) - IF_ANY.keys()), (set(listed), there)):
        for name in sorted(wanted ^ have):
            raise Wrong(f"{name}: 缺失，或不该有的文件 / the file is missing, or is one too many")
    for name, stated in listed.items():
        digest, size = hashlib.sha256(), 0
        with pack.open(name) as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
        good = digest.hexdigest() == stated["sha256"] and size == stated["size"]
        need(good, name, "与清单的 SHA-256 或大小不符，内容被改动过", "it was changed: SHA-256 or size is not the manifest's")
    if "manifest.sig" not in names:
        return None
    signature = read_text(pack, "manifest.sig")
    s = formed("manifest.sig", strict(signature, "manifest.sig"), SIGNATURE)
    plain = json.dumps({key: s[key] for key in SIGNATURE}, ensure_ascii=False, separators=(",", ":")) + "\n"
    need(signature == plain, "manifest.sig", "另有内容", "there is more in it than a signature")  # which covers not itself
    check_signature("manifest.sig", s["algorithm"], s["key"], text.encode(), s["signature"], keys)
    return s["key"]


def entry_place(seq):
    return f"journal.jsonl #{seq}"


def label_of(kind, e, commit):
    """The label of an entry: the instant that it gives itself, or else that of its commit."""
    if kind == "transition":
        return e["confirmed"]
    if kind == "resumed":
        return max((confirmed for _, _, confirmed, _ in e["targets"]), default=NEVER)
    if kind == "unconfirmed":
        return max((last for _, _, _, last, _, _ in e["runs"]), default=NEVER)
    if kind == "cause":
        return max(commit, e["began"])
    if kind == "gap":
        return max(commit, e["from"] if e["to"] is None else e["to"])
    return e["at"]


PEOPLE = "window annotation duty closed counter verdict acknowledgement ticket".split()
LATE = 300_000  # what a timeout, what waits for a verdict, and a race of two clerks may take together


class Labels:
    """What the labels of entries say against the heartbeat and the seals. A backward step of the clock is an entry, and
    takes everything back that labels alone would say."""

    def __init__(self, seals):
        self.seals, self.sealed, self.spoken, self.written, self.late = seals, None, (NEVER, 0), (NEVER, 0), None
        self.excused, self.branched = False, False

    def take(self, seq, at, kind, e):
        while self.seals and self.seals[0]["seq"] < seq:
            self.sealed, self.excused = self.seals.pop(0), False
        if kind == "stop" or kind in ("gap", "cause") and at > label_of(kind, e, NEVER):
            self.written = max(self.written, (at, seq))  # a heartbeat of then, and those never go back
        if kind == "transition":
            self.spoken = max(self.spoken, (max(e["at"], e["confirmed"]), seq))
        elif kind == "resumed":
            self.spoken = max([self.spoken] + [(max(at, confirmed), seq) for _, at, confirmed, _ in e["targets"]])
        elif kind == "gap" and e["why"] == "clock_step" and e["from"] == e["to"]:
            self.spoken, self.excused = (NEVER, 0), True
        elif kind == "start":
            self.branched = self.branched or "branch" in e
            self.excused = self.excused or (self.sealed is not None and e["at"] < self.sealed["made"])
        elif kind in PEOPLE and self.branched and self.sealed and not self.excused and not self.late:
            self.late = (seq, kind, self.sealed["day"]) if e["at"] + LATE < self.sealed["made"] else None

    def check_dates(self):
        """Once the seals are known to be good."""
        seq, kind, day = self.late or (0, "", "")
        need(not self.late, entry_place(seq), f"人工登记的这一条（{kind}）所写的时间早于 {day} 的封存，却不在该封存之内：倒填日期",
             f"this entry of a person ({kind}) is dated before the seal of {day} was made, which does not cover it: back-dated")

    def check_heartbeat(self, heartbeat):
        at, seq = self.written
        need(heartbeat >= at, "head.json", f"心跳早于第 {seq} 条入账时的心跳，而心跳从不倒退",
             f"the heartbeat is before that of the commit of entry {seq}, and heartbeats never go back")
        at, seq = self.spoken
        need(heartbeat + LATE >= at, "head.json", f"心跳早于第 {seq} 条已入账的状态变化",
             f"the heartbeat is before the transition in entry {seq}, which is in the journal")


class Branches:
    """Every start names the entry that it follows. One that names an older one is a second child of that: a fork."""

    def __init__(self):
        self.all = []  # [seq, branch, node, at, entries, text]

    def take(self, seq, kind, e, before):
        if kind == "start":
            self.start(seq, e, before)
        if self.all:
            self.all[-1][4] += 1

    def start(self, seq, e, before):
        last = self.all[-1][1] if self.all else ""
        named, own, parent = e.get("branch", ""), None, e.get("parent")
        if seq > 1 and (named or last):
            own = {"branch": last, "seq": seq - 1, "hash": before}
        place = entry_place(seq)
        if parent is not None and own is not None and parent["seq"] < own["seq"]:
            old = parent["seq"]
            raise Wrong(f"{place}: 分叉：第 {old} 条有两条后继，第 {old + 1} 条和这次启动 / a fork: entry {old} has two children, "
                        f"entry {old + 1} and this start")
        need(parent == own and (named or not last), place, "这次启动所写的上一条不是账本里的上一条：账目由两段拼成",
             "this start follows another entry than the one before it: the journal was put together from two")
        self.all.append([seq, named, e.get("node", ""), e["at"], 0, e["text"]])

    def in_words(self, zone, most=10):
        if not any(branch for _, branch, *_ in self.all):
            return []
        some = [f"  {branch[:8] or '（无 / none）'}  {node or '—'}  自 / since {iso(at, zone)}  第 {seq} 条起 {count} 条 / "
                f"{count} entries from {seq}" for seq, branch, node, at, count, _ in self.all]
        left = [f"  …… 最近 {most} 个 / the last {most}"] if len(some) > most else []
        return [f"分支（每次启动一个）/ branches, one a start: {len(some)}"] + left + some[-most:]

    def told(self, zone, most=5):
        """What the last starts found when they opened the ledger: a run signs the state row anew, so nothing else tells it."""
        telling = [(seq, at, text) for seq, branch, _, at, _, text in self.all
                   if branch and text and not text.startswith("replay")]
        out = [f"注意 / note: 第 {seq} 条（{iso(at, zone)} 启动）记载 / entry {seq}, a start, says: {text}"
               for seq, at, text in telling[-most:]]
        if len(telling) > most:
            out.append(f"此前另有 {len(telling) - most} 次启动有记载 / {len(telling) - most} earlier starts say something too")
        return out


class Journal:
    """A walk along the chain: the fold, the hashes that seals speak of, and what this script does not know."""

    def __init__(self, pack, seals):
        self.seq, self.hash, self.hashes, self.fold = 0, bytes(32), {}, Fold()
        self.branches, self.labels, wanted = Branches(), Labels(list(seals)), {s["seq"] for s in seals}
        self.strange = {}  # what is not known -> the first entry with it
        self.strange_fields = {}
        with pack.open("journal.jsonl") as lines:
            for line in lines_of(lines, lambda: entry_place(self.seq + 1)):
                place = entry_place(self.seq + 1)
                self.take(formed(place, strict(line, place), LINE), place)
                if self.seq in wanted:
                    self.hashes[self.seq] = self.hash.hex()
        need(self.seq > 0, "journal.jsonl", "没有账目", "there is no entry")

    def take(self, e, place):
        before = self.hash.hex()
        self.seq += 1
        need(e["seq"] == self.seq, place, f"缺少第 {self.seq} 条", f"entry {self.seq} is missing")
        try:
            text = self.hash + struct.pack(">qq", self.seq, e["at"]) + e["kind"].encode() + b"\0" + e["body"].encode()
        except UnicodeEncodeError:
            raise Wrong(f"{place}: 含有不成字符的内容 / it holds what is no character") from None
        self.hash = hashlib.sha256(text).digest()
        need(self.hash.hex() == e["hash"], place, f"第 {self.seq} 条被改动过，或不接续上一条",
             f"entry {self.seq} was changed, or does not follow from the one before")
        if e["kind"] not in KINDS:
            self.strange.setdefault(f"kind {e['kind']}", self.seq)
            return
        body = entry_of(place, e["kind"], e["body"])
        need(label_of(e["kind"], body, e["at"]) == e["at"], place, "所标的时刻不是内容里的时刻", "its label is not the instant in it")
        rules = body.get("rules", 1) if e["kind"] == "start" else 1
        if rules > RULES:
            self.strange.setdefault(f"rules {rules}", self.seq)
        for field in body.keys() - KINDS[e["kind"]].keys():
            self.strange_fields.setdefault(f"{e['kind']}.{field}", self.seq)
        if self.strange:
            return  # what follows an unknown entry cannot be understood without it
        self.branches.take(self.seq, e["kind"], body, before)
        self.labels.take(self.seq, e["at"], e["kind"], body)
        self.fold.take(self.seq, e["at"], e["kind"], body)


def read_seals(text):
    lines = text.split(b"\n")
    need(lines.pop() == b"", "seals.jsonl", "末行不完整", "the last line is cut")
    places = [f"seals.jsonl #{number}" for number in range(1, len(lines) + 1)]
    return [(place, line, formed(place, strict(line, place), SEAL)) for place, line in zip(places, lines)]


def check_seals(read, hashes, keys):
    """Number, link, day after day, signature, and the hash of the entry that each one covers."""
    previous, last = "0" * 64, None
    for number, (place, line, s) in enumerate(read, 1):
        need(s["seal"] == number and s["previous"] == previous, place, "不接续上一行", "it does not follow from the line before")
        need(last is None or s["from"] == last["to"], place, "此前缺少若干天", "days are missing before it")
        text = line[:line.rindex(b',"signature"')]
        need(line == text + f',"signature":"{s["signature"]}"}}'.encode(), place, "签名之后另有内容", "there is more behind its signature")
        check_signature(place, s["algorithm"], s["key"], text, s["signature"], keys)
        need(hashes.get(s["seq"]) == s["hash"], place, f"{s['day']} 封存之后，第 {s['seq']} 条及以前的账目被改写",
             f"the entries up to {s['seq']} were rewritten after {s['day']} was sealed")
        previous, last = hashlib.sha256(line).hexdigest(), s


def check_head(head, journal, seals):
    """Returns period, heartbeat and the instant of the export."""
    end = (head["entries"], head["hash"]) == (journal.seq, journal.hash.hex())
    need(end, "journal.jsonl", f"末条不是抬头所写的第 {head['entries']} 条", f"it does not end with entry {head['entries']} of head.json")
    start, to, exported, heartbeat = (instant(head[k], f"head.json {k}") for k in ("from", "to", "exported", "heartbeat"))
    need(start < to, "head.json", "期间为空", "the period is empty")
    need(exported >= heartbeat, "head.json", "导出时间早于心跳，不可能", "it was exported before its own heartbeat, which cannot be")
    need(not seals or heartbeat >= seals[-1]["made"], "head.json", "心跳早于最后一次封存",
         "the heartbeat is before the last seal was made")
    if journal.strange:
        return (start, to), heartbeat, exported
    journal.labels.check_heartbeat(heartbeat)
    need(head["zone"] == journal.fold.zone_name(), "head.json", "时区与账目不符", "the zone is not the journal's")
    zone = zone_named(head["zone"])
    last = seals[-1]["to"] if seals else journal.fold.first_entry
    try:
        due = civil(last, zone)
        sealed = midnight(due + datetime.timedelta(days=1), zone) + HOUR > heartbeat
    except OverflowError:
        raise Wrong(f"seals.jsonl: {last} 毫秒不是哪一天 / {last} milliseconds are no day") from None
    need(sealed, "seals.jsonl", f"{due} 已过而未封存", f"{due} has passed and is not sealed")
    return (start, to), heartbeat, exported


def check_page(page, head):
    """The page is wording, and not recomputed; what it says of heartbeat and journal must be what head.json says."""
    rows = dict(re.findall(r"<tr><th>(.*?)</th><td>(.*?)</td></tr>", page))
    stated = {"观测到": head["heartbeat"], "账目": f"{head['entries']} 条", "末条哈希": head["hash"]}
    for name, own in stated.items():
        need(rows.get(name, own) == own, "README.html", f"所写的{name}是 {rows.get(name)}，head.json 是 {own}",
             f"it states {rows.get(name)}, head.json {own}")


def rules_in_words(rules):
    parts = [f"{version}（自第 {seq} 条起 / from entry {seq}）" for seq, version in rules]
    return "规则版本 / rules: " + (", ".join(parts) if len(parts) > 1 else str(rules[-1][1]))


def what_nobody_signed(journal, sealed):
    by_seals = f"entries 1 to {sealed}" if sealed else "nothing"
    return (f"清单未签名 / the manifest is not signed. 由封存证明的只有第 1 至 {sealed} 条 / proven by seals: {by_seals}, "
            f"if the key is the office's. 仅由未签名的清单所述 / only said by the unsigned manifest: that these are all "
            f"entries and that {journal.seq} is the last one, heartbeat, exported, period, and so figures, tables and pages")


def verify(path, *fingerprints):
    """(exit code, lines to print)"""
    fingerprints = [f for f in fingerprints if f is not None]
    check_container(path)
    with zipfile.ZipFile(path) as pack:
        keys = keys_in(read_text(pack, "key.pub"))
        signed_by = check_manifest(pack, keys)
        read = read_seals(read_bytes(pack, "seals.jsonl"))
        seals = [s for _, _, s in read]
        journal = Journal(pack, seals)
        check_seals(read, journal.hashes, keys)
        journal.labels.check_dates()
        head = formed("head.json", strict(read_text(pack, "head.json"), "head.json"), HEAD)
        frame, heartbeat, exported = check_head(head, journal, seals)
        if journal.strange:
            names = ", ".join(f"entry {seq}: {what}" for what, seq in journal.strange.items())
            raise Wrong(f"journal.jsonl: 不认识的条目，无法担保任何数字 / unknown to this script: {names}; it cannot vouch for "
                        f"{FIGURES}; use the script of a newer version")
        try:
            unknown = check_figures(pack, Books(journal.fold, heartbeat, exported), frame)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as wrong:
            raise Wrong(f"journal.jsonl: 由账目算不出数字 / no figures follow from the entries ({wrong!r})") from None
        check_page(read_text(pack, "README.html"), head)
    sealed, notes = seals[-1]["seq"] if seals else 0, [rules_in_words(journal.fold.rules)]
    notes += journal.branches.in_words(zone_named(head["zone"]))
    notes += journal.branches.told(zone_named(head["zone"]))
    if journal.strange_fields or unknown:
        fields = [f"{name} (entry {seq})" for name, seq in sorted(journal.strange_fields.items())] + unknown
        notes.append("不认识的字段，数字不依赖它们 / fields unknown to this script, no figure depends on them: " + ", ".join(fields))
    if signed_by is None:
        notes.append(what_nobody_signed(journal, sealed))
    signers = {s["key"] for s in seals} | ({signed_by} - {None})
    found = f"{journal.seq} entries, sealed up to {sealed}, {len(seals)} days; keys: {', '.join(sorted(signers)) or 'none'}"
    return conclusion([digits_of(f) for f in fingerprints], signers, signed_by, found, notes)


def conclusion(wanted, signers, signed_by, found, notes):
    if wanted:
        need(signers, "seals.jsonl", "没有一处有效的签名，来源无从证明", "nothing is signed: the origin cannot be proven")
        good = all(any(key.startswith(w) for w in wanted) for key in signers)
        need(good, "key.pub", f"由另一把密钥签名：{', '.join(sorted(signers))}", f"signed with another key: {found}")
        if signed_by is not None:
            return 0, notes + [f"一致，来源已证明 / consistent, origin proven: {found}"]
    code = 1 if wanted else 0
    return code, notes + [f"一致，来源未证明 / consistent, origin not proven: {found}"]


# -- the command line


def digits_of(fingerprint):
    digits = "".join(fingerprint.split()).replace(":", "").lower()
    need(re.fullmatch("[0-9a-f]{32}|[0-9a-f]{64}", digits), "--fingerprint", "指纹应为 8 组 4 位十六进制数，或全部 64 位",
         "a fingerprint is eight groups of four hexadecimal digits, or all 64")
    return digits


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"用法有误，请看 --help / wrong usage, see --help: {message}\n")


def arguments():
    a = Arguments(
        prog="verify_pack.py", allow_abbrev=False, add_help=False, formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="python3 verify_pack.py PACK.zip [--fingerprint FINGERPRINT] …",
        description="独立核验畅通的审计证据包：不需要畅通程序、账本、配置或网络，只用 Python 自带的库。\n"
        "Checks an auditor's pack with Python alone: no program, ledger, configuration or network of Changtong is needed.",
        epilog="怎样用：从一份盖章的报告上抄下密钥指纹（8 组 4 位），不要从包里抄；脚本也用自己留存的一份。\n"
        "结论（最后一行）：来源已证明 = 内容一致，且由该指纹的密钥签名；来源未证明 = 内容一致，但没有给出指纹，或清单\n"
        "没有签名；未通过 = 写明文件和第几条（文件名 #条号或行号）。\n"
        "How to: copy the fingerprint (eight groups of four digits) from a stamped report, never from the pack, and run a copy\n"
        "of this script that you trust. The last line concludes: origin proven, origin not proven, or not verified, with the\n"
        "file and after # the entry or line.\n\n"
        "退出码 / exit code: 0 一致，给了指纹则来源也已证明 / consistent, with a fingerprint also proven; 1 否 / not so;\n"
        "2 用法有误 / wrong usage; 3 文件打不开 / the file cannot be opened.\n\n"
        "例 / example:\n  python3 verify_pack.py pack.zip --fingerprint '3349 f2e9 ce62 91bf 6762 2a9d d258 87cd'")
    a.add_argument("pack", metavar="PACK.zip", help="证据包 / the pack")
    a.add_argument("also", metavar="FINGERPRINT", nargs="?", help="同 --fingerprint / the same as --fingerprint")
    a.add_argument("--fingerprint", action="append", default=[], metavar="FINGERPRINT",
                   help="报告上印的密钥指纹，可重复 / the key's fingerprint as printed on reports; may be repeated")
    a.add_argument("--help", "-h", action="help", help="这段说明 / this text")
    return a


def as_seen(line):
    """What a pack says may hold what a terminal obeys, or a line break that makes a verdict of it."""
    return "".join(c if c.isprintable() or c == "\u3000" else "\ufffd" for c in line)


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console that lacks a character still shows the rest
    parser = arguments()
    given = parser.parse_args()
    fingerprints = given.fingerprint + ([given.also] if given.also is not None else [])
    try:
        for f in fingerprints:
            digits_of(f)
    except Wrong as wrong:
        parser.error(str(wrong))
    try:
        code, text = verify(given.pack, *fingerprints)
    except Wrong as wrong:
        code, text = 1, [f"未通过 / not verified: {wrong}"]
    except (RuntimeError, EOFError, struct.error, zipfile.BadZipFile, zlib.error) as wrong:
        code, text = 1, [f"未通过 / not verified: {given.pack}: ZIP 损坏 / the ZIP is damaged ({wrong})"]
    except OSError as wrong:
        code, text = 3, [f"打不开 / cannot be opened: {given.pack}: {wrong.strerror}"]
    print("\n".join(as_seen(line) for line in text))
    sys.exit(code)


if __name__ == "__main__":
    main()
