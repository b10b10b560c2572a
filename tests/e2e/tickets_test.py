"""Who takes care of an outage, and what its carrier answers: by the command line over the API of a running daemon, with a
token each; nothing of it is lost by a SIGKILL, and lists, API and books say the same."""

import json
import unittest

import peers
import subject
from subject import Daemon

URL = "http://127.0.0.1:8080"
CONFIG = """api:
  people:
    - { name: 王工, token: wang-token-0123456789, may: [acknowledge] }
    - { name: 李工, token: li-token-0123456789, may: [request, annotate] }
"""


class Tickets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "tickets")
        for name in ("wang", "li"):
            file = cls.daemon.folder / f"{name}.token"
            file.write_text(f"{name}-token-0123456789\n")
            file.chmod(0o600)
        cls.daemon.configure([{"id": name, "name": f"村{name}", "address": f"127.9.0.{n}", "town": "龙河镇", "carrier": "移动",
                               "checks": "tcp:port=7001,reset=bad"} for n, name in enumerate(("A1", "B1"), 1)],
                             extra=CONFIG, defaults="interval: 500ms, timeout: 500ms, fast_interval: 100ms")
        ports = {name: peers.Listener(f"127.9.0.{n}", 7001) for n, name in enumerate(("A1", "B1"), 1)}
        cls.daemon.start()
        cls.daemon.wait_up("A1", "B1")
        ports["A1"].close()
        cls.daemon.wait_down("A1")
        cls.said = {}
        cls.enter("without the right", "li", "ack", "A1")
        cls.enter("ack", "wang", "ack", "村A1", "--note", "已派人")
        cls.enter("ack again", "wang", "ack", "A1")
        cls.enter("ack of one that is up", "wang", "ack", "B1")
        cls.enter("report", "wang", "ticket", "add", "127.9.0.1", "--text", "请处理")
        cls.enter("remark", "li", "annotate", "村A1", "--text", "施工")
        cls.enter("window", "li", "window", "request", "--targets", "村B1", "--from", "2099-01-01 01:00", "--to", "2099-01-01 02:00",
                  "--reason", "割接")
        cls.number = cls.daemon.json("/api/v1/tickets?open=1")["tickets"][0]["number"]
        cls.enter("reply", "wang", "ticket", "reply", cls.number, "--theirs", "CM-88", "--cause", "光缆")
        cls.daemon.kill()
        cls.daemon.start()
        cls.daemon.wait_up("B1")
        ports["A1"].open()
        cls.daemon.wait_up("A1")
        cls.enter("close", "wang", "ticket", "close", cls.number, "--text", "已熔接")
        cls.enter("close again", "wang", "ticket", "close", cls.number)
        cls.outage = cls.daemon.json("/api/v1/outages?line=A1")["outages"][0]
        cls.taken = cls.daemon.json("/api/v1/acknowledgements")["acknowledgements"]
        cls.enter("ack of one that is over", "wang", "ack", cls.outage["id"], "--note", "已恢复")
        cls.daemon.stop()
        cls.listed = json.loads(cls.run_on_ledger("ticket", "list"))
        cls.outages = json.loads(cls.run_on_ledger("outages", "--line", "村A1", "--from", "2026-01-01", "--to", "2099-12-31"))
        cls.verified = subject.run("ledger", "verify", "--ledger", cls.daemon.ledger)

    @classmethod
    def enter(cls, what, who, *arguments):
        cls.said[what] = subject.run(*arguments, "--api", URL, "--token-file", cls.daemon.folder / f"{who}.token")

    @classmethod
    def run_on_ledger(cls, *arguments):
        code, out, err = subject.run(*arguments, "--ledger", cls.daemon.ledger, "--format", "json")
        if code != 0:
            raise AssertionError(f"{arguments}: {code}: {err}")
        return out

    def test_what_may_be_entered_is_and_the_rest_is_refused(self):
        codes = {what: said[0] for what, said in self.said.items()}
        self.assertEqual(codes, {"without the right": 1, "ack": 0, "ack again": 0, "ack of one that is up": 1, "report": 0, "remark": 0, "window": 0,
                                 "reply": 0, "close": 0, "close again": 1, "ack of one that is over": 0}, self.said)
        self.assertIn("skipped as known: 1", self.said["ack again"][1])
        self.assertIn("没有权限", self.said["without the right"][2])

    def test_who_takes_care_is_the_owner_of_the_token(self):
        self.assertEqual([(a["author"], a["text"], a["line"]) for a in self.taken], [("王工", "已派人", "A1")])
        self.assertRegex(self.taken[0]["via"], "^api: 王工@")

    def test_api_and_books_say_the_same_of_the_outage(self):
        self.assertEqual(self.outage["name"], "村A1")
        self.assertEqual(self.outage["town"], "龙河镇")
        self.assertEqual(self.outage["tickets"], [self.number])
        self.assertEqual(self.outage["carrier_tickets"], ["CM-88"])
        self.assertEqual(self.outage["carrier_cause_text"], "光缆")
        listed = [o for o in self.outages if o["id"] == self.outage["id"]]
        self.assertEqual([o["carrier_reply"] for o in listed], ["已熔接"])
        self.assertEqual(listed[0]["acknowledged_by"], ["王工"])
        self.assertIn("施工（李工）", listed[0]["notes"])

    def test_nothing_is_lost_by_a_kill_and_the_ledger_verifies(self):
        self.assertEqual([s["step"] for s in self.listed[0]["steps"]], ["reported", "reply", "closed"])
        self.assertEqual(self.verified[0], 0, self.verified)
