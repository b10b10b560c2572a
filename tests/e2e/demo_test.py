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
        cls.metrics = cls.fetch("/metrics")
        cls.odd_line = cls.fetch("/api/v1/lines/e-060")
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

    def test_site_whose_domain_is_silent_is_down_for_that_reason_from_the_beginning(self):
        states = {line["id"]: line["state"] for line in json.loads(self.lines)["lines"]}
        self.assertEqual(states.get("archive"), "down", self.reckoning[-3000:])
        found = [outage for outage in json.loads(self.outages)["outages"] if outage["target"] == "archive"]
        self.assertEqual([outage["cause"] for outage in found], ["name_not_found"])
        self.assertIn("数字档案馆(archive)  域名无应答(域名服务器从不应答) 一直如此", self.reckoning)

    def test_nobody_else_notices_the_silent_domain(self):
        blamed = {outage["target"] for outage in json.loads(self.outages)["outages"] if outage["cause"] == "name_not_found"}
        self.assertEqual(blamed, {"archive"})
        self.assertIn("changtong_samples_total{", self.metrics)
        ours = [line for line in self.metrics.splitlines() if 'cause="own_resolver"' in line and not line.endswith(" 0")]
        self.assertEqual(ours, [])

    def test_odd_agent_is_told_with_its_line(self):
        details = [check["detail"] for check in json.loads(self.odd_line)["checks"] if check["kind"] == "snmp"]
        self.assertTrue(details and details[0], self.odd_line)

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
