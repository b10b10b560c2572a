#!/usr/bin/env python3
"""Holds the merge of several observers against the oracle: random worlds through both, to the millisecond.

    merged_worlds.py --binary build/release/changtong [--worlds 1000] [--first-seed 0] [--keep DIR]

A world is one line and two to four observers of it: each is asked at its own instants by a clock of its own (up to a second off, some
more), crashes, pauses, is split from the line, or is a restored backup that went on beside its original, or a mere
beginning of it. Their pieces go through
tests/merge_player (daemon/observers) and through merged_oracle.py. Beside equality it holds, with the pieces alone, that no
second is up that no merged observer saw, that every second of the scope is in exactly one sum, and, where one truth was seen by all,
that the true down time lies between the least and the greatest sum. The world of a difference is kept.
"""

import json
import random
import subprocess
import sys

import merged_oracle as oracle
import seeds
from books_oracle import FOREVER, intersect, subtract, total, union

DOWN_AFTER, UP_AFTER = 3, 2
LONGEST_WORD = 7500  # of a sample after which silence comes: it speaks past a cut's end that nobody saw
MINUTE = 60_000
APART = 15_000  # half of the least time between two cuts, which every observer that is awake sees


class Seen:
    """What one observer's own books say, from samples (label, is good) and the sessions that they were sent in."""

    def __init__(self):
        self.up, self.down, self.outages, self.unconfirmed = [], [], [], []


def beliefs(samples):
    """up or down of each sample (rules 3 and 4), and the numbers of the first samples of unconfirmed runs."""
    believed, short, state, pending = [], [], "up", []
    for number, (_, good) in enumerate(samples):
        believed.append(state)
        if good == (state == "up"):
            if pending and state == "up":
                short.append(pending[0])
            pending = []
            continue
        pending.append(number)
        if len(pending) == (DOWN_AFTER if state == "up" else UP_AFTER):
            state = "down" if state == "up" else "up"
            for each in pending:
                believed[each] = state
            pending = []
    if pending and state == "up":
        short.append(pending[0])
    return believed, short


