"""Our own uplink is nobody's outage, and a real outage is booked all the same (rules 7 and 10), on real packets.

The monitor looks at the WAN through one link. That link is cut again and again while everything behind it lives; before
and after, single lines are cut for real. Two daemons look on: one with two living anchors, and one with everything by
default whose first anchor never answered. One story is played once (setUpClass); each case looks at it from one side.

CHANGTONG_LONG=1 cuts the uplink more than twenty times, up to a minute, instead of four times."""

import contextlib
import dataclasses
import json
import os
import random
import sqlite3
import threading
import time
import unittest

import peers
import truth
from subject import Daemon
from truth import Break, at
from wan import Wan, ip

LONG = os.environ.get("CHANGTONG_LONG", "") not in ("", "0")
CUTS = ([0.5, 0.7, 1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60] if LONG else [0.5, 1, 2, 5])

# A good sample speaks for 1.5 intervals of its check (rule 1): so much of a cut may be up, by an agent's word too.
INTERVAL, SPEAKS, AGENT_SPEAKS = 1.0, 1.5, 3.0
# From the cut to the display: an interval until the next question, its timeout, and turns of the daemon and of ours.
# The first daemon waits half a second for an answer, the second one a second, which is the default.
SHOWN_AFTER = 2.5, 3.0
# A real outage is certain after two fast questions more, and the timeout of the last one.
CERTAIN_AFTER = 3.0


class Uplink(Wan):
    """h1 holds the anchors, h2 the lines, each at an address of its own; r0 is where packets of the monitor come in.

    What vanishes does so in the router, without a word: rules and routes that drop need no packet filter."""

    ANCHORS, DEAD_ANCHOR = ["10.77.1.2", "10.77.1.3"], "10.77.1.99"

    def __init__(self):
        super().__init__(hosts=2)
        self.add_address(1, self.ANCHORS[1])
        ip("route", "add", "blackhole", self.DEAD_ANCHOR, ns="router")

    @staticmethod
    def line_address(n):
        return f"10.77.2.{10 + n}"

    @staticmethod
    def add_address(host, address):
        ip("address", "add", f"{address}/24", "dev", "eth0", ns=f"h{host}")

    # Two ways to lose an uplink whose link stays up: nothing gets through the gateway, or the gateway is gone, which
    # does not even answer who has its address.
    def nothing_gets_through(self, broken):
        ip("rule", "add" if broken else "del", "pref", "1", "iif", "r0", "blackhole", ns="router")

    def gateway_is_gone(self, broken):
        ip("route", "add" if broken else "del", "blackhole", "10.77.0.2/32", ns="router")

    def cut_address(self, address, broken):
        ip("route", "add" if broken else "del", "blackhole", f"{address}/32", ns="router")

    def filter_ping(self, address, filtered):
        ip("rule", "add" if filtered else "del", "pref", "2", "iif", "r0", "to", f"{address}/32", "ipproto", "icmp",
           "blackhole", ns="router")


class Witness(threading.Thread):
    """Reads a daemon's metrics page again and again, as Prometheus would, only faster."""

    @dataclasses.dataclass
    class Look:
        asked: float
        answered: float
        silent: float
        taken_out: float
        up: dict    # by line; a line that is not in it is unknown
        open: dict  # by line

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.subject, self.looks, self.ended, self.failed = daemon, [], threading.Event(), None

    def run(self):
        while not self.ended.wait(0.05):
            try:
                self.looks.append(self.look())
            except Exception as error:  # one that cannot look must not look like one that saw nothing
                self.failed = error
                return

    def look(self):
        asked = time.time()
        page = self.subject.metrics()
        answered = time.time()

        def single(name):
            return next((v for (n, _), v in page.items() if n == name), None)

        def by_line(name):
            return {dict(labels)["line"]: v for (n, labels), v in page.items() if n == name}

        return self.Look(asked, answered, single("changtong_own_uplink_silent"),
                         single("changtong_own_uplink_samples_total"), by_line("changtong_line_up"),
                         by_line("changtong_line_outage_open"))

    def end(self):
        self.ended.set()
        self.join(timeout=20)
        if self.failed:
            raise self.failed

    def within(self, begin, end):
        """Looks that were taken wholly inside."""
        return [look for look in self.looks if look.asked >= begin and look.answered <= end]


def duration(cut):
    return cut.up.before - cut.down.after


