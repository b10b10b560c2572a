"""Where was it cut? Cuts of known kinds in a network of namespaces, and what the books say of each (issue 15, 5).

Kinds: our own uplink, a township's uplink, a carrier's core, a router in the middle, the link of a device, a device that
restarts, one that loses its power, a filter that drops pings. At least 95 % have to be named right, and no carrier may be
accused wrongly: neither may its core be blamed for what it was not, nor a link for a device's own fault.

Twenty cuts in ten worlds side by side; CHANGTONG_LONG=1 makes two hundred in twenty. One story is played once."""

import os
import pathlib
import random
import threading
import time
import unittest

from cut_world import ANCHORS, LINES, World, lines_below, row
from subject import Daemon
from truth import instant
from wan import inside

LONG = os.environ.get("CHANGTONG_LONG", "") not in ("", "0")
WORLDS, CUTS = (20, 10) if LONG else (10, 2)
RIGHT = 0.95
LEARNING = 14.0        # until usual paths are known
REST = 66.0            # a line is traced once a minute, after its recovery too
LASTS, AFTER = 11.0, 7.0
PLANS = 1000           # from which each world takes the shortest
CARRIERS = ("carrier", "middle", "access")  # what a carrier would be called out for

KINDS = {  # kind -> where it may happen
    "own_uplink": ["g"], "township": ["t1"], "carrier": ["ca"], "middle": ["ma1", "ma2", "mb1", "mb2"],
    "access": ["a11", "a12", "a21", "b11", "b12", "b21"], "restart": ["a13", "a22", "b13", "b22", "v1"],
    "power": ["a23", "b23", "v2", "a21"], "filter": ["b12", "a22", "b21", "v2"]}
DEVICE = ("restart", "power")


def expected(kind, where):
    """What must be found of each line that is down."""
    if kind in ("own_uplink", "filter"):
        return {}
    if kind in DEVICE:
        return {where: "restart"}
    name = {"township": "access"}.get(kind, kind)
    return {line: "upstream" if line.startswith("v") and where not in ("v1", "v2") else name for line in lines_below(where)}


def needed(kind, where):
    """The lines that must have rested: where nobody is down, nobody is traced."""
    return [] if kind == "own_uplink" else lines_below(where)


def takes(plan):
    """How long a plan lasts, nearly."""
    now, touched = 0.0, dict.fromkeys(LINES, 0.0)
    for kind, where in plan:
        now = max([now, *(touched[line] + REST for line in needed(kind, where))]) + LASTS + AFTER
        touched |= dict.fromkeys(needed(kind, where), now)
    return now


class Player(threading.Thread):
    """Plays one world, and keeps what it did."""

    def __init__(self, number, folder):
        super().__init__(daemon=True)
        self.dice, self.done, self.failed = random.Random(20261129 + number), [], None
        self.world = World(number)
        self.daemon = Daemon(folder / f"world-{number}", listen="127.0.0.1:8080")
        (self.daemon.folder / "community").write_text("laboratory-51c0\n")
        (self.daemon.folder / "community").chmod(0o600)
        self.daemon.configure([row(line) for line in LINES],
                              extra=f"anchors: [ {', '.join(ANCHORS)} ]\n"
                                    "credentials: { lab: { version: 2c, community_file: community } }\n",
                              defaults="interval: 1s, timeout: 500ms, fast_interval: 250ms")
        self.begin = time.time()

    def run(self):
        try:
            self.daemon.start(wrap=inside(self.world.ns("mon"), []), ready=0)
            time.sleep(LEARNING)
            self.touched = dict.fromkeys(LINES, time.time())
            for kind, where in self.plan():
                time.sleep(max([0.0, *(self.touched[line] + REST - time.time() for line in needed(kind, where))]))
                self.play(kind, where)
            time.sleep(3)
            self.exit_code = self.daemon.stop()
        except Exception as error:
            self.failed = error

    def plan(self):
        """All kinds as often, in an order of its own in each world: of many, one in which lines rest while others are cut."""
        order = list(KINDS)
        first = self.world.number * CUTS % len(order)
        kinds = [order[(first + k) % len(order)] for k in range(CUTS)]
        plans = []
        for _ in range(PLANS):
            self.dice.shuffle(kinds)
            plans.append([(kind, self.dice.choice(KINDS[kind])) for kind in kinds])
        return min(plans, key=takes)

    def play(self, kind, where):
        began = time.time()
        time.sleep(self.dice.random())
        if kind == "filter":
            self.world.filter_ping(where, True)
            time.sleep(LASTS)
            self.world.filter_ping(where, False)
        else:
            self.world.cut(where)
            time.sleep(LASTS + (4 if kind == "power" else 0))
            if kind in DEVICE:
                self.world.agents.restart(where)
                time.sleep(0.5)
            self.world.mend(where)
            if where == "g":
                self.world.own_route()
        time.sleep(AFTER)
        ended = time.time()
        self.touched |= dict.fromkeys(needed(kind, where), ended)
        self.done.append((kind, where, began, ended))

    def outages_in(self, begin, end):
        return [o for o in self.books if begin - 1 <= instant(o["began"]) <= end]


class WhereCut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.players = [Player(n, pathlib.Path(cls.folder)) for n in range(WORLDS)]
        for player in cls.players:
            cls.addClassCleanup(player.daemon.kill)
            player.start()
        for player in cls.players:
            player.join()
            if player.failed:
                raise player.failed
            player.books = player.daemon.outages(player.begin - 1)
        cls.judge()

    @classmethod
    def judge(cls):
        cls.right, cls.wrong, cls.accused, cls.all = 0, [], [], 0
        for player in cls.players:
            for kind, where, begin, end in player.done:
                found = {o["target"]: o for o in player.outages_in(begin, end)}
                names = {line: o["found"] for line, o in found.items()}
                wanted = expected(kind, where)
                cls.all += 1
                if names == wanted:
                    cls.right += 1
                else:
                    seen = {line: (o["found"], o["observed"], o["path"]) for line, o in found.items()}
                    cls.wrong.append(f"world {player.world.number}: {kind} at {where}: expected {wanted}, found {seen}")
                cls.accused += [f"{kind} at {where}: {line} is called {name}" for line, name in names.items()
                                if name in CARRIERS and name != wanted.get(line)]
        print(f"{cls.right} of {cls.all} cuts named right, {len(cls.accused)} lines of carriers accused wrongly")
        for text in cls.wrong:
            print("  " + text)

    def test_at_least_95_of_100_are_named_right(self):
        self.assertGreaterEqual(self.right / self.all, RIGHT, "\n".join(self.wrong))

    def test_no_carrier_is_accused_wrongly(self):
        self.assertEqual(self.accused, [])

    def test_what_was_found_is_told_with_what_was_seen(self):
        for player in self.players:
            for o in player.books:
                if o["found"] in CARRIERS:
                    self.assertTrue(o["observed"], o)
                if o["found"] in ("middle", "access"):
                    self.assertTrue(o["last_hop"] and o["path"].endswith(o["last_hop"]), o)

    def test_the_ledgers_are_whole(self):
        for player in self.players:
            code, out, err = player.daemon.verify()
            self.assertEqual(code, 0, out + err)
            self.assertEqual(player.exit_code, 0)


if __name__ == "__main__":
    unittest.main()
