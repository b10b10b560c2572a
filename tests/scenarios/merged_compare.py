#!/usr/bin/env python3
"""Holds merged books against the oracle, from ledgers to figures: `availability` and `outages` of two or three of them.

    merged_compare.py --binary build/release/changtong [--worlds 20] [--first-seed 0] [--keep DIR]

A world of worlds.py is seen by several observers: each has its own copy of the trace, with samples left out and stretches in which
lines seem down to it alone, and some of the windows. Every copy is replayed into a ledger; the books of all of them together are
compared with merged_oracle.py over the books that books_oracle.py makes of each trace: sums and counts of every line to the
millisecond, then each outage with its brackets.
"""

import copy
import itertools
import json
import random
import sys

import books_oracle as oracle
import merged_oracle as merged
import seeds
import worlds
from compare import Failed, run

SUMS = ["up", "down", "down_min", "down_mid", "down_max", "excluded", "unknown"]


def seen_by(world, rank):
    """A copy of the world as one observer has it."""
    own, rng = copy.copy(world), random.Random(world.seed * 10 + rank)
    flipped = sorted(rng.random() for _ in range(2 * rng.randrange(0, 4)))
    lost = rng.choice([0, 0, 0.05, 0.3])
    chosen = {}
    own.trace = []
    for number, line in enumerate(world.trace):
        part = number / len(world.trace)
        if "outcome" in line and "every_s" not in line and not line["target"].startswith("anchor"):
            if rng.random() < lost:
                continue
            if any(low <= part < high for low, high in zip(flipped[::2], flipped[1::2])) and line["outcome"] == "good":
                line = {**line, "outcome": "bad", "took_ms": 200}
                line.pop("rtt_ms", None)
        if "window" in line and not chosen.setdefault(line["window"]["id"], rng.random() < 0.7):
            continue
        own.trace.append(line)
    return own


def own_of(outage):
    """An outage of books_oracle.py as merged_oracle.py wants it; what is not compared here is left blank."""
    lower, upper = outage.began_bracket
    end = outage.ended_bracket or (oracle.FOREVER, oracle.FOREVER)
    return merged.Own(began=outage.began, confirmed=outage.began, ended=outage.ended or oracle.FOREVER, lower=lower, upper=upper,
                      end_lower=end[0], end_upper=end[1], why="", found="none", upstream="", decided_by="",
                      own_uplink=outage.after_own_uplink)


AT_ONCE = 5_000  # ms


def until(own, end):
    """A book of books_oracle.py as it was read at `end`."""
    before = [(0, end)]
    outages = []
    for outage in map(own_of, own.outages):
        if outage.began < end:
            if outage.ended > end:
                outage = outage._replace(ended=oracle.FOREVER, end_lower=oracle.FOREVER, end_upper=oracle.FOREVER)
            outages.append(outage)
    return {"up": oracle.intersect(own.up, before), "down": oracle.intersect(own.down, before), "outages": outages,
            "unconfirmed": [at for at in own.unconfirmed if at < end]}


def merged_targets(played, offsets):
    """{target: (book, scope, excluded)} of the observers' worlds in order of rank."""
    books = [oracle.target_books(world) for world in played]
    now = max(world.now for world in played)
    end = min(world.now for world in played if now - world.now <= AT_ONCE)
    records = merged_windows(played)
    out = {}
    for target in dict.fromkeys(itertools.chain(*(world.targets() for world in played))):
        observers = []
        for rank, (world, its) in enumerate(zip(played, books)):
            if target in its:
                observers.append({"name": str(rank), "rank": rank, "offset": offsets[rank], **until(its[target], end)})
        knowing = [world for world, its in zip(played, books) if target in its]
        plans = [oracle.plan_of(steps) for steps in records.get(target, {}).values()]
        excluded = oracle.union([(plan["from"], plan["to"]) for plan in plans if plan])
        out[target] = merged.merge(observers), scope_of(knowing, target, now), excluded
    return out


def scope_of(knowing, target, now):
    """The first one's; without an acceptance from the earliest first entry of those that state none."""
    scope = knowing[0].scopes[target]
    closed = oracle.instant(scope["closed"], knowing[0].zone) if scope["closed"] else oracle.FOREVER
    if scope["accepted"]:
        accepted = oracle.instant(scope["accepted"], knowing[0].zone)
    else:
        accepted = min(world.first for world in knowing if not world.scopes[target]["accepted"])
    return [(accepted, min(closed, now))] if accepted < min(closed, now) else []


