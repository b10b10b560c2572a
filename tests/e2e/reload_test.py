"""A configuration takes effect as a whole or not at all."""

import json
import time
import unittest
import urllib.parse

import peers
import subject
from subject import Daemon
import signal

TOKEN = "5d41402abc4b2a76b9719d911017c592"


class Reload(unittest.TestCase):
    def setUp(self):
        self.listeners = [peers.Listener(f"127.9.0.{n}", 7001) for n in (1, 2, 3)]
        self.addCleanup(lambda: [listener.close() for listener in self.listeners])
        self.daemon = Daemon(self.folder / self.id().split(".")[-1])
        self.two = [self.line("L1", 1), self.line("L2", 2)]
        self.configure(self.two)
        self.addCleanup(self.daemon.kill)
        self.begin = time.time()
        self.daemon.start()
        self.daemon.wait_up("L1", "L2")

    @staticmethod
    def line(name, n, address=None):
        return {"id": name, "address": address or f"127.9.0.{n}", "checks": "tcp:port=7001,reset=bad"}

    def configure(self, lines):
        self.daemon.configure(lines, extra=f"api: {{ token: {TOKEN} }}\n", defaults="interval: 500ms, timeout: 400ms")

    def success(self):
        return self.daemon.metric("changtong_config_reload_success")

    def test_sighup_with_a_bad_file_changes_nothing_and_says_so(self):
        self.configure(self.two + [self.line("L3", 3, address="nowhere")])
        self.daemon.process.send_signal(signal.SIGHUP)
        peers.wait_for(lambda: self.success() == 0, 10, "the failed reload is a metric")
        peers.wait_for(lambda: "lines.csv:4:" in self.daemon.tail(40), 10, "the log says which line is wrong")
        self.assertEqual(self.daemon.line_up("L1"), 1)
        self.assertIsNone(self.daemon.line_up("L3"))
        time.sleep(2)
        self.assertEqual(self.daemon.line_up("L2"), 1, "the old lines are still asked")

    def test_an_open_outage_and_its_reason_are_on_the_first_page_after_a_restart(self):
        self.listeners[1].close()
        self.daemon.wait_down("L2")
        for end in (self.daemon.stop, self.daemon.kill):
            end()
            self.daemon.start()
            self.assertEqual(self.daemon.metric("changtong_line_outage_open", line="L2"), 1)
            self.assertEqual(self.daemon.metric("changtong_line_outage_open", line="L1"), 0)
            self.assertEqual(self.daemon.metric("changtong_line_down_info", line="L2", cause="refused"), 1)
        self.daemon.wait_down("L2")
        self.assertEqual(self.daemon.json("/api/v1/lines/L2")["cause"], "refused")
        self.listeners[1].open()
        self.daemon.wait_up("L2")
        self.assertEqual(self.daemon.metric("changtong_line_outage_open", line="L2"), 0)

    def test_sighup_with_a_good_file_adds_a_line_and_keeps_the_others(self):
        self.listeners[1].close()
        self.daemon.wait_down("L2")
        self.configure(self.two + [self.line("L3", 3)])
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_up("L3")
        self.assertEqual(self.success(), 1)
        self.assertEqual(self.daemon.line_up("L1"), 1)
        self.assertEqual(self.daemon.line_up("L2"), 0, "an open outage stays open over a reload")
        self.listeners[1].open()
        self.daemon.wait_up("L2")
        self.daemon.stop()
        outages = self.daemon.outages(self.begin)
        self.assertEqual([o["target"] for o in outages], ["L2"], "one outage, not two")
        self.assertTrue(outages[0]["ended"])

    def test_many_hangups_at_once_are_reloads_and_no_end(self):
        before = self.daemon.metric("changtong_config_reloads_total", result="ok") or 0
        self.configure([self.line(f"L{n}", n) for n in (1, 2)] + [self.line(f"X{n}", 3) for n in range(3000)])
        for _ in range(30):
            self.daemon.process.send_signal(signal.SIGHUP)
            time.sleep(0.005)
        self.daemon.wait_up("L1")
        peers.wait_for(lambda: self.daemon.metric("changtong_config_reloads_total", result="ok") > before, 20, "it is loaded")
        self.configure(self.two)
        self.daemon.process.send_signal(signal.SIGHUP)
        peers.wait_for(lambda: self.daemon.metric("changtong_line_up", line="X1") is None, 20, "the last word holds")
        self.daemon.stop()

    def test_a_bad_file_after_a_good_one_is_told_apart(self):
        self.configure([])
        self.daemon.config.write_text(self.daemon.config.read_text() + "zonee: Asia/Shanghai\n")
        self.daemon.process.send_signal(signal.SIGHUP)
        peers.wait_for(lambda: self.success() == 0, 10, "the failed reload is a metric")
        self.configure(self.two)
        self.daemon.process.send_signal(signal.SIGHUP)
        peers.wait_for(lambda: self.success() == 1, 10, "the good one is a metric too")
        self.assertEqual(self.daemon.line_up("L1"), 1)

    def test_post_reload_needs_the_token_on_loopback_too(self):
        self.configure(self.two + [self.line("L3", 3)])
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
            status, _ = self.daemon.request("/api/v1/reload", "POST", headers, b"")
            self.assertIn(status, (401, 403), headers)
        self.assertIsNone(self.daemon.line_up("L3"))
        status, text = self.daemon.request("/api/v1/reload", "POST", {"Authorization": f"Bearer {TOKEN}"}, b"")
        self.assertEqual(status, 200, text)
        self.daemon.wait_up("L3")
        self.assertEqual(self.daemon.get("/api/v1/reload")[0] in (404, 405), True, "GET changes nothing")

    def test_post_reload_with_a_bad_file_answers_with_every_problem(self):
        self.configure([self.line("L1", 1), self.line("L1", 2), self.line("L4", 2, address="1.2.3")])
        status, text = self.daemon.request("/api/v1/reload", "POST", {"Authorization": f"Bearer {TOKEN}"}, b"")
        self.assertGreaterEqual(status, 400)
        self.assertIn("L1", text)
        self.assertIn("1.2.3", text)
        self.assertEqual(self.success(), 0)
        self.assertEqual(self.daemon.line_up("L2"), 1)

    def test_the_token_is_nowhere(self):
        self.daemon.request("/api/v1/reload", "POST", {"Authorization": f"Bearer {TOKEN}"}, b"")
        self.assertNotIn(TOKEN, self.daemon.log.read_text())
        self.assertNotIn(TOKEN, self.daemon.get("/metrics")[1])


