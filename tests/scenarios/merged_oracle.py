"""The books of several observers, laid together a second time.

Written from the page of rules in daemon/observers/README.md alone, with sets of time instead of a sweep, so that two programs
written apart can be held against each other: merged_worlds.py (pieces) and merged_compare.py (whole ledgers) do that.

An observer here is a dict, in order of rank:
    name, offset (ms less the first one's clock; None: never compared)
    up, down       its sets of time
    outages        [Own], in order of beginning
    unconfirmed    [first instant of a run]
    starts         [(branch, instant)] of its journal, in order; heartbeat: the end of what it knows
Times are whole milliseconds; FOREVER stands for an open end, None for a missing lower bound.
"""

import collections

from books_oracle import FOREVER, first_at_or_after, holds, intersect, subtract, total, union

SECOND, TOGETHER, LONG = 1000, 10_000, 30_000

# An observer's own outage: `lower`..`upper` bound its beginning, `end_lower`..`end_upper` its end; ended FOREVER: open.
Own = collections.namedtuple("Own", "began confirmed ended lower upper end_lower end_upper why found upstream decided_by "
                                    "own_uplink")


class Outage:
    """A merged one: its down time and holes, and all that the page says of it."""


def observing(observers):
    """Those that are not but the beginning of another."""
    return [observer for rank, observer in enumerate(observers) if not is_beginning(rank, observers)]


def is_beginning(rank, observers):
    """Of the first that has its last branch, and had no later start there while it was still heard of."""
    own = observers[rank]
    last, heard = own["starts"][-1][0], own["heartbeat"]
    for place, other in enumerate(observers):
        branches = [branch for branch, _ in other["starts"]]
        if place == rank or last not in branches:
            continue
        later = other["starts"][branches.index(last) + 1:]
        if later and heard > later[0][1] or not later and (other["heartbeat"], -place) < (heard, -rank):
            continue
        known = [min(end, heard) for begin, end in own["up"] + own["down"] if begin < heard]
        return not known or knows(other, max(known) - 1)
    return False


def knows(observer, at):
    return holds(observer["up"], at) or holds(observer["down"], at)


def is_merged(observer, rank):
    return rank == 0 or observer["offset"] is None or abs(observer["offset"]) <= SECOND


def width(observer, rank):
    if rank == 0:
        return 0
    return SECOND if observer["offset"] is None else abs(observer["offset"])


def merged_observers(observers):
    """[(observer, width)] of those that are merged, in order of rank."""
    return [(observer, width(observer, rank)) for rank, observer in enumerate(observers) if is_merged(observer, rank)]


def merge(observers):
    """{"up", "down": sets of time, "outages": [Outage], "unconfirmed": [instant]}."""
    merged = merged_observers(observers)
    up = union(*(observer["up"] for observer, _ in merged))
    down = subtract(union(*(observer["down"] for observer, _ in merged)), up)
    return {"up": up, "down": down, "outages": [outage(stretch, up, merged) for stretch in stretches(up, down)],
            "unconfirmed": runs_that_count(up, down, merged)}


def stretches(up, down):
    """Longest stretches of down time with no up inside: lists of spans."""
    found = []
    for span in down:
        if found and first_at_or_after(up, found[-1][-1][1]) >= span[0]:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def over(observer, at):
    """The observer's own outage over an instant at which it says down."""
    if not holds(observer["down"], at):
        return None
    return next(own for own in observer["outages"] if own.began <= at < own.ended)