class OwnUplink(unittest.TestCase):
    LINES = [f"L{n:02}" for n in range(1, 13)]
    PINGED = "L08"  # has an agent too; its pings are filtered
    REAL, CERTAIN, TOO_LATE = "L05", "L06", "L07"
    OTHERS = [f"M{n}" for n in range(1, 5)]

    @classmethod
    def setUpClass(cls):
        cls.true, cls.cuts, cls.dice = {}, [], random.Random(20261110)
        cls.build()
        cls.begin = time.time()
        for daemon in cls.both:
            daemon.start()
            cls.addClassCleanup(daemon.kill)
        cls.daemon.wait_up(*cls.LINES)
        cls.lame.wait_up(*cls.OTHERS)
        cls.witnesses = [Witness(daemon) for daemon in cls.both]
        for witness in cls.witnesses:
            witness.start()
        time.sleep(3)
        cls.play()
        cls.witnesses[0].end()
        cls.anchors_up = {a: cls.lame.metric("changtong_anchor_up", anchor=a) for a in ("anchor-1", "anchor-2")}
        cls.exit_codes = [daemon.stop() for daemon in cls.both]
        cls.end = time.time()
        cls.books = cls.daemon.outages(cls.begin - 1, cls.end)
        cls.tell()

    @classmethod
    def build(cls):
        cls.wan = wan = Uplink()
        addresses = {line: wan.line_address(n) for n, line in enumerate([*cls.LINES, *cls.OTHERS], 1)}
        for address in addresses.values():
            wan.add_address(2, address)
        cls.addresses = addresses
        cls.agent = peers.Snmpd("h2", addresses[cls.PINGED], "laboratory-51c0", cls.folder / "snmpd")
        cls.daemon = Daemon(cls.folder / "daemon", listen="127.0.0.1:8301")
        (cls.daemon.folder / "community").write_text("laboratory-51c0\n")
        (cls.daemon.folder / "community").chmod(0o600)
        more = {cls.PINGED: "icmp snmp:credential=lab,interval=2s,timeout=500ms"}
        cls.daemon.configure(
            [{"id": line, "address": addresses[line], "checks": more.get(line, "icmp")} for line in cls.LINES],
            extra=f"anchors: [ {', '.join(wan.ANCHORS)} ]\n"
                  "credentials: { lab: { version: 2c, community_file: community } }\n",
            defaults="interval: 1s, timeout: 500ms, fast_interval: 250ms")
        cls.lame = Daemon(cls.folder / "lame", listen="127.0.0.1:8302")
        cls.lame.configure([{"id": line, "address": addresses[line], "checks": "icmp"} for line in cls.OTHERS],
                           extra=f"anchors: [ {wan.DEAD_ANCHOR}, {wan.ANCHORS[0]} ]\n",
                           defaults="interval: 1s, timeout: 1s")
        cls.both = [cls.daemon, cls.lame]

    @classmethod
    def break_line(cls, line):
        cls.true[line] = Break(line, at(lambda: cls.wan.cut_address(cls.addresses[line], True)))

    @classmethod
    def mend_line(cls, line):
        cls.true[line].up = at(lambda: cls.wan.cut_address(cls.addresses[line], False))

    @classmethod
    def cut_uplink(cls, seconds, way, meanwhile=lambda: None):
        cut = Break("uplink", at(lambda: way(True)))
        time.sleep(seconds)
        meanwhile()
        cut.up = at(lambda: way(False))
        return cut

    @classmethod
    def play(cls):
        cls.ping_filtered_and_a_real_outage_beside_it()
        time.sleep(2)
        cls.calm_until = time.time()
        ways = (cls.wan.nothing_gets_through, cls.wan.gateway_is_gone)
        for n, seconds in enumerate(CUTS):
            cls.cuts.append(cls.cut_uplink(seconds, ways[n % 2]))
            cls.daemon.wait_up(*cls.LINES)
            cls.lame.wait_up(*cls.OTHERS)
            time.sleep(1.5 + cls.dice.random())  # so that the next one meets the questions elsewhere
        cls.cuts_until = time.time()
        time.sleep(SPEAKS)  # the bracket of what comes now must not reach back
        cls.a_real_outage_before_our_own()

    @classmethod
    def ping_filtered_and_a_real_outage_beside_it(cls):
        address = cls.addresses[cls.PINGED]
        filtered = at(lambda: cls.wan.filter_ping(address, True))
        time.sleep(2)
        cls.break_line(cls.REAL)
        time.sleep(4)
        cls.mend_line(cls.REAL)
        time.sleep(max(0.0, filtered.after + 10 - time.time()))
        cls.filtered = filtered
        cls.while_filtered = cls.as_filtered()
        cls.break_line(cls.PINGED)
        time.sleep(5)
        cls.mend_line(cls.PINGED)
        cls.daemon.wait_up(cls.PINGED)
        cls.agent_answered = cls.daemon.metric("changtong_samples_total", kind="snmp", outcome="good")
        cls.wan.filter_ping(address, False)
        cls.daemon.wait_up(*cls.LINES)
        peers.wait_for(lambda: cls.daemon.json(f"/api/v1/lines/{cls.PINGED}")["cause"] == "none", 30, "ping is answered again")

    @classmethod
    def as_filtered(cls):
        """The line as its page shows it. Its one answering probe may be a moment late on a busy machine, and then the line is
        unknown for that moment and rightly so: the page is looked at until the next answer can have come."""
        until = time.time() + 3 * INTERVAL
        while True:
            shown = cls.daemon.json(f"/api/v1/lines/{cls.PINGED}")
            if shown["state"] != "unknown" or time.time() > until:
                return shown
            time.sleep(INTERVAL / 5)

    @classmethod
    def a_real_outage_before_our_own(cls):
        """CERTAIN is known to be down when the uplink goes; of TOO_LATE no question has timed out by then. The second daemon
        is started anew in that cut: no anchor has ever answered it."""
        cls.witnesses[1].end()
        cls.break_line(cls.CERTAIN)
        cls.daemon.wait_down(cls.CERTAIN)
        cls.break_line(cls.TOO_LATE)
        time.sleep(0.3)
        cls.last_cut = cls.cut_uplink(2, cls.wan.nothing_gets_through, meanwhile=cls.start_anew)
        time.sleep(4)
        cls.mend_line(cls.CERTAIN)
        cls.mend_line(cls.TOO_LATE)
        cls.daemon.wait_up(*cls.LINES)
        cls.lame.wait_up(*cls.OTHERS)
        time.sleep(2)

    @classmethod
    def start_anew(cls):
        cls.first_exit = cls.lame.stop()
        cls.lame.start()
        time.sleep(2)
        cls.shown_anew = cls.lame.metrics()

    @classmethod
    def tell(cls):
        """The measured figures, into the log."""
        print(f"own uplink cut {len(cls.cuts) + 1} times, {min(CUTS)} to {max(CUTS)} s")
        for name, daemon, witness in zip(("two anchors", "first anchor dead"), cls.both, cls.witnesses):
            print(f"{name}: {witness.looks[-1].taken_out:.0f} samples taken out, {len(witness.looks)} looks at the page")
            for cut in cls.cuts + [cls.last_cut] * (daemon is cls.daemon):
                rows = daemon.availability(cut.down.after, cut.up.before).values()
                unknown = sorted(row["unknown_s"] for row in rows)
                looks, count = witness.within(cut.down.after, cut.up.before), len(unknown)
                silent = [f"{look.answered - cut.down.after:.2f} s" for look in looks if look.silent == 1]
                blind = [f"{look.answered - cut.down.after:.2f} s" for look in looks if not look.up]
                print(f"  cut of {duration(cut):5.2f} s: {unknown[0]:.2f} … {unknown[-1]:.2f} s of it unknown, {count} lines; silent "
                      f"after {(silent or ['-'])[0]}, no line up after {(blind or ['-'])[0]}")
        for o in cls.books:
            print(f"{o['target']}: began {o['began']} confirmed {o['confirmed']} ended {o['ended']} down {o['down_s']} "
                  f"unknown {o['unknown_s']} after_own_uplink {o['after_own_uplink']} by {o['decided_by']}", flush=True)

    def one_outage_of(self, target):
        mine = [o for o in self.books if o["target"] == target]
        self.assertEqual(len(mine), 1, mine)
        return mine[0]

    def the_true_one(self, target):
        outage = self.one_outage_of(target)
        self.assertIsNone(truth.complaint(outage, self.true[target]))
        return outage

    def each_daemon(self):
        """(daemon, its lines, what was seen on its page, seconds until it must show a cut)"""
        return zip(self.both, (self.LINES, self.OTHERS), self.witnesses, SHOWN_AFTER)

    # 1 and 5: the cuts of our own uplink.

    def test_the_uplink_was_cut_and_samples_were_taken_out(self):
        self.assertGreaterEqual(len(self.cuts), 20 if LONG else 4)
        for _, _, witness, _ in self.each_daemon():
            self.assertGreater(witness.looks[-1].taken_out, 0)
            self.assertEqual(witness.within(self.begin, self.calm_until)[-1].taken_out, 0, "before the first cut")

    def test_no_cut_of_our_own_uplink_is_an_outage(self):
        for daemon, *_ in self.each_daemon():
            with self.subTest(daemon=daemon.folder.name):
                self.assertEqual(daemon.outages(self.calm_until, self.cuts_until), [])

    def test_no_line_has_down_time_by_it(self):
        for daemon, lines, *_ in self.each_daemon():
            rows = daemon.availability(self.calm_until, self.cuts_until)
            self.assertEqual(set(rows), set(lines))
            for key, row in rows.items():
                with self.subTest(line=key):
                    self.assertEqual((row["down_s"], row["outages"]), (0, 0))
                    self.assertEqual(row["down_max_s"], 0)

    def test_the_time_of_the_cuts_is_unknown(self):
        for daemon, lines, *_ in self.each_daemon():
            for cut in self.cuts:
                for speaks, mine in ((SPEAKS, set(lines) - {self.PINGED}), (AGENT_SPEAKS, {self.PINGED} & set(lines))):
                    if duration(cut) < speaks + 0.3:
                        continue
                    begin, end = cut.down.after + speaks, cut.up.before
                    rows = daemon.availability(begin, end)
                    self.assertEqual(set(rows), set(lines))
                    for key in mine:
                        with self.subTest(line=key, seconds=duration(cut)):
                            self.assertEqual((rows[key]["up_s"], rows[key]["down_s"]), (0, 0))
                            self.assertAlmostEqual(rows[key]["unknown_s"], end - begin, delta=0.002)

    def test_little_more_than_the_cuts_is_unknown(self):
        cut_s = sum(cut.up.after - cut.down.before for cut in self.cuts)
        for daemon, *_ in self.each_daemon():
            for key, row in daemon.availability(self.calm_until, self.cuts_until).items():
                with self.subTest(line=key):
                    self.assertLess(row["unknown_s"], cut_s + 2.5 * len(self.cuts))

    def test_the_page_says_that_it_is_us_and_that_lines_are_unknown(self):
        for _, lines, witness, shown_after in self.each_daemon():
            for cut in self.cuts:
                if duration(cut) < shown_after + 0.4:
                    continue
                with self.subTest(lines=len(lines), seconds=duration(cut)):
                    looks = witness.within(cut.down.after + shown_after, cut.up.before)
                    self.assertGreater(len(looks), 0)
                    self.assertEqual({look.silent for look in looks}, {1})
                    self.assertEqual([look.up for look in looks if look.up], [])

    def test_the_silence_ends_with_the_cut(self):
        for _, _, witness, _ in self.each_daemon():
            for cut, following in zip(self.cuts, [c.down.before for c in self.cuts[1:]] + [self.cuts_until]):
                with self.subTest(seconds=duration(cut)):
                    self.assertEqual(witness.within(cut.up.after, following)[-1].silent, 0)

    def test_nobody_was_shown_as_down_or_in_an_outage(self):
        for _, lines, witness, _ in self.each_daemon():
            looks = witness.within(self.calm_until, self.cuts_until)
            for look in looks:
                self.assertEqual(set(look.open), set(lines))
                self.assertEqual(set(look.open.values()), {0})
                self.assertNotIn(0, look.up.values())

    def test_nobody_was_announced_for_it(self):
        self.assertNotIn(" 断 ", self.lame.log.read_text())
        log = self.daemon.log.read_text()
        for line in set(self.LINES) - {self.REAL, self.PINGED, self.CERTAIN, self.TOO_LATE}:
            self.assertNotIn(f" 断 {line} ", log)

    def test_one_dead_anchor_changes_nothing_and_is_shown(self):
        self.assertEqual(self.anchors_up, {"anchor-1": 0, "anchor-2": 1})
        self.assertEqual(self.lame.outages(self.begin - 1, self.end), [])
        for key, row in self.lame.availability(self.begin - 1, self.end).items():
            with self.subTest(line=key):
                self.assertEqual(row["down_s"], 0)

    def test_a_start_while_the_uplink_is_cut_blames_nobody(self):
        self.assertEqual(self.first_exit, 0)
        self.assertNotIn(0, {v for (name, _), v in self.shown_anew.items() if name == "changtong_line_up"})
        self.assertEqual(self.lame.outages(self.cuts_until, self.end), [])
        for key, row in self.lame.availability(self.last_cut.down.after + SPEAKS, self.last_cut.up.before).items():
            with self.subTest(line=key):
                self.assertEqual((row["up_s"], row["down_s"]), (0, 0))

    # 2: a real outage in the middle of normal life.

    def test_a_real_outage_beside_living_lines_is_booked_without_delay(self):
        outage = self.the_true_one(self.REAL)
        self.assertLess(truth.instant(outage["confirmed"]) - truth.instant(outage["began"]), CERTAIN_AFTER)
        self.assertIs(outage["after_own_uplink"], False)

    # 3: a real outage that begins before our own cut and goes on.

    def test_an_outage_that_was_certain_before_our_cut_is_one_with_an_unknown_hole(self):
        outage = self.the_true_one(self.CERTAIN)
        true, cut = self.true[self.CERTAIN], self.last_cut
        before = self.daemon.availability(true.down.before, cut.down.before)[self.CERTAIN]
        self.assertGreater(before["down_s"], 0.2)
        hole = self.daemon.availability(cut.down.after + SPEAKS, cut.up.before)[self.CERTAIN]
        self.assertEqual((hole["up_s"], hole["down_s"]), (0, 0))
        after = self.daemon.availability(cut.up.after + 1.5, true.up.before)[self.CERTAIN]
        self.assertEqual(after["up_s"], 0)
        self.assertGreater(after["down_s"], 1)
        self.assertGreater(outage["unknown_s"], duration(cut) - SPEAKS)
        whole = true.up.after - true.down.before
        self.assertLess(outage["down_s"] + outage["unknown_s"], whole + INTERVAL)
        self.assertLess(outage["down_s"], whole - duration(cut) + SPEAKS)

    def test_it_stays_open_while_we_cannot_see(self):
        cut = self.last_cut
        looks = self.witnesses[0].within(cut.down.after, cut.up.before)
        self.assertGreater(len(looks), 0)
        self.assertEqual({look.open[self.CERTAIN] for look in looks}, {1})
        blind = [look for look in looks if look.asked > cut.down.after + SHOWN_AFTER[0]]
        self.assertNotIn(self.CERTAIN, {line for look in blind for line in look.up})

    def test_an_outage_that_our_cut_hid_is_found_behind_it(self):
        outage = self.the_true_one(self.TOO_LATE)
        self.assertIs(outage["after_own_uplink"], True)
        self.assertGreater(truth.instant(outage["began"]), self.last_cut.up.before - INTERVAL)

    def test_the_other_lines_have_no_outage_at_all(self):
        self.assertEqual({o["target"] for o in self.books}, {self.REAL, self.PINGED, self.CERTAIN, self.TOO_LATE})

    # 4: only ping is filtered.

    def test_only_ping_filtered_is_no_outage(self):
        begin, end = self.filtered.before, self.true[self.PINGED].down.before
        self.assertGreater(self.agent_answered, 0)
        self.assertGreater(end - begin, 9.9)
        row = self.daemon.availability(begin, end)[self.PINGED]
        print(f"ping filtered for {end - begin:.1f} s: up {row['up_s']} down {row['down_s']} unknown {row['unknown_s']}")
        self.assertEqual((row["down_s"], row["outages"]), (0, 0))
        self.assertLess(row["unknown_s"], 3)
        for look in self.witnesses[0].within(begin, end):
            self.assertNotEqual(look.up.get(self.PINGED), 0)
            self.assertEqual(look.open[self.PINGED], 0)

    def test_only_ping_filtered_is_said_and_entered(self):
        seen = {key: self.while_filtered[key] for key in ("state", "cause", "cause_text", "outage_open")}
        self.assertEqual(seen, {"state": "degraded", "cause": "filter", "cause_text": "一种探测被过滤，其他方式有应答",
                                "outage_open": False})
        with contextlib.closing(sqlite3.connect(f"file:{self.daemon.ledger}?mode=ro", uri=True)) as books:
            said = [json.loads(body) for (body,) in books.execute("SELECT body FROM journal WHERE kind = 'trace' ORDER BY seq")]
        said = [one for one in said if one.get("found") == "filter"]
        self.assertEqual([one["targets"] for one in said], [self.PINGED] * 2, said)
        self.assertEqual(said[0]["observed"], "icmp 无应答，snmp 有应答，不计为中断")
        self.assertIn("icmp 恢复应答", said[1]["observed"])

    def test_a_line_that_is_cut_while_its_ping_is_filtered_is_down(self):
        self.the_true_one(self.PINGED)

    def test_the_ledgers_verify(self):
        self.assertEqual(self.exit_codes, [0, 0])
        for daemon in self.both:
            code, out, err = daemon.verify()
            self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    unittest.main()