def books_of(samples, ends, interval, round_trip, about):
    """Seen. `ends`: of each sample the instant at which its session ends."""
    seen = Seen()
    believed, short = beliefs(samples)
    seen.unconfirmed = [samples[number][0] for number in short]
    spoken = []
    for number, (label, _) in enumerate(samples):
        after = samples[number + 1][0] if number + 1 < len(samples) else FOREVER
        spoken.append((label, max(label, min(after, label + interval * 3 // 2, ends[number]))))
    seen.up = union([span for span, state in zip(spoken, believed) if state == "up"])
    seen.down = union([span for span, state in zip(spoken, believed) if state == "down"])
    number = 0
    while number < len(samples):
        if believed[number] == "down":
            first = number
            while number < len(samples) and believed[number] == "down":
                number += 1
            seen.outages.append(own_outage(samples, spoken, first, number, round_trip, about))
        else:
            number += 1
    return seen


def own_outage(samples, spoken, first, after, round_trip, about):
    began = samples[first][0]
    goods = [label for label, good in samples[:first] if good]
    confirmed = [label for label, good in samples[first:after] if not good][DOWN_AFTER - 1]
    ended = end_lower = end_upper = FOREVER
    if after < len(samples):
        again, silent = samples[after][0], spoken[after - 1][1]
        ended, end_upper = min(again, silent), again + round_trip
        end_lower = ended if silent < again else max(label for label, good in samples[first:after] if not good)
    return oracle.Own(began=began, confirmed=confirmed, ended=ended, lower=goods[-1] if goods else None,
                      upper=began + (round_trip if goods else 0), end_lower=end_lower, end_upper=end_upper, **about)


class World:
    def __init__(self, seed):
        rng = self.rng = random.Random(seed)
        self.seed = seed
        self.start = 1_772_294_400_000 + rng.randrange(0, 1000)
        self.length = rng.choice([4, 10, 20, 40]) * MINUTE
        self.grid = rng.choice([1, 1, 1, 500])  # of coarse worlds edges fall together
        self.one_truth = rng.random() < 0.7  # nobody is split from the line
        cuts = self.stretches(rng.randrange(0, 5), 12_000, 5 * MINUTE)
        self.truth = [(begin + APART, end - APART) for begin, end in union([(begin - APART, end + APART) for begin, end in cuts])]
        self.all, self.samples, self.clocks, self.starts, self.intervals = [], [], [], [], []
        for rank in range(rng.choice([2, 2, 2, 3, 4])):
            self.all.append(self.observer(rank))
        self.observers = oracle.observing(self.all)
        self.scope = [self.moment(-MINUTE, 2 * MINUTE), self.start + self.length + rng.choice([0, -MINUTE, MINUTE])]
        self.excluded = self.stretches(rng.choice([0, 0, 1, 2]), 1000, 4 * MINUTE)
        self.period = rng.choice([self.scope, [self.moment(0, self.length // 2), self.start + self.length]])

    def moment(self, low, high):
        return self.start + self.rng.randrange(low, high) // self.grid * self.grid

    def stretches(self, many, shortest, longest):
        return union([(begin, begin + self.rng.randrange(shortest, longest) // self.grid * self.grid)
                      for begin in (self.moment(0, self.length) for _ in range(many))])

    def observer(self, rank):
        rng = self.rng
        skew = 0 if rank == 0 else rng.choice([0, rng.randrange(-1000, 1001), rng.randrange(-1000, 1001), rng.choice([-1700, 2400])])
        skew = skew // self.grid * self.grid
        offset = rng.choice([skew, skew, None]) if abs(skew) <= 1000 else skew
        source = rng.randrange(rank) if rank and rng.random() < 0.3 else None  # of a restored backup, with its clock
        if source is not None:
            skew, offset = self.clocks[source]
        self.clocks.append((skew, offset))
        interval = rng.choice([1000, 1000, 2000, 5000])
        if source is not None:
            interval = self.intervals[source]  # what both have is one text, and means the same in both
        self.intervals.append(interval)
        about = {"why": rng.choice(["timeout", "refused"]), "found": rng.choice(["none", "own_line", "upstream"]), "upstream": "",
                 "decided_by": rng.choice(["L1/icmp", "L1/icmp L1/tcp"]), "own_uplink": rng.random() < 0.2,}
        if about["found"] == "upstream":
            about["upstream"] = f"T{rank}"
        samples, ends = self.asked(skew, interval)
        starts = [(f"b{rank}", self.start + skew)]
        if source is not None:
            samples, ends, starts = self.restored(source, samples, ends, rank)
        self.starts.append(starts)
        self.samples.append((samples, ends))
        seen = books_of(samples, ends, interval, rng.choice([0, 0, 3, 40]) if self.grid == 1 else 0, about)
        heartbeat = max((end for _, end in seen.up + seen.down), default=self.start)
        return {"name": f"节点{rank + 1}", "offset": offset, "starts": starts, "heartbeat": heartbeat,
                "up": seen.up, "down": seen.down, "outages": seen.outages,
                "unconfirmed": seen.unconfirmed}

    def asked(self, skew, interval):
        """Samples and the ends of their sessions, in labels: crashes lose what follows the last whole second, pauses ask nothing."""
        rng = self.rng
        crashes = self.stretches(rng.choice([0, 0, 1, 1, 2, 3]), 500, 6 * MINUTE)
        pauses = self.stretches(rng.choice([0, 0, 0, 1, 2]), 1000, 2 * MINUTE)
        splits = [] if self.one_truth else self.stretches(rng.choice([0, 0, 1, 2]), 2000, 5 * MINUTE)
        samples, ends, at, end = [], [], self.start + rng.randrange(0, interval) // self.grid * self.grid, self.start + self.length
        while at < end:
            crash = next((span for span in crashes if span[0] <= at < span[1]), None)
            paused = next((span for span in pauses if span[0] <= at < span[1]), None)
            if crash or paused:
                at = (crash or paused)[1]
                continue
            dies = min([span[0] for span in crashes if span[0] > at], default=FOREVER)
            label, heartbeat = at + skew, (dies + skew) // 1000 * 1000 if dies < FOREVER else FOREVER
            if label <= heartbeat:
                bad = any(low <= at < high for low, high in self.truth) or any(low <= at < high for low, high in splits)
                samples.append((label, not bad))
                ends.append(heartbeat)
            at += max(self.grid, int(interval * rng.uniform(0.9, 1.1)) // self.grid * self.grid)
        return samples, ends

    def restored(self, source, samples, ends, rank):
        """What another observer had kept up to some instant, then one's own, or nothing more: a clone, or a mere backup."""
        theirs, their_ends = self.samples[source]
        copied = self.moment(0, self.length)
        back = copied + self.rng.choice([0, self.rng.randrange(0, 5 * MINUTE)])
        kept = [number for number, (label, _) in enumerate(theirs) if label <= copied]
        own = [number for number, (label, _) in enumerate(samples) if label > back]
        if self.seed % 3 == 0:
            own = own[:self.seed % 4]
        starts = [start for start in self.starts[source] if start[1] <= copied or start is self.starts[source][0]]
        if own:
            starts.append((f"b{rank}", samples[own[0]][0]))
        return ([theirs[number] for number in kept] + [samples[number] for number in own],
                [min(their_ends[number], copied) for number in kept] + [ends[number] for number in own], starts)

    def as_json(self):
        return {"observers": [observer_json(observer, self.scope) for observer in self.all], "scope": self.scope,
                "excluded": self.excluded, "period": self.period}


def open_end(at):
    return None if at in (FOREVER, -FOREVER) else at


def observer_json(observer, scope):
    spans = sorted([(*span, state) for state in ("up", "down") for span in observer[state]])
    known = union(observer["up"], observer["down"])
    outages = []
    for own in observer["outages"]:
        holes = subtract([(own.began, own.ended)], known)
        outages.append({**{name: open_end(value) if isinstance(value, int) else value for name, value in own._asdict().items()},
                        "own_uplink": own.own_uplink, "holes": [[low, open_end(high)] for low, high in holes]})
    return {"name": observer["name"], "offset": observer["offset"], "starts": observer["starts"],
            "heartbeat": observer["heartbeat"], "spans": spans, "outages": outages,
            "unconfirmed": observer["unconfirmed"]}


def outage_json(own):
    is_open = own.ended == FOREVER
    return {"began": own.began, "confirmed": own.confirmed, "ended": open_end(own.ended), "lower": own.lower, "upper": own.upper,
            "end_lower": None if is_open else own.end_lower, "end_upper": None if is_open else own.end_upper,
            "holes": [[low, open_end(high)] for low, high in own.holes], "why": own.why, "found": own.found,
            "upstream": own.upstream, "decided_by": own.decided_by, "own_uplink": own.own_uplink}


def expected(world):
    book = oracle.merge(world.observers)
    scope = [tuple(world.scope)] if world.scope[0] < world.scope[1] else []
    return {"merged": [observer["name"] for observer, _ in oracle.merged_observers(world.observers)],
            "up": [list(span) for span in book["up"]], "down": [list(span) for span in book["down"]],
            "outages": [outage_json(own) for own in book["outages"]], "unconfirmed": book["unconfirmed"],
            "disagreements": [list(found) for found in oracle.disagreements(world.observers, scope)],
            "sums": oracle.figures(book, scope, world.excluded, tuple(world.period))}


def broken_promises(world, product):
    """What is wrong with an answer whatever the oracle says."""
    wrong = []
    merged = [observer for observer in world.observers if observer["name"] in product["merged"]]
    up, down = ([tuple(span) for span in product[side]] for side in ("up", "down"))
    unseen = total(subtract(up, union(*(observer["up"] for observer in merged))))
    if unseen:
        wrong.append(f"{unseen} ms up that nobody saw")
    lost = total(subtract(union(*(observer["up"] for observer in merged)), up))
    if lost:
        wrong.append(f"{lost} ms that somebody saw up are not up")
    known = union(up, down)
    for observer in world.all:
        if observer not in world.observers and (observer["offset"] is None or abs(observer["offset"]) <= oracle.SECOND):
            forgotten = total(subtract(union(observer["up"], observer["down"]), known))
            if forgotten:
                wrong.append(f"{forgotten} ms that {observer['name']} knew, who was left out, are unknown")
    scope = intersect([tuple(world.scope)], [tuple(world.period)])
    sums = product["sums"]
    counted = sum(sums[name] for name in ("up", "down", "excluded", "unknown")) if sums else 0
    if counted != total(scope):
        wrong.append(f"{counted} ms counted of {total(scope)}")
    if sums and not sums["down_min"] <= sums["down_mid"] <= sums["down_max"]:
        wrong.append("least, middle and greatest are not in order")
    if world.one_truth and sums and world.observers[0] is world.all[0]:  # whose clock is the truth's
        seen = intersect(subtract(scope, world.excluded), union(up, down))
        short = total(intersect(uncounted(world, product), seen))
        truly = total(intersect(world.truth, seen))
        begins = {start for start, _ in up}
        word = LONGEST_WORD * sum((own["ended"] not in begins) + len(own["holes"]) for own in product["outages"])
        if not sums["down_min"] - word <= truly <= sums["down_max"] + short:
            wrong.append(f"truly down {truly} ms, said {sums['down_min']} to {sums['down_max']}, short ones {short}")
    return wrong


def uncounted(world, product):
    """True cuts, or what is left of them beside silence, that were too short to be confirmed: they touch no outage."""
    near = union([(own["lower"] or own["began"], own["end_upper"] or FOREVER) for own in product["outages"]])
    return [cut for cut in world.truth for cut in subtract([cut], near)]


def main():
    options = seeds.parser("Random worlds of several observers through the merge and through the oracle.", worlds=1000).parse_args()
    if not options.binary:
        sys.exit("--binary")
    player = subprocess.Popen([options.binary.resolve().parent / "tests/merge_player"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)

    def differs(seed, folder):
        folder.mkdir(parents=True)
        world = World(seed)
        text = json.dumps(world.as_json(), ensure_ascii=False)
        player.stdin.write(text + "\n")
        player.stdin.flush()
        answer = player.stdout.readline()
        product, due = json.loads(answer) if answer else {}, json.loads(json.dumps(expected(world)))
        wrong = [f"{field}: changtong {product.get(field)}, oracle {due[field]}" for field in due if product.get(field) != due[field]]
        wrong += broken_promises(world, product) if answer else ["the player ended"]
        if wrong:
            (folder / "world.json").write_text(text)
            print(f"seed {seed}: kept in {folder}", *wrong, sep="\n  ", flush=True)
        return bool(wrong)

    return seeds.judge_each(options, differs, "differ")


if __name__ == "__main__":
    sys.exit(main())
