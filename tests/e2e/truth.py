"""What really happened, and whether an outage in the books says so."""

import dataclasses
import datetime
import time

SLACK = 0.002  # labels are whole milliseconds, rounded down; a packet needs a moment to reach the break


@dataclasses.dataclass
class Moment:
    """Something happened between two readings of the wall clock."""
    before: float
    after: float


@dataclasses.dataclass
class Break:
    """A true outage of one target; `up` is None while it lasts."""
    target: str
    down: Moment
    up: Moment | None = None


def at(action):
    before = time.time()
    action()
    return Moment(before, time.time())


def instant(value):
    """Seconds since 1970 of a time in the books (ISO 8601, or milliseconds); None stays None."""
    if value in (None, ""):
        return None
    if isinstance(value, (int, float)):
        return value / 1000.0
    return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds")


def bracket_holds(after, until, moment):
    """Whether (after, until] and the moment have time in common; without a lower end the bracket begins with time."""
    lower = instant(after)
    upper = instant(until)
    return upper is not None and (lower is None or lower < moment.after + SLACK) and upper >= moment.before - SLACK


def complaint(outage, true):
    """None if the outage in the books is the true one, else what is wrong with it."""
    wrong = []
    if not bracket_holds(outage["began_after"], outage["began_until"], true.down):
        wrong.append(f"began in ({outage['began_after']}, {outage['began_until']}], "
                     f"true {iso(true.down.before)} … {iso(true.down.after)}")
    if true.up is None:
        if outage.get("ended"):
            wrong.append(f"ended at {outage['ended']}, truly still down")
    elif not outage.get("ended"):
        wrong.append("is still open in the books")
    elif not bracket_holds(outage["ended_after"], outage["ended_until"], true.up):
        wrong.append(f"ended in ({outage['ended_after']}, {outage['ended_until']}], "
                     f"true {iso(true.up.before)} … {iso(true.up.after)}")
    return f"{true.target}: " + "; ".join(wrong) if wrong else None
