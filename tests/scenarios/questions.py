"""Which questions a monitor asks when, given what it is answered: chapter 4 of the design and the last sentences of rules
7 and 10, played under virtual time. It believes nothing and keeps no books; worlds.py and known_truth.py decide what the
answers are, and write the samples as a trace.

A check is asked at its interval with 10 % of jitter. From its first bad sample it is asked at the fast interval, for at
most ten minutes, until enough good ones came (then at least every 10 s); the other checks of its target are asked at once
and then as fast if it leads. Every bad sample that becomes known asks every anchor at once, and anchors are asked fast as
long as any check is. A question that would go out within COALESCED of the last one is that one.

Times are whole milliseconds on one clock.
"""

import heapq
import itertools

TEN_MINUTES, AT_LEAST_EVERY, COALESCED = 600_000, 10_000, 10
GOOD, BAD = "good", "bad"


class Check:
    """One check of a target, and how it is being asked."""

    def __init__(self, target, kind, interval, fast, timeout, down_after=3, up_after=2, leads=True):
        self.target, self.kind, self.interval, self.timeout, self.leads = target, kind, interval, timeout, leads
        self.fast, self.down_after, self.up_after = min(fast, interval), down_after, up_after
        self.is_anchor = target.startswith("anchor")
        self.begin, self.end = None, None  # asked in [begin, end); None: the whole time
        self.last_sent, self.turn = -1 << 60, 0
        self.troubled_since, self.bads, self.goods = None, 0, 0


class Questions:
    """play() gives the samples in order of sending: (at, check, outcome, lasted, more) with what `answer` said."""

    def __init__(self, checks, answer, rng, start, end):
        self.checks, self.answer, self.rng, self.start, self.end = checks, answer, rng, start, end
        self.anchors = [check for check in checks if check.is_anchor]
        self.of_target = {}
        for check in checks:
            self.of_target.setdefault(check.target, []).append(check)
        self.heap, self.number, self.samples = [], itertools.count(), []
        self.troubled = set()

    def play(self):
        for check in self.checks:
            first = max(check.begin or self.start, self.start)
            self.schedule(check, first + int(self.rng.random() * check.interval))
        while self.heap and self.heap[0][0] < self.end:
            now, _, act, check, word = heapq.heappop(self.heap)
            act(check, word, now)
        return self.samples

    def later(self, at, act, check, word):
        heapq.heappush(self.heap, (at, next(self.number), act, check, word))

    def schedule(self, check, at):
        check.turn += 1
        self.later(at, self.due, check, check.turn)

    def due(self, check, turn, now):
        if turn == check.turn:
            self.ask(check, now)

    def ask(self, check, now):
        """Sends a question now, and sets the next one."""
        if check.end is not None and now >= check.end:
            return
        if now - check.last_sent >= COALESCED and (check.begin is None or now >= check.begin):
            check.last_sent = now
            outcome, lasted, more = self.answer(check, now)
            self.samples.append((now, check, outcome, lasted, more))
            self.later(now + int(lasted), self.known, check, outcome)
        self.schedule(check, now + self.gap(check, now))

    def gap(self, check, now):
        regular = int(check.interval * self.rng.uniform(0.9, 1.1))
        if check.is_anchor:
            return check.fast if self.troubled else regular
        since = [other.troubled_since for other in self.of_target[check.target]
                 if other.troubled_since is not None and (other is check or other.leads)]
        if not since:
            return regular
        return check.fast if now - max(since) < TEN_MINUTES else min(regular, AT_LEAST_EVERY)

    def hurry(self, check, now):
        """The next question at the fast interval after the last one, if that is sooner."""
        self.schedule(check, max(now, check.last_sent + check.fast))

    def known(self, check, outcome, now):
        if check.is_anchor:
            return
        if outcome == BAD:
            self.known_bad(check, now)
        elif outcome == GOOD and check.troubled_since is not None:
            check.goods += 1
            if check.goods >= (check.up_after if check.bads >= check.down_after else 1):
                check.troubled_since, check.bads, check.goods = None, 0, 0
                self.troubled.discard(check)

    def known_bad(self, check, now):
        check.bads, check.goods = check.bads + 1, 0
        if check.troubled_since is None:
            check.troubled_since = now
            self.troubled.add(check)
            self.hurry(check, now)
            for other in self.of_target[check.target] if check.leads else []:
                if other is not check:
                    self.ask(other, now)
        for anchor in self.anchors:
            self.ask(anchor, now)
