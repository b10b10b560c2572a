"""The demo district: it runs without root, and its own reckoning says that the monitor missed nothing."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.request

import subject
from own_fault_test import NOBODY

SECONDS = 33
# A story in which the site in GBK breaks in time to be found and is well again before the end.
SEED = "2204"


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = pathlib.Path(tempfile.mkdtemp(prefix="changtong-demo-"))
        cls.addClassCleanup(shutil.rmtree, place, True)
        program = place / "changtong"
        shutil.copy(subject.binary, program)
        place.chmod(0o777)
        cls.begin = time.time()
        process = subprocess.Popen([*NOBODY, str(program), "demo", "--listen", "127.0.0.1:8088", "--speed", "4", "--seed", SEED], cwd=place,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env={**os.environ, "HOME": str(place), "TMPDIR": str(place)})
        time.sleep(SECONDS)
        cls.summary = cls.fetch("/api/v1/summary")
        cls.page = cls.fetch("/")
        cls.lines = cls.fetch("/api/v1/lines?limit=1000")
        cls.outages = cls.fetch("/api/v1/outages")
        process.send_signal(signal.SIGINT)
        try:
            cls.reckoning, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            cls.reckoning, _ = process.communicate()
        cls.exit_code = process.returncode
        (cls.folder / "reckoning.txt").write_text(cls.reckoning)

    @staticmethod
    def fetch(path):
        try:
            with urllib.request.urlopen("http://127.0.0.1:8088" + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError as error:
            return f"no answer: {error}"

    def test_it_ends_cleanly_on_ctrl_c(self):
        self.assertEqual(self.exit_code, 0, self.reckoning[-2000:])

    def test_it_shows_the_district_while_it_runs(self):
        self.assertGreater(len(json.loads(self.summary)), 0)
        self.assertIn("畅通", self.page)

    def test_old_and_gbk_site_and_the_line_of_the_odd_agent_are_good_while_nothing_goes_wrong(self):
        states = {line["id"]: line["state"] for line in json.loads(self.lines)["lines"]}
        for target in ("portal", "service", "open", "e-060"):
            self.assertEqual(states.get(target), "up", target)
            if target != "service":
                self.assertNotIn(target, [outage["target"] for outage in json.loads(self.outages)["outages"]])

    def test_page_that_says_in_gbk_that_its_database_is_gone_is_an_outage(self):
        found = [outage for outage in json.loads(self.outages)["outages"] if outage["target"] == "service"]
        self.assertEqual([outage["cause"] for outage in found], ["http_text"], self.reckoning[-3000:])

    def test_its_reckoning_says_no_miss_and_no_false_alarm(self):
        total = re.search(r"合计：造成中断 (\d+) 次，发现 (\d+)，漏报 (\d+)，.*，误报 (\d+)", self.reckoning)
        self.assertIsNotNone(total, self.reckoning[-2000:])
        made, seen, missed, false = map(int, total.groups())
        self.assertEqual((missed, false), (0, 0), self.reckoning[-3000:])
        self.assertGreater(made, 3)
        self.assertGreater(seen, 3)

    def test_every_true_edge_lies_in_its_bracket(self):
        inside, edges = map(int, re.search(r"真实起止落在账上区间内：(\d+) / (\d+)", self.reckoning).groups())
        self.assertEqual(inside, edges, self.reckoning[-3000:])
        self.assertGreater(edges, 3)


if __name__ == "__main__":
    unittest.main()
