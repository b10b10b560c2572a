#!/usr/bin/env python3
"""Holds the product against the truth: worlds of which it is known when each line was really cut.

    known_truth.py --binary build/release/changtong [--worlds 20] [--first-seed 0] [--keep DIR] [--oracle]

A district of 1 to 400 lines is cut here and there: single lines, our own uplink (then every question of every line and
anchor is lost), only ping filtered, only an agent dead, both. A monitor's questions (questions.py) are answered by that
truth, written as a trace and replayed. Then for each line, from `outages` and `availability` alone:

- nothing is down that was not truly cut: every outage lies within a true cut, but for what its own brackets leave open
  and the time until the next question; so neither our own uplink nor a filter nor a dead agent makes one;
- no true cut is missed that lasted long enough beside a working uplink: the regular interval and a tenth, the timeouts,
  and `down_after` fast intervals;
- the true edges of cuts that nothing else disturbs lie inside the brackets;
- up + down + unknown is the scope.

Left out, because the rules leave it open: troubles before every check was asked once; a timeout so long that `down_after`
regular questions go out before the first is known to be bad; a lost answer of a second check just when ping is filtered.

Nothing of the books' rules is computed here. `--oracle` judges books_oracle.py instead of the binary. Exit 1 if any is
wrong; the last line is "N worlds, M wrong".
"""

import datetime
import json
import math
import random
import subprocess
import sys
import time

import questions
import seeds

START = 1_772_294_400_000  # 2026-03-01T00:00:00+08:00
EAST = datetime.timezone(datetime.timedelta(hours=8))
SECOND, MINUTE = 1000, 60_000
SHOWN = 8


def iso(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, EAST).isoformat(timespec="milliseconds")


def milliseconds(text):
    return None if text is None else round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def meet(one, other):
    return one[0] < other[1] and other[0] < one[1]


def join(spans):
    out = []
    for begin, end in sorted(spans):
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return out


def common(one, other):
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)]


def outside(span, holes):
    """What is left of a span without the holes (sorted, disjoint)."""
    out, at = [], span[0]
    for begin, end in holes:
        if begin > at:
            out.append((at, min(begin, span[1])))
        at = max(at, end)
    out.append((at, span[1]))
    return [(begin, end) for begin, end in out if begin < end]


