"""One list, two nodes: each watches and books its own lines; a line that another division gives away is closed where it was."""

import json
import time
import unittest

import subject
from subject import Daemon

NODES = """nodes:
  this: {}
  all:
    - {{ name: east, towns: [{}] }}
    - {{ name: rest, others: yes }}
api:
  people:
    - {{ name: 王工, token: wang-token-0123456789, may: [reload] }}
"""
LINES = [{"id": "T1", "town": "龙河镇", "category": "township", "address": "127.0.0.1", "checks": "tcp:port=7,reset=good"},
         {"id": "V1", "town": "虎山镇", "parent": "T1", "address": "127.0.0.2", "checks": "tcp:port=7,reset=good"},
         {"id": "H1", "town": "虎山镇", "address": "127.0.0.3", "checks": "tcp:port=7,reset=good"},
         {"id": "D1", "town": "城关镇", "address": "127.0.0.4", "checks": "tcp:port=7,reset=good"}]


class Nodes(unittest.TestCase):
    folder = None  # set by run.py

    def setUp(self):
        self.began = time.time()
        self.east, self.rest = (Daemon(self.folder / f"nodes_{self._testMethodName}_{name}", f"127.0.0.1:{port}")
                                for name, port in (("east", 8080), ("rest", 8081)))
        self.divide("龙河镇")
        for daemon in (self.east, self.rest):
            daemon.start()
            self.addCleanup(daemon.kill)

    def divide(self, towns):
        for name, daemon in (("east", self.east), ("rest", self.rest)):
            daemon.configure(LINES, extra=NODES.format(name, towns))

    @staticmethod
    def ids(daemon):
        return [line["id"] for line in daemon.json("/api/v1/lines?kind=line")["lines"]]

    @staticmethod
    def reload(daemon):
        status, text = daemon.request("/api/v1/reload", "POST", {"Authorization": "Bearer wang-token-0123456789"}, b"")
        assert status == 200, text

    def test_each_has_its_own_and_a_line_that_moves_is_closed_where_it_was(self):
        self.assertEqual(self.ids(self.east), ["T1", "V1"])
        self.assertEqual(self.ids(self.rest), ["H1", "D1"])
        self.east.wait_up("T1", "V1")
        self.rest.wait_up("H1", "D1")
        self.assertNotIn('line="H1"', self.east.get("/metrics")[1])

        self.divide("龙河镇, 城关镇")
        self.reload(self.east)  # who takes a line first: for a moment both have it
        self.assertEqual((self.ids(self.east), self.ids(self.rest)), (["T1", "V1", "D1"], ["H1", "D1"]))
        self.east.wait_up("D1")
        self.reload(self.rest)
        self.assertEqual(self.ids(self.rest), ["H1"])
        for daemon in (self.east, self.rest):
            daemon.stop()
            self.assertEqual(daemon.verify()[0], 0)
        self.assertEqual(sorted(self.east.availability(self.began)), ["D1", "T1", "V1"])
        kept = self.rest.availability(self.began)
        self.assertGreater(kept["D1"]["up_s"], 0, "what was recorded stays")
        self.assertLess(kept["D1"]["up_s"] + kept["D1"]["unknown_s"], kept["H1"]["up_s"] + kept["H1"]["unknown_s"], "it was closed")

    def test_the_whole_list_is_changed_in_the_browser_and_anothers_row_is_said_to_be_one(self):
        headers = {"Content-Type": "application/json", "Authorization": "Bearer wang-token-0123456789"}
        body = {"change": [{"id": "T1", "name": "镇政府"}, {"id": "H1", "name": "卫生院"}]}
        status, text = self.east.request("/api/v1/inventory/changes/preview", "POST", headers, json.dumps(body).encode())
        seen = json.loads(text)
        self.assertEqual((status, seen.get("problems")), (200, []), seen)
        self.assertEqual([w["id"] for w in seen["warnings"] if "别的节点" in w["text"]], ["H1"])

    def test_check_says_who_takes_how_many_and_refuses_what_nobody_takes(self):
        code, out, err = subject.run("check", "--config", str(self.east.config))
        self.assertEqual(code, 0, err)
        self.assertIn("节点 east（本机）：专线 2 条、网站 0 个", out)
        self.assertIn("节点 rest：专线 2 条、网站 0 个", out)
        self.east.config.write_text(self.east.config.read_text().replace("others: yes", "towns: [城关镇]"))
        code, out, err = subject.run("check", "--config", str(self.east.config))
        self.assertEqual(code, 1)
        self.assertIn("没有节点管", err)
