"""Real peers behind a real router: every outage is in the books with its true edges inside its brackets, and nothing
else. One story is played once (setUpClass); each case looks at it from one side."""

import signal
import subprocess
import time
import unittest

import peers
import truth
from subject import Daemon
from truth import Break, at
from wan import Wan

COMMUNITY = "laboratory-7f3a"


class RealWan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.true = {}
        cls.build()
        cls.begin = time.time()
        cls.daemon.start()
        cls.prometheus = peers.Prometheus(cls.folder / "prometheus", cls.daemon.listen)
        cls.daemon.wait_up("H1", "H2", "H3", "H4", "H5", "H5-agent", "ROUTER")
        peers.wait_for(cls.prometheus.scraped, 30, "prometheus has scraped the daemon")
        time.sleep(3)
        cls.play()
        cls.page = cls.daemon.get("/metrics")[1]
        cls.samples = cls.prometheus.range("changtong_line_up", cls.begin, time.time())
        cls.octets = cls.daemon.metric("changtong_line_in_octets_total", line="H5")
        cls.expiry = cls.daemon.metric("changtong_site_certificate_expiry_timestamp_seconds", site="portal")
        cls.exit_code = cls.daemon.stop()
        cls.end = time.time()
        cls.books = cls.daemon.outages(cls.begin - 1, cls.end)
        cls.figures = cls.daemon.availability(cls.begin - 1, cls.end)

    @classmethod
    def build(cls):
        cls.wan = Wan(hosts=5)
        folder = cls.folder
        cls.agents = {n: peers.Snmpd(f"h{n}", Wan.address(n), COMMUNITY, folder / f"snmpd{n}") for n in range(1, 6)}
        ours, theirs = peers.Authority(folder / "ca", "district"), peers.Authority(folder / "ca", "unknown")
        cls.servers = [(443, *ours.sign("portal", Wan.address(5))), (8443, *theirs.sign("stranger", Wan.address(5)))]
        cls.nginx = peers.Nginx("h5", folder / "nginx", cls.servers)
        cls.daemon = Daemon(folder / "daemon")
        (cls.daemon.folder / "community").write_text(COMMUNITY + "\n")
        (cls.daemon.folder / "community").chmod(0o600)
        snmp = "snmp:credential=lab,interval=1s,timeout=1s,if={}"
        lines = [{"id": "ROUTER", "category": "backbone", "address": "10.77.0.1", "checks": "icmp"}]
        lines += [{"id": f"H{n}", "address": Wan.address(n), "parent": "ROUTER",
                   "checks": "icmp " + snmp.format(Wan.interface_index(n))} for n in range(1, 6)]
        lines += [{"id": "H5-agent", "address": Wan.address(5), "checks": snmp.format(Wan.interface_index(5))}]
        site = "interval: 2s, timeout: 1500ms, fast_interval: 250ms, contains: 政务公开, ca: " + str(ours.certificate)
        cls.daemon.configure(lines, extra=(
            "credentials: { lab: { version: 2c, community_file: community } }\n"
            f"sites:\n  - {{ id: portal, name: 门户, url: 'https://{Wan.address(5)}/', {site} }}\n"
            f"  - {{ id: stranger, name: 陌生证书, url: 'https://{Wan.address(5)}:8443/', {site} }}\n"))

    @classmethod
    def play(cls):
        wan, true = cls.wan, cls.true
        true["H1"] = Break("H1", at(lambda: wan.router_end_down(1)))
        true["H2"] = Break("H2", at(lambda: wan.host_end_down(2)))
        cls.agent_dead = at(cls.agents[4].kill)
        time.sleep(1.3)
        true["H3"] = Break("H3", at(lambda: wan.blackhole(3)))
        true["portal"] = Break("portal", at(cls.nginx.kill))
        true["H5-agent"] = Break("H5-agent", at(lambda: cls.agents[5].signal(signal.SIGSTOP)))
        time.sleep(6.4)
        true["H1"].up = at(lambda: wan.router_end_up(1))
        true["H2"].up = at(lambda: wan.host_end_up(2))
        time.sleep(1.7)
        true["H3"].up = at(lambda: wan.no_blackhole(3))
        true["H5-agent"].up = at(lambda: cls.agents[5].signal(signal.SIGCONT))
        true["portal"].up = at(cls.start_nginx)
        cls.agents[4] = peers.Snmpd("h4", Wan.address(4), COMMUNITY, cls.folder / "snmpd4")
        cls.daemon.wait_up("H1", "H2", "H3", "H5-agent")
        time.sleep(4)
        # too short to confirm: three bad samples in a row need half a second
        cls.blink = at(lambda: wan.router_end_down(1))
        time.sleep(0.2)
        wan.router_end_up(1)
        time.sleep(4)
        cls.own_down = at(wan.own_interface_down)
        time.sleep(6)
        cls.state_while_own_down = {n: cls.daemon.line_up(n) for n in ("H1", "H3", "ROUTER")}
        cls.own_up = at(wan.own_interface_up)
        cls.daemon.wait_up("H1", "H2", "H3", "H4", "H5", "H5-agent", "ROUTER")
        time.sleep(3)

    @classmethod
    def start_nginx(cls):
        cls.nginx = peers.Nginx("h5", cls.folder / "nginx", cls.servers)

    def one_outage_of(self, target):
        mine = [o for o in self.books if o["target"] == target]
        self.assertEqual(len(mine), 1, mine)
        return mine[0]

    def the_true_one(self, target):
        self.assertIsNone(truth.complaint(self.one_outage_of(target), self.true[target]))

    def test_carrier_loss_at_the_routers_end_is_in_the_books(self):
        self.the_true_one("H1")

    def test_carrier_loss_at_the_hosts_end_is_in_the_books(self):
        self.the_true_one("H2")

    def test_a_blackhole_on_the_router_is_in_the_books(self):
        self.the_true_one("H3")

    def test_an_agent_that_hangs_takes_down_the_line_that_only_it_speaks_for(self):
        self.the_true_one("H5-agent")

    def test_a_stopped_web_server_is_in_the_books(self):
        self.the_true_one("portal")

    def test_a_dead_agent_is_no_outage_while_ping_still_answers(self):
        self.assertEqual([o for o in self.books if o["target"] == "H4"], [])
        self.assertEqual(self.figures["H4"]["down_s"], 0)

    def test_a_certificate_of_an_unknown_authority_is_an_outage_from_the_first_visit(self):
        outage = self.one_outage_of("stranger")
        self.assertFalse(outage.get("ended"), outage)
        self.assertIn("tls_certificate", str(outage))
        self.assertLess(truth.instant(outage["began"]) - self.begin, 10)

    def test_the_books_hold_nothing_else(self):
        self.assertEqual({o["target"] for o in self.books}, set(self.true) | {"stranger"})

    def test_our_own_interface_down_is_unknown_and_never_down(self):
        for line, value in self.state_while_own_down.items():
            self.assertNotEqual(value, 0, f"{line} was shown as down while our own interface was")
        for line in ("H4", "H5", "ROUTER"):
            with self.subTest(line=line):
                self.assertEqual(self.figures[line]["down_s"], 0)
                self.assertGreater(self.figures[line]["unknown_s"], 4)

    def test_every_second_is_accounted_for_once(self):
        for key, row in self.figures.items():
            with self.subTest(line=key):
                total = row["up_s"] + row["down_s"] + row["excluded_s"] + row["unknown_s"]
                scope = truth.instant(row["scope_to"]) - truth.instant(row["scope_from"])
                self.assertAlmostEqual(total, scope, delta=0.002)
                self.assertLessEqual(row["down_min_s"], row["down_mid_s"])
                self.assertLessEqual(row["down_mid_s"], row["down_max_s"])

    def test_true_down_time_lies_between_least_and_greatest(self):
        for key, true in self.true.items():
            with self.subTest(line=key):
                row = self.figures[key]
                self.assertLessEqual(row["down_min_s"], true.up.after - true.down.before + truth.SLACK)
                self.assertGreaterEqual(row["down_max_s"], true.up.before - true.down.after - truth.SLACK)
                self.assertEqual(row["outages"], 1)

    def test_prometheus_saw_the_same(self):
        seen = {s["metric"]["line"]: [(float(t), v) for t, v in s["values"]] for s in self.samples}
        for line in ("H1", "H2", "H3"):
            true = self.true[line]
            values = seen[line]
            inside = [v for t, v in values if true.down.after + 4 < t < true.up.before]
            before = [v for t, v in values if t < true.down.before]
            after = [v for t, v in values if true.up.after + 5 < t < self.own_down.before]
            with self.subTest(line=line):
                self.assertGreaterEqual(len(inside), 2)
                self.assertEqual(set(inside), {"0"}, "while it was down")
                self.assertEqual(set(before), {"1"}, "before")
                self.assertEqual(set(after), {"1"}, "after")

    def test_interface_counters_and_certificates_are_metrics(self):
        self.assertIsNotNone(self.octets)
        self.assertGreater(self.octets, 0)
        self.assertAlmostEqual(self.expiry, time.time() + 20 * 86400, delta=86400)

    def test_the_page_passes_promtool(self):
        done = subprocess.run(["promtool", "check", "metrics"], input=self.page, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_community_is_nowhere(self):
        self.assertNotIn(COMMUNITY, self.daemon.log.read_text(errors="replace"))
        self.assertNotIn(COMMUNITY, self.page)
        self.assertNotIn(COMMUNITY.encode(), self.daemon.ledger.read_bytes())

    def test_it_stopped_cleanly_and_the_ledger_verifies(self):
        self.assertEqual(self.exit_code, 0)
        code, out, err = self.daemon.verify()
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    unittest.main()