class Looking(unittest.TestCase):
    """What people and programs read, on a daemon with one line that is down."""

    @classmethod
    def setUpClass(cls):
        cls.listener = peers.Listener("127.9.1.1", 7001)
        cls.daemon = Daemon(cls.folder / "looking")
        cls.daemon.configure([{"id": "L1", "name": "龙河村专线", "address": "127.9.1.1", "checks": "tcp:port=7001,reset=bad"},
                              {"id": "L2", "address": "127.9.1.2", "checks": "tcp:port=7001,reset=bad"}],
                             defaults="interval: 500ms, timeout: 400ms")
        cls.begin = time.time()
        cls.daemon.start()
        cls.daemon.wait_up("L1")
        cls.daemon.wait_down("L2")

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    def test_health_and_readiness_answer(self):
        self.assertEqual(self.daemon.get("/healthz")[0], 200)
        self.assertEqual(self.daemon.get("/readyz")[0], 200)

    def test_the_status_page_is_chinese_and_refreshes_itself(self):
        status, page = self.daemon.get("/")
        self.assertEqual(status, 200)
        self.assertIn("畅通", page)
        self.assertIn("refresh", page)

    def test_every_documented_path_answers(self):
        document = self.daemon.json("/api/v1/openapi.json")
        self.assertTrue(document["openapi"].startswith("3."))
        named = {"reports": "2026.availability.csv", "outages": self.daemon.json("/api/v1/outages")["outages"][0]["id"]}
        for path, operations in document["paths"].items():
            if "get" not in operations:
                continue
            if "text/event-stream" in operations["get"]["responses"]["200"].get("content", {}):
                continue  # it has no end
            topic = path.split("/")[3] if path.startswith("/api/") else ""
            where = path.replace("{id}", urllib.parse.quote(named.get(topic, "L1"), safe=""))
            open_to_all = {} in operations["get"].get("security", [{}])
            with self.subTest(path=path):
                status, text = self.daemon.get(where + ("?from=2026&to=2026" if where.endswith("/availability") else ""))
                # This configuration names no plan, no map, no website, no file of sites and no other machine.
                none = path in ("/api/v1/evaluation", "/api/v1/map", "/api/v1/differences") or "/sites/" in path
                wanted = 409 if path.startswith("/api/v1/inventory/sites") else 404 if none else 200
                if not open_to_all:
                    self.assertEqual(status, 403, text[:300])  # nobody has a token here
                    continue
                self.assertEqual(status, wanted, text[:300])
                if "/reports/" in path:
                    self.assertIn("L2", text)
                elif path.startswith("/api/"):
                    json.loads(text)

    def test_recent_figures_are_of_what_was_seen_and_holes_where_nothing_was(self):
        up = self.daemon.json("/api/v1/lines/L1/recent")
        self.assertEqual(up["span_s"], 24 * 3600)
        self.assertGreater(sum(up["measured"]), 0)
        self.assertEqual(sum(up["bad"]), 0)
        self.assertEqual([m is None for m in up["delay"]["mean_s"]], [n == 0 for n in up["measured"]])
        self.assertTrue(all(n == 0 for n in up["measured"][:-3]), "nobody observed what was before the start")
        down = self.daemon.json("/api/v1/lines/L2/recent")
        self.assertGreater(sum(down["measured"]), 0)
        self.assertEqual(down["bad"], down["measured"])
        self.assertTrue(all(m is None for m in down["delay"]["most_s"]))

    def test_the_line_that_is_down_is_down_everywhere(self):
        self.assertIn('"down"', self.daemon.get("/api/v1/lines/L2")[1])
        self.assertIn("L2", self.daemon.get("/api/v1/outages")[1])
        self.assertEqual(self.daemon.metric("changtong_outages_open", category="village"), 1)

    def test_what_is_not_there_is_404_and_what_is_wrong_is_400(self):
        self.assertEqual(self.daemon.get("/api/v1/lines/L9")[0], 404)
        self.assertEqual(self.daemon.get("/api/v1/nothing")[0], 404)
        self.assertEqual(self.daemon.get("/api/v1/availability?from=yesterday&to=2026")[0], 400)

    def test_the_page_passes_promtool(self):
        import subprocess
        done = subprocess.run(["promtool", "check", "metrics"], input=self.daemon.get("/metrics")[1], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_second_daemon_on_the_same_ledger_refuses(self):
        second = self.daemon.folder / "second.yaml"
        second.write_text(self.daemon.config.read_text().replace(":8080", ":8081"))
        code, out, err = subject.run("serve", "--config", second, timeout=20)
        self.assertEqual(code, 3, out + err)
        self.assertIn("ledger", (out + err).lower())
        self.assertEqual(self.daemon.get("/readyz")[0], 200)

    def test_probe_asks_one_line_and_says_what_it_saw(self):
        code, out, err = subject.run("probe", "--config", self.daemon.config, "L1")
        self.assertEqual(code, 0, out + err)
        code, out, err = subject.run("probe", "--config", self.daemon.config, "L9")
        self.assertNotEqual(code, 0)

    def test_the_books_can_be_read_while_it_runs(self):
        figures = self.daemon.availability(self.begin - 1)
        self.assertEqual(set(figures), {"L1", "L2"})
        self.assertEqual(figures["L1"]["down_s"], 0)
        self.assertGreater(figures["L2"]["down_s"], 0)

    def test_exit_codes_are_those_of_the_contract(self):
        self.assertEqual(subject.run("nonsense")[0], 2)
        self.assertEqual(subject.run("check", "--config", self.daemon.config)[0], 0)
        bad = self.daemon.folder / "bad.yaml"
        bad.write_text("zone: Mars/Base\n")
        code, out, err = subject.run("check", "--config", bad)
        self.assertEqual(code, 1)
        self.assertIn("bad.yaml:1:7:", out + err)
        self.assertIn(subject.run("ledger", "verify", "--ledger", self.daemon.folder / "none.db")[0], (2, 3))
        self.assertEqual(subject.run("availability", "--ledger", self.daemon.ledger, "--from", "soon", "--to", "2026")[0], 2)


if __name__ == "__main__":
    unittest.main()
