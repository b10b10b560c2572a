"""Two machines that watch one line: their ledgers as one book, on the command line."""

import json
import time
import unittest

import peers
import subject
from subject import Daemon


class TwoObservers(unittest.TestCase):
    """Both see one cut of a line; the second alone is cut off from it for a while."""

    @classmethod
    def setUpClass(cls):
        shared, own = peers.Listener("127.9.0.1", 7001), peers.Listener("127.9.0.2", 7001)
        cls.daemons = []
        for k, name in enumerate(("甲机", "乙机")):
            daemon = Daemon(cls.folder / f"observer{k}", listen=f"127.0.0.1:{8290 + k}")
            daemon.configure([{"id": "L1", "name": "龙河专线", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"},
                              {"id": "L2", "address": f"127.9.0.{3 - k}", "checks": "tcp:port=7001,reset=bad"}],
                             extra=f"node: {name}\n", defaults="interval: 500ms, timeout: 400ms, down_after: 2")
            cls.daemons.append(daemon)
        second_way = peers.Listener("127.9.0.3", 7001)
        try:
            cls.begin = time.time()
            for daemon in cls.daemons:
                daemon.start()
                daemon.wait_up("L1")
                daemon.wait_up("L2")
            shared.close()
            own.close()  # L2 by the second machine's way only
            for daemon in cls.daemons:
                daemon.wait_down("L1")
            cls.daemons[1].wait_down("L2")
            cls.meanwhile = []
            for _ in range(10):  # at different moments of their heartbeats
                time.sleep(0.17)
                cls.meanwhile.append(cls.asked("outages", "--format", "json"))
            shared.open()
            own.open()
            for daemon in cls.daemons:
                daemon.wait_up("L1")
                daemon.wait_up("L2")
                daemon.stop()
        finally:
            for one in (shared, own, second_way):
                if one.socket is not None:
                    one.close()
            for daemon in cls.daemons:
                daemon.kill()

    @classmethod
    def asked(cls, command, *more):
        ledgers = [word for d in cls.daemons for word in ("--ledger", d.ledger)]
        return subject.run(command, *ledgers, "--from", "2026", "--to", "2030", *more)

    def books(self, command, *more, code=0):
        status, out, err = self.asked(command, *more)
        self.assertEqual(status, code, out + err)
        return out, err

    def test_what_one_of_two_running_daemons_has_not_written_yet_is_no_silence(self):
        for status, out, err in self.meanwhile:
            self.assertEqual(status, 0, err)
            self.assertEqual([o["target"] for o in json.loads(out)], ["L1"], "L2 is up for one of them")

    def test_a_cut_that_both_saw_is_one_outage_and_one_that_one_saw_is_none(self):
        out, err = self.books("outages", "--format", "json")
        self.assertEqual([o["target"] for o in json.loads(out)], ["L1"])
        self.assertEqual(json.loads(out)[0]["name"], "龙河专线")
        self.assertIn("合并账目，观测者：甲机、乙机", err)
        alone, _ = self.books("outages", "--observer", "乙机", "--format", "json")
        self.assertEqual(sorted(o["target"] for o in json.loads(alone)), ["L1", "L2"])

    def test_the_figures_name_their_observers_and_no_second_counts_twice(self):
        out, _ = self.books("availability", "--by", "line", "--format", "json")
        rows = {r["key"]: r for r in json.loads(out)}
        self.assertEqual(rows["L1"]["observers"], ["甲机", "乙机"])
        self.assertEqual(rows["L2"]["down_s"], 0)
        self.assertEqual(rows["L2"]["outages"], 0)
        self.assertGreater(rows["L1"]["down_s"], 0)
        since = time.time() - self.begin
        for row in rows.values():
            told = row["up_s"] + row["down_s"] + row["excluded_s"] + row["unknown_s"]
            self.assertLess(told, since + 1, "from the first entry to now, once")
            self.assertGreater(told, since - 15)

    def test_a_clock_that_is_off_is_shown_and_not_merged(self):
        out, err = self.books("outages", "--offset", "乙机=2", "--format", "json")
        self.assertEqual([o["target"] for o in json.loads(out)], ["L1"])
        self.assertIn("仅列出、未并入：乙机", err)

    def test_wrong_words_are_refused_with_the_right_ones(self):
        for more, words in ((("--observer", "丙机"), "甲机、乙机"), (("--offset", "乙机=x"), "观测者=秒")):
            self.assertIn(words, self.books("outages", *more, code=2)[1])
        status, _, err = subject.run("outages", "--ledger", self.daemons[0].ledger, "--from", "2026", "--to", "2030", "--disagreements")
        self.assertEqual(status, 2)
        self.assertIn("几个 --ledger", err)

    def test_no_disagreement_is_shorter_than_half_a_minute(self):
        self.assertEqual(json.loads(self.books("outages", "--disagreements", "--format", "json")[0]), [])
