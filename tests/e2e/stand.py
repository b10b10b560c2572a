"""One receiver of messages, played: what arrives, what is taken, how it misbehaves. robots.py says what each kind does."""

import collections
import dataclasses
import json
import threading
import time


@dataclasses.dataclass
class Arrival:
    at: float                 # time.time()
    path: str                 # with the query
    headers: dict             # names in lower case
    body: bytes
    way: str = ""             # how we misbehaved; "": not at all
    taken: bool = False       # a person sees it
    text: str = ""            # what that person reads
    to: list = dataclasses.field(default_factory=list)  # who is called by name: telephone numbers, ids
    fields: dict = dataclasses.field(default_factory=dict)  # of the body
    answer: str = ""


class Refusal(Exception):
    """`says`: the answer's body; a violation unless the rules foresee it in good practice."""

    def __init__(self, why, says, status=200):
        super().__init__(why)
        self.says, self.status = says, status


class Window:
    """How many there were within the last seconds."""

    def __init__(self, most, seconds):
        self.most, self.seconds, self.times = most, seconds, collections.deque()

    def full(self, now):
        """Counts this one."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        self.times.append(now)
        return len(self.times) > self.most


class Stand:
    """One receiver. `minute`: seconds of what the rules call one, for tests that cannot wait."""
    path, wanted = "/", "application/json"

    def __init__(self, minute=60.0):
        self.minute, self.arrived, self.violations, self.url = minute, [], [], ""
        self.elsewhere, self.late = "", 5.0
        self._way, self._times, self._until = "", 0, 0.0
        self._news = threading.Condition()

    # what tests ask

    @property
    def taken(self):
        with self._news:
            return [a for a in self.arrived if a.taken]

    @property
    def texts(self):
        return [a.text for a in self.taken]

    def wait_for(self, count, seconds, what="taken"):
        """Waits until so many have been taken (or arrived); returns them."""
        with self._news:
            ready = self._news.wait_for(
                lambda: sum(a.taken or what == "arrived" for a in self.arrived) >= count, seconds)
            if not ready:
                raise AssertionError(f"{type(self).__name__}: after {seconds} s {count} wanted, there is "
                                     f"{[(a.way, a.taken, a.text[:60], a.answer[:80]) for a in self.arrived]}")
            return [a for a in self.arrived if a.taken or what == "arrived"]

    def misbehave(self, way, times=None, seconds=None, elsewhere=None, late=None):
        with self._news:
            self._way = way
            self._times = times if times is not None else -1
            self._until = time.monotonic() + seconds if seconds is not None else float("inf")
            self.elsewhere = self.elsewhere if elsewhere is None else elsewhere
            self.late = self.late if late is None else late

    def behave(self):
        self.misbehave("", 0)

    # what a kind says

    def judge(self, arrival, query):
        """Fills text, to, fields; raises Refusal. What it returns is the answer of one who has taken it."""
        raise NotImplementedError

    def limit_answer(self):
        return Refusal("throttled", "too many requests", 429)

    # what the server does

    def way_now(self):
        with self._news:
            if not self._way or self._times == 0 or time.monotonic() >= self._until:
                return ""
            self._times -= 1 if self._times > 0 else 0
            return self._way

    def receive(self, arrival, query):
        """The status and the body of the answer."""
        arrival.way = self.way_now()
        status, says = 200, ""
        try:
            if arrival.way in ("", "lost", "late"):
                says = self.judge(arrival, query)
                arrival.taken = True
            elif arrival.way == "throttle":
                raise self.limit_answer()
            else:
                self.peek(arrival, query)
        except Refusal as refusal:
            status, says = refusal.status, refusal.says
            if arrival.way != "throttle":
                with self._news:
                    self.violations.append(f"{refusal}: {arrival.path} {arrival.body[:200]!r}")
        arrival.answer = says
        with self._news:
            self.arrived.append(arrival)
            self._news.notify_all()
        return status, says

    def peek(self, arrival, query):
        """What it would have been, for the record."""
        try:
            self.judge(arrival, query)
        except Refusal:
            pass

    def object_of(self, arrival, bad):
        """The JSON object of the body; `bad` makes the answer to what is none."""
        kind = arrival.headers.get("content-type", "")
        if kind.split(";")[0].strip().lower() != "application/json":
            raise Refusal(f"content type {kind!r}", bad("content type"))
        try:
            found = json.loads(arrival.body.decode("utf-8"))
        except ValueError as error:
            raise Refusal(f"no JSON in UTF-8: {error}", bad("json")) from error
        if not isinstance(found, dict) or "\ufffd" in arrival.body.decode("utf-8"):
            raise Refusal("no object, or half a character in it", bad("json"))
        arrival.fields = found
        return found