class District:
    """One world: its lines and checks, and when what was truly dead."""

    def __init__(self, seed):
        self.seed, rng = seed, random.Random(seed)
        self.rng = rng
        self.lines = rng.choice([1, 2, 3, 5, 8, 8, 20, 40, 100, 400])
        self.interval = rng.choice([1, 1, 1, 2, 5, 10, 10, 30, 60]) * SECOND
        self.length = int((60 * SECOND + 2_000_000 / self.lines ** 0.75) * rng.uniform(0.5, 1))
        self.timeout, self.fast = min(rng.choice([500, 1000, 1000, 2000]), self.interval), rng.choice([250, 250, 500, 1000])
        self.down_after, self.up_after = rng.choice([2, 3, 3, 4]), rng.choice([1, 2, 2])
        self.loss = rng.choice([0, 0, 0.0005, 0.002])
        self.names = [f"L{number + 1}" for number in range(self.lines)]
        self.anchors = [f"anchor-{number + 1}" for number in range(rng.choice([2, 2, 2, 3]))]
        self.round_trip = {name: rng.uniform(0.5, 60) for name in self.names + self.anchors}
        self.second = {name: rng.choice([("tcp", 2), ("snmp", 30), ("snmp", 60)]) for name in self.names
                       if rng.random() < 0.5}
        slowest = max([self.interval] + [every * SECOND for _, every in self.second.values()])
        self.settled = START + int(1.1 * slowest) + 2 * self.timeout  # by now every check was asked
        self.length = max(self.length, 5 * slowest)
        self.end = START + self.length
        self.dead = {}  # (target, kind) -> spans; "uplink" -> spans
        self.make_cuts()

    def span(self, low, high):
        """A span somewhere in the world, its length log-uniform."""
        length = int(math.exp(self.rng.uniform(math.log(low), math.log(max(high, low + 1)))))
        begin = self.rng.randrange(self.settled, self.end - min(length // 2, self.end - self.settled - 1))
        return begin, min(begin + length, self.end)

    def make_cuts(self):
        rng, dead = self.rng, {}
        longest = 20 * MINUTE if self.lines <= 20 else 20 * SECOND
        dead["uplink"] = [self.span(300, min(longest, self.length // 4)) for _ in range(rng.choice([0, 1, 2, 3, 5]))]
        if self.lines <= 20 and rng.random() < 0.3:
            dead["uplink"] += [self.span(300, 3000) for _ in range(10)]
        for name in self.names:
            kinds = [kind for kind in ("icmp", self.second.get(name, ("",))[0]) if kind]
            for _ in range(rng.choice([0, 1, 1, 2])):
                cut = self.span(500, min(20 * MINUTE, self.length // 3))
                if dead["uplink"] and rng.random() < 0.3:  # across an edge of our own failure
                    edge = rng.choice(rng.choice(dead["uplink"]))
                    cut = (max(edge - rng.randrange(1, 20 * SECOND), self.settled),
                           min(edge + rng.randrange(1, 60 * SECOND), self.end))
                told = rng.choice([kinds, kinds, kinds[:1], kinds[1:]]) if len(kinds) > 1 else kinds
                for kind in told:
                    dead.setdefault((name, kind), []).append(cut)
        self.dead = {key: join(spans) for key, spans in dead.items()}

    # --- what the monitor asks and sees

    def is_dead(self, key, at):
        return any(begin <= at < end for begin, end in self.dead.get(key, ()))

    def answer(self, check, at):
        """A question is lost if its way is cut when it goes or when the answer comes. Only leaders lose one by chance."""
        back = self.round_trip[check.target] * self.rng.uniform(1, 1.05)
        ways = ["uplink", (check.target, check.kind)]
        if any(self.is_dead(way, moment) for way in ways for moment in (at, at + back)) \
                or (check.leads and self.rng.random() < self.loss):
            return "bad", check.timeout, {}
        return "good", back, {}

    def checks(self):
        common_ = (self.fast, self.timeout, self.down_after, self.up_after)
        out = [questions.Check(name, "icmp", self.interval, *common_, leads=self.interval <= self.second_interval(name))
               for name in self.names]
        out += [questions.Check(name, self.second[name][0], self.second_interval(name), *common_,
                                leads=self.second_interval(name) < self.interval) for name in self.second]
        return out + [questions.Check(name, "icmp", SECOND, *common_) for name in self.anchors]

    def second_interval(self, name):
        return self.second[name][1] * SECOND if name in self.second else 1 << 40

    def trace(self):
        yield {"at": iso(START), "monitor": "start"}
        for at, check, outcome, lasted, _ in questions.Questions(self.checks(), self.answer, self.rng, START, self.end).play():
            words = {"rtt_ms": round(lasted, 2)} if outcome == "good" else {"cause": "timeout"}
            if outcome == "bad" and self.rng.random() < 0.5:
                words["took_ms"] = int(lasted)
            yield {"at": iso(at), "target": check.target, "check": check.kind, "outcome": outcome, **words}
        yield {"at": iso(self.end), "monitor": "stop"}

    def write(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        config = {"zone": "Asia/Shanghai", "listen": "127.0.0.1:0", "ledger": "ledger.db", "inventory": "lines.csv",
                  "defaults": {"interval": f"{self.interval}ms", "timeout": f"{self.timeout}ms",
                               "fast_interval": f"{min(self.fast, self.interval)}ms", "down_after": self.down_after,
                               "up_after": self.up_after},
                  "credentials": {"public": {"version": "2c", "community": "known-truth"}},
                  "anchors": [f"198.51.100.{number + 1}" for number in range(len(self.anchors))]}
        path = folder / "changtong.yaml"
        path.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in config.items()), encoding="utf-8")
        path.chmod(0o600)
        with open(folder / "lines.csv", "w", encoding="utf-8") as file:
            file.write("id,name,category,address,accepted,checks\n")
            for number, name in enumerate(self.names):
                file.write(f"{name},{name},village,10.0.{number >> 8}.{number & 255},2023-01-01,{self.words(name)}\n")
        with open(folder / "trace.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in self.trace())

    def words(self, name):
        if name not in self.second:
            return "icmp"
        kind, every = self.second[name]
        return f"\"icmp {kind}:{'port=443' if kind == 'tcp' else 'credential=public'},interval={every}s\""

    # --- the truth about a line

    def cuts(self, name):
        """When nothing of a line answered, though our own uplink might have worked."""
        spans = self.dead.get((name, "icmp"), [])
        if name in self.second:
            spans = common(spans, self.dead.get((name, self.second[name][0]), []))
        return join(spans)

    def troubles(self, name):
        kinds = ["icmp"] + ([self.second[name][0]] if name in self.second else [])
        return [span for key in ["uplink", *[(name, kind) for kind in kinds]] for span in self.dead.get(key, [])]

    def slowest(self, name):
        """The longest that a cut may go without a question: a regular interval of any check, and a tenth."""
        return int(max(self.interval, self.second_interval(name) if name in self.second else 0) * 1.1)

    def certain(self, name):
        """The shortest cut that cannot be missed: by the leader alone if nothing else is wrong, by the slowest otherwise."""
        blind = name in self.second
        return (self.slowest(name) if blind else int(self.interval * 1.1)) + 2 * self.timeout * (1 + blind) \
            + self.down_after * min(self.fast, self.interval) * (1 + blind) + 200

    def features(self):
        return (f"{self.lines} lines at {self.interval // SECOND} s, {len(self.second)} with a second check, "
                f"{len(self.anchors)} anchors, {len(self.dead['uplink'])} cuts of our uplink, loss {self.loss}")


# ---------------------------------------------------------------------------------------------------------------------
# What is said about it
# ---------------------------------------------------------------------------------------------------------------------


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{command[1]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[:300]}")
    return done.stdout


def said_by_binary(binary, folder, district):
    run(binary, "replay", "--config", folder / "changtong.yaml", "--trace", folder / "trace.jsonl", "--ledger",
        folder / "ledger.db")
    period = ("--ledger", folder / "ledger.db", "--from", iso(START), "--to", iso(district.end), "--format", "json")
    return json.loads(run(binary, "outages", *period)), json.loads(run(binary, "availability", *period))


def said_by_oracle(_, folder, district):
    import books_oracle as oracle
    world = oracle.read_trace(folder / "trace.jsonl", oracle.read_settings(folder / "changtong.yaml"))
    books = oracle.target_books(world)
    found = oracle.outages(world, START, district.end, of_targets=books)
    return ([oracle.outage_as_json(outage, world.zone) for outage in found],
            oracle.availability(world, START, district.end, of_targets=books))


def wrong_of(district, outages, rows):
    """[text]: what is said against the truth."""
    found = []
    by_line = {name: [] for name in district.names}
    for outage in outages:
        by_line[outage["target"]].append(outage)
    rows = {row["key"]: row for row in rows}
    for name in district.names:
        cuts = district.cuts(name)
        found += [f"{name}: {text}" for text in wrong_outages(district, name, cuts, by_line[name])]
        found += [f"{name}: {text}" for text in missed_cuts(district, name, cuts, by_line[name])]
        row = rows[name]
        if row["up_s"] + row["down_s"] + row["unknown_s"] - district.length / 1000 > 0.0005 or row["excluded_s"]:
            found.append(f"{name}: up, down and unknown are not the scope: {row}")
        if not cuts and (row["down_s"] or row["down_max_s"]):
            found.append(f"{name}: down {row['down_s']} s, at most {row['down_max_s']} s, though it was never cut")
    return found


def bounds(outage, district):
    began, ended = milliseconds(outage["began"]), milliseconds(outage["ended"])
    return began, district.end if ended is None else ended


def wrong_outages(district, name, cuts, outages):
    """Down time outside a true cut. What is left open: before it a question that was under way, or lost by chance; after
    it the time to the next question. Where our own uplink was dead an outage is unknown."""
    early = district.timeout + 200 + (int(district.interval * 1.1) + 4 * district.timeout if district.loss else 0)
    late = max(district.slowest(name), questions.AT_LEAST_EVERY) + 2 * district.timeout
    cuts = join((begin - early, end + late) for begin, end in cuts)
    unseen = [(begin - district.timeout, end + late) for begin, end in district.dead["uplink"]]
    for outage in outages:
        span = bounds(outage, district)
        inside = sum(end - begin for begin, end in common([span], cuts))
        if not inside:
            yield f"down {outage['began']} .. {outage['ended']}, but was not cut"
        elif outside(span, join(cuts + unseen)) or round(outage["down_s"] * 1000) > inside:
            yield f"down {outage['began']} .. {outage['ended']} for {outage['down_s']} s, longer than it was cut"


def missed_cuts(district, name, cuts, outages):
    near = [(begin - 3 * district.timeout, end + 3 * district.timeout + SECOND) for begin, end in district.dead["uplink"]]
    for cut in cuts:
        clean = outside((cut[0], min(cut[1], district.end)), join(near))
        its = [outage for outage in outages if meet((bounds(outage, district)[0] - 100, bounds(outage, district)[1]), cut)]
        if not its and any(end - begin >= district.certain(name) for begin, end in clean):
            yield f"cut {iso(cut[0])} .. {iso(cut[1])} is missed"
        around = (cut[0] - 2 * district.slowest(name) - 5 * SECOND, cut[1] + 2 * district.slowest(name) + 5 * SECOND)
        if len(its) == 1 and not district.loss and [t for t in district.troubles(name) if meet(t, around)] \
                == [cut] * (1 + (name in district.second)):
            yield from wrong_edges(its[0], cut)


def wrong_edges(outage, cut):
    after, until = milliseconds(outage["began_after"]), milliseconds(outage["began_until"])
    if (after is not None and cut[0] < after) or cut[0] > until + 5:
        yield f"cut at {iso(cut[0])}, outside ({outage['began_after']}, {outage['began_until']}]"
    if outage["ended_after"] is not None:
        after, until = milliseconds(outage["ended_after"]), milliseconds(outage["ended_until"])
        if not after <= cut[1] + 100 or cut[1] > until:
            yield f"mended at {iso(cut[1])}, outside ({outage['ended_after']}, {outage['ended_until']}]"


def main():
    parser = seeds.parser("Worlds whose true cuts are known, through changtong.", worlds=20)
    parser.add_argument("--oracle", action="store_true", help="judge books_oracle.py instead of the binary")
    options = parser.parse_args()
    if not options.binary and not options.oracle:
        parser.error("--binary or --oracle")
    said, binary = (said_by_oracle, None) if options.oracle else (said_by_binary, options.binary.resolve())

    def is_wrong(seed, folder):
        district, since = District(seed), time.monotonic()
        try:
            district.write(folder)
            found = wrong_of(district, *said(binary, folder, district))
        except (RuntimeError, OSError, subprocess.TimeoutExpired, ValueError, KeyError) as problem:
            found = [f"{type(problem).__name__}: {problem}"]
        if found:
            print(f"seed {seed}: {len(found)} wrong; kept in {folder}\n  {district.features()}")
            print("".join(f"    seed {seed}  {text}\n" for text in found[:SHOWN]), end="")
        if time.monotonic() - since > 20:
            print(f"seed {seed} took {time.monotonic() - since:.0f} s: {district.features()}")
        sys.stdout.flush()
        return bool(found)

    return seeds.judge_each(options, is_wrong, "wrong")


if __name__ == "__main__":
    sys.exit(main())