def outage(stretch, up, merged):
    out = Outage()
    out.down, m, e = stretch, stretch[0][0], stretch[-1][1]
    g = first_at_or_after(up, e)
    out.began, out.ended = m, e if g < FOREVER else FOREVER
    out.holes = subtract([(m, e)], stretch) + ([] if g < FOREVER else [(e, FOREVER)])

    first = [(observer, w, over(observer, m)) for observer, w in merged if over(observer, m)]
    part = [(observer, w, own) for observer, w in merged for own in observer["outages"]
            if intersect(intersect(observer["down"], [(own.began, own.ended)]), stretch)]
    out.upper = max(m, min(own.upper + w for _, w, own in first))
    lowest = [own.lower - w for _, w, own in first if own.lower is not None]
    for observer, w in merged:
        if not over(observer, m):
            lowest += [max(start for start, _ in observer["up"] if start < m) - w] if \
                any(start < m for start, _ in observer["up"]) else []
    out.lower = min(m, max(lowest)) if lowest else None

    last = [(w, over(observer, e - 1)) for observer, w in merged if over(observer, e - 1)]
    seen = [own.end_lower - w for w, own in last if own.end_lower < own.ended < FOREVER]
    out.end_lower = min(e, max(seen)) if seen else e - min(w for w, _ in last)
    uppers = [own.end_upper + w for _, w, own in part if own.ended < FOREVER and own.end_upper + w >= g]
    out.end_upper = min(uppers, default=g)

    out.confirmed = max(m, max(own.confirmed for _, _, own in first))
    out.why = first[0][2].why
    out.found, out.upstream = next(((own.found, own.upstream) for _, _, own in part if own.found != "none"), ("none", ""))
    words = [f"{check}@{observer['name']}" for observer, _, own in part for check in own.decided_by.split()]
    out.decided_by = " ".join(dict.fromkeys(words))
    out.own_uplink = all(own.own_uplink for _, _, own in first)
    return out


def runs_that_count(up, down, merged):
    runs = sorted((at, rank) for rank, (observer, _) in enumerate(merged) for at in observer["unconfirmed"])
    taken, counted = set(), []
    for number, (at, rank) in enumerate(runs):
        if number in taken:
            continue
        taken.add(number)
        seen_by = {rank}
        for other in range(number + 1, len(runs)):
            if other not in taken and runs[other][1] not in seen_by and runs[other][0] <= at + TOGETHER:
                taken.add(other)
                seen_by.add(runs[other][1])
        if holds(down, at) or any(holds(observer["up"], at) for place, (observer, _) in enumerate(merged)
                                  if place not in seen_by):
            continue
        counted.append(at)
    return counted


def disagreements(observers, scope):
    """[(from, to, [who said up], [who said down])]."""
    merged = merged_observers(observers)
    both = intersect(union(*(observer["up"] for observer, _ in merged)), union(*(observer["down"] for observer, _ in merged)))
    found = []
    for start, end in intersect(both, scope):
        if end - start > LONG:
            found.append((start, end, *([observer["name"] for observer, _ in merged if intersect(observer[side], [(start, end)])]
                                        for side in ("up", "down"))))
    return found


def three_reaches(merged_outage):
    """Rule 9: its least, middle and greatest stretch of down time."""
    lower = merged_outage.lower
    begins = (merged_outage.upper, merged_outage.began, merged_outage.began) if lower is None else \
        (merged_outage.upper, (lower + merged_outage.upper) // 2, lower)
    if merged_outage.ended == FOREVER:
        ends = (FOREVER, FOREVER, FOREVER)
    else:
        ends = (merged_outage.end_lower, (merged_outage.end_lower + merged_outage.end_upper) // 2, merged_outage.end_upper)
    return [[span] if span[0] < span[1] else [] for span in zip(begins, ends)]


def figures(book, scope, excluded, period):
    """The sums of rule 8 over a merged book: {name: ms or count}; None out of scope."""
    scope = intersect(scope, [period])
    if not scope:
        return None
    excluded = intersect(excluded, scope)
    rest = subtract(scope, excluded)
    seen = union(book["up"], book["down"])
    out = {"up": total(intersect(book["up"], rest)), "down": total(intersect(book["down"], rest)), "excluded": total(excluded)}
    out["unknown"] = total(rest) - out["up"] - out["down"]
    for name, which in (("down_min", 0), ("down_mid", 1), ("down_max", 2)):
        reach = union(*(subtract(three_reaches(own)[which], own.holes) for own in book["outages"]))
        out[name] = total(intersect(intersect(reach, seen), rest))
    out["outages"] = sum(1 for own in book["outages"] if intersect(own.down, rest))
    out["unconfirmed"] = sum(1 for at in book["unconfirmed"] if holds(scope, at))
    return out