def merged_windows(played):
    """{target: {id: [record]}}: all observers' records, equal ones once, in order of instant, then rank."""
    found = []
    for rank, world in enumerate(played):
        for number, record in enumerate(record for records in world.windows.values() for record in records):
            for target in oracle.listed(record):
                key = (record["at"], record["id"], target, record["from"], record["to"], record["state"], record.get("by", ""))
                if not any(other[3] == key for other in found):
                    found.append((record["at"], rank, number, key, target, record))
    out = {}
    for _, _, _, _, target, record in sorted(found, key=lambda each: each[:3]):
        out.setdefault(target, {}).setdefault(record["id"], []).append(record)
    return out


def differences(folder, binary, world, observers):
    played, ledgers = [], []
    for rank, own in enumerate(observers):
        place = folder / str(rank)
        place.mkdir(parents=True)
        worlds.write_small(place, own)
        run(binary, "replay", "--config", place / "changtong.yaml", "--trace", place / "trace.jsonl", "--ledger", place / "ledger.db")
        played.append(oracle.read_trace(place / "trace.jsonl", oracle.read_settings(place / "changtong.yaml")))
        ledgers += ["--ledger", place / "ledger.db"]
    offsets = [0] + [None] * (len(observers) - 1)  # nobody compared these clocks
    expected = merged_targets(played, offsets)
    found = []
    for start, end in world.periods:
        low, high = oracle.period_edge(start, played[0].zone, False), oracle.period_edge(end, played[0].zone, True)
        rows = {row["key"]: row for row in json.loads(run(binary, "availability", *ledgers, "--from", start, "--to", end,
                                                            "--format", "json"))}
        due = {target: merged.figures(book, scope, excluded, (low, high))
               for target, (book, scope, excluded) in expected.items()}
        due = {target: sums for target, sums in due.items() if sums}
        found += [(start, target, "row", target in rows, target in due) for target in rows.keys() ^ due.keys()]
        for target in rows.keys() & due.keys():
            theirs = {name: round(rows[target][f"{name}_s"] * 1000) for name in SUMS}
            theirs.update({name: rows[target][name] for name in ("outages", "unconfirmed")})
            found += [(start, target, name, theirs[name], due[target][name]) for name in theirs if theirs[name] != due[target][name]]
            if len(rows[target]["observers"]) != len(observers):
                found.append((start, target, "observers", rows[target]["observers"], len(observers)))
    return found + outage_differences(binary, ledgers, played[0].zone, expected, world.periods[1])


def outage_differences(binary, ledgers, zone, expected, period):
    low, high = (oracle.period_edge(edge, zone, is_end) for edge, is_end in zip(period, (False, True)))
    told = {(row["target"], row["began"]): row for row in json.loads(run(
        binary, "outages", *ledgers, "--from", period[0], "--to", period[1], "--format", "json"))}
    found, due = [], {}
    for target, (book, scope, excluded) in expected.items():
        for own in book["outages"]:
            is_open = own.ended == oracle.FOREVER
            row = {"ended": None if is_open else own.ended, "began_after": own.lower, "began_until": own.upper,
                   "ended_after": None if is_open else own.end_lower, "ended_until": None if is_open else own.end_upper}
            key = target, oracle.iso(own.began, zone)
            due[key] = {name: oracle.iso(at, zone) for name, at in row.items()}
            counts = oracle.intersect(oracle.intersect(own.down, scope), [(low, high)])
            if oracle.subtract(counts, excluded) and key not in told:
                found.append((*key, "outage", "missing", "present"))
    found += [(*key, "outage", "present", "missing") for key in told.keys() - due.keys()]
    found += [(*key, name, told[key][name], at) for key in told.keys() & due.keys() for name, at in due[key].items()
              if told[key][name] != at]
    return found


def main():
    options = seeds.parser("Random worlds seen by several observers, their ledgers merged, against the oracle.", worlds=20).parse_args()
    if not options.binary:
        sys.exit("--binary")

    def differs(seed, folder):
        folder.mkdir(parents=True)
        world = worlds.small_world(seed)
        try:
            found = differences(folder, options.binary.resolve(), world, [seen_by(world, rank) for rank in range(2 + seed % 4 // 3)])
        except (Failed, oracle.TraceError, ValueError, KeyError) as problem:
            found = [("", "", "", f"{type(problem).__name__}: {problem}", "")]
        if found:
            print(f"seed {seed}: {len(found)} differences; kept in {folder}")
            for one in found[:8]:
                print("   ", *one)
            sys.stdout.flush()
        return bool(found)

    return seeds.judge_each(options, differs, "differ")


if __name__ == "__main__":
    sys.exit(main())
