#!/usr/bin/env python3
"""Holds the product against the oracle: random worlds through both, every figure to the millisecond.

    compare.py --binary build/release/changtong [--worlds 200] [--first-seed 0] [--keep DIR] [--all]

For each seed it writes a world (worlds.py), lets the binary replay it into a new ledger, asks for `availability` in
several groupings and periods, and compares each field with books_oracle.py: sums of time and counts exactly, ratios
to 1e-12; then the list of outages with its brackets. The folder of a world that differs is kept; `--first-seed N --worlds 1 --all` shows all its differences.
Exit 1 on any.
"""

import json
import subprocess
import sys

import books_oracle as oracle
import seeds
import worlds

TIMES = [f"{name}_s" for name in oracle.SUMS[:7]]
COUNTS = ["outages", "unconfirmed"]
RATIOS = ["availability", "lower", "upper", "coverage", "mttr_s"]
INSTANTS = ["scope_from", "scope_to"]
OF_OUTAGES = ["ended", "began_after", "began_until", "ended_after", "ended_until", "unknown_s", "after_own_uplink"]
SHOWN = 8  # differences printed of one world


class Failed(Exception):
    """The binary did not do what it was asked."""


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[:5]
        raise Failed(f"{command[1]} ended with {done.returncode}: " + " | ".join(said))
    return done.stdout


def questions(world):
    """[(grouping, from, to)]: lines for every period, the groups and days for some."""
    asked = [("line", start, end) for start, end in world.periods]
    asked += [(by, *world.periods[(world.seed + i) % len(world.periods)]) for i, by in enumerate(oracle.GROUPINGS[1:])]
    return asked


def theirs(binary, folder, by, start, end):
    text = run(binary, "availability", "--ledger", folder / "ledger.db", "--from", start, "--to", end, "--by", by,
               "--format", "json")
    return {row["key"]: row for row in json.loads(text)}


def ours(played, of_targets, by, start, end):
    low, high = oracle.period_edge(start, played.zone, False), oracle.period_edge(end, played.zone, True)
    return {row["key"]: row for row in oracle.availability(played, low, high, by, of_targets=of_targets)}


def same(field, left, right, zone):
    if left is None or right is None:
        return left is right
    if field in TIMES:
        return round(left * 1000) == round(right * 1000)
    if field in RATIOS:
        return abs(left - right) <= 1e-12 * max(abs(left), abs(right))
    if field in INSTANTS:
        return oracle.instant(left, zone) == oracle.instant(right, zone)
    return left == right


def differences(product, expected, zone):
    """[(key, field, product's, oracle's)] of two answers."""
    found = []
    for key in sorted(product.keys() | expected.keys()):
        if key not in product or key not in expected:
            found.append((key, "row", *("present" if key in rows else "missing" for rows in (product, expected))))
            continue
        for field in TIMES + COUNTS + RATIOS + INSTANTS:
            left, right = product[key].get(field, "missing"), expected[key][field]
            if left == "missing" or not same(field, left, right, zone):
                found.append((key, field, left, right))
    return found


def outage_differences(binary, folder, played, of_targets, period):
    """[(outage, field, product's, oracle's)]. Outages out of scope or inside windows may be listed, those that count must.
    """
    low, high = (oracle.period_edge(edge, played.zone, is_end) for edge, is_end in zip(period, (False, True)))
    told = {(row["target"], row["began"]): row for row in json.loads(run(
        binary, "outages", "--ledger", folder / "ledger.db", "--from", period[0], "--to", period[1], "--format", "json"))}
    rows = lambda outages: {(row["target"], row["began"]): row
                            for row in (oracle.outage_as_json(outage, played.zone) for outage in outages)}
    possible = rows(outage for its in of_targets.values() for outage in its.outages)
    due = rows(oracle.outages(played, low, high, of_targets))
    found = [(key, "outage", "missing", "present") for key in due.keys() - told.keys()]
    found += [(key, "outage", "present", "missing") for key in told.keys() - possible.keys()]
    found += [(key, field, told[key].get(field, False), possible[key][field])
              for key in told.keys() & possible.keys() for field in OF_OUTAGES
              if told[key].get(field, False) != possible[key][field]]
    return sorted((" ".join(key), *rest) for key, *rest in found)


def compare_world(binary, folder, world):
    """[(question, key, field, product's, oracle's)] of one world; a failing command is a difference too."""
    worlds.write_small(folder, world)
    played = oracle.read_trace(folder / "trace.jsonl", oracle.read_settings(folder / "changtong.yaml"))
    of_targets = oracle.target_books(played)
    found = []
    try:
        run(binary, "replay", "--config", folder / "changtong.yaml", "--trace", folder / "trace.jsonl", "--ledger",
            folder / "ledger.db")
        for by, start, end in questions(world):
            product = theirs(binary, folder, by, start, end)
            found += [(f"--by {by} --from {start} --to {end}", *difference)
                      for difference in differences(product, ours(played, of_targets, by, start, end), played.zone)]
        period = world.periods[1]
        found += [(f"outages --from {period[0]} --to {period[1]}", *difference)
                  for difference in outage_differences(binary, folder, played, of_targets, period)]
    except (Failed, subprocess.TimeoutExpired, ValueError, KeyError) as problem:
        found.append(("", "", "", f"{type(problem).__name__}: {problem}", ""))
    return found


def show(world, folder, found, every):
    print(f"seed {world.seed}: {len(found)} differences; kept in {folder}\n  {world.features()}")
    asked = None
    for question, key, field, product, expected in found if every else found[:SHOWN]:
        if question != asked:
            asked = question
            print(f"  {question}")
        print(f"    seed {world.seed}  key {key}  field {field}  changtong {product}  oracle {expected}")
    sys.stdout.flush()


def main():
    parser = seeds.parser("Random worlds through changtong and through the oracle.", worlds=200)
    parser.add_argument("--all", action="store_true", help="show every difference")
    options = parser.parse_args()
    if not options.binary:
        parser.error("--binary")

    def differs(seed, folder):
        world = worlds.small_world(seed)
        found = compare_world(options.binary.resolve(), folder, world)
        if found:
            show(world, folder, found, options.all)
        return bool(found)

    return seeds.judge_each(options, differs, "differ")


if __name__ == "__main__":
    sys.exit(main())
