"""SIGKILL at fifty random moments during outages: nothing acknowledged is lost, nothing unobserved is counted as up,
no outage stays open for ever."""

import json
import random
import threading
import time
import unittest

import peers
import truth
from subject import Daemon

KILLS = 50
LINES = 8
SEED = 20260314


class Agents(threading.Thread):
    """Listeners that open and close on a seeded schedule; keeps the truth about each."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ports = {f"L{n}": peers.Listener(f"127.7.0.{n}", 7001) for n in range(1, LINES + 1)}
        self.truth = {name: [] for name in self.ports}  # [Break]
        self.ending = threading.Event()
        dice = random.Random(SEED)
        begin = time.monotonic()
        self.due = [(begin + dice.uniform(0.5, 3), name) for name in self.ports]
        self.dice = dice

    def run(self):
        while not self.ending.is_set():
            self.due.sort()
            when, name = self.due[0]
            if self.ending.wait(max(0.0, when - time.monotonic())):
                break
            self.due[0] = (when + self.dice.uniform(1.5, 5), name)
            self.toggle(name)
        for name, port in self.ports.items():
            if port.socket is None:
                self.toggle(name)

    def toggle(self, name):
        port = self.ports[name]
        if port.socket is None:
            self.truth[name][-1].up = truth.at(port.open)
        else:
            self.truth[name].append(truth.Break(name, truth.at(port.close)))


class Crash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "crash")
        cls.daemon.configure([{"id": f"L{n}", "address": f"127.7.0.{n}", "checks": "tcp:port=7001,reset=bad"}
                              for n in range(1, LINES + 1)],
                             defaults="interval: 200ms, timeout: 200ms, fast_interval: 100ms")
        cls.agents = Agents()
        cls.agents.start()
        cls.begin = time.time()
        cls.alive = []        # [from, to] of every run of the daemon
        cls.acknowledged = {} # (target, began) -> the outage as the API showed it
        dice = random.Random(SEED + 1)
        for _ in range(KILLS):
            cls.one_life(dice.uniform(0.3, 3.5))
        cls.agents.ending.set()
        cls.agents.join()
        cls.last_life()
        cls.books = cls.daemon.outages(cls.begin)
        cls.figures = cls.daemon.availability(cls.begin)

    @classmethod
    def one_life(cls, seconds):
        start = time.time()
        cls.daemon.start(ready=0)  # it may die before it is ready, too
        end = start + seconds
        while time.time() < end:
            cls.note_outages()
            time.sleep(0.05)
        cls.daemon.kill()
        cls.alive.append((start, time.time()))

    @classmethod
    def last_life(cls):
        start = time.time()
        cls.daemon.start()
        cls.daemon.wait_up(*cls.agents.ports)
        time.sleep(2)
        cls.exit_code = cls.daemon.stop()
        cls.alive.append((start, time.time()))

    @classmethod
    def note_outages(cls):
        status, text = cls.daemon.get("/api/v1/outages")
        if status != 200:
            return
        answer = json.loads(text)
        for outage in answer if isinstance(answer, list) else answer["outages"]:
            cls.acknowledged[outage["target"], outage["began"]] = outage

    def test_it_met_outages_worth_the_name(self):
        self.assertGreater(sum(len(b) for b in self.agents.truth.values()), KILLS)
        self.assertGreater(len(self.acknowledged), KILLS // 2)

    def test_nothing_acknowledged_is_lost(self):
        kept = {(o["target"], truth.instant(o["began"])): o for o in self.books}
        for (target, began), shown in self.acknowledged.items():
            with self.subTest(target=target, began=began):
                self.assertIn((target, truth.instant(began)), kept)
                if shown.get("ended"):
                    self.assertEqual(truth.instant(kept[target, truth.instant(began)]["ended"]),
                                     truth.instant(shown["ended"]))

    def test_no_outage_stays_open_for_ever(self):
        self.assertEqual([o for o in self.books if not o.get("ended")], [])

    def test_no_second_is_counted_that_was_not_observed(self):
        observed = sum(to - begin for begin, to in self.alive)
        for key, row in self.figures.items():
            with self.subTest(line=key):
                self.assertLessEqual(row["up_s"] + row["down_s"], observed)

    def test_up_time_is_time_in_which_the_port_was_open(self):
        """Per run of the daemon: up is never more than what was truly open while it ran, apart from the time for which
        one sample speaks (1.5 intervals) at each break, and breaks too short to be confirmed."""
        for key, row in self.figures.items():
            breaks = [(b.down.before, b.up.after) for b in self.agents.truth[key]]
            closed = sum(max(0.0, min(to, up) - max(begin, down))
                         for begin, to in self.alive for down, up in breaks)
            observed = sum(to - begin for begin, to in self.alive)
            unsure = 0.3 * (len(breaks) + len(self.alive)) + 0.5 * len(self.alive)
            with self.subTest(line=key):
                self.assertLessEqual(row["up_s"], observed - closed + unsure)

    def test_every_outage_in_the_books_touches_a_true_break(self):
        for outage in self.books:
            begin, end = truth.instant(outage["began"]), truth.instant(outage["ended"])
            true = [b for b in self.agents.truth[outage["target"]]
                    if b.down.before - 0.01 <= end and b.up.after + 0.01 >= begin]
            with self.subTest(outage=outage):
                self.assertTrue(true, "an outage that never was")

    def test_time_without_the_daemon_is_unknown(self):
        unobserved = sum(later[0] - earlier[1] for earlier, later in zip(self.alive, self.alive[1:]))
        for key, row in self.figures.items():
            with self.subTest(line=key):
                self.assertGreaterEqual(row["unknown_s"], unobserved * 0.99)

    def test_the_chain_verifies_and_rebuilding_changes_no_figure(self):
        code, out, err = self.daemon.verify()
        self.assertEqual(code, 0, out + err)
        end = time.time()
        before = self.daemon.availability(self.begin, end), self.daemon.outages(self.begin, end)
        import subject
        code, out, err = subject.run("ledger", "rebuild", "--ledger", self.daemon.ledger)
        self.assertEqual(code, 0, out + err)
        after = self.daemon.availability(self.begin, end), self.daemon.outages(self.begin, end)
        self.assertEqual(before[1], after[1])
        for key in before[0]:
            self.assertEqual(before[0][key]["down_s"], after[0][key]["down_s"])
            self.assertEqual(before[0][key]["up_s"], after[0][key]["up_s"])

    def test_the_last_life_ended_cleanly(self):
        self.assertEqual(self.exit_code, 0)


if __name__ == "__main__":
    unittest.main()
