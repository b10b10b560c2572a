"""The proof: a real demo, Debian's Prometheus and Alertmanager. The demo cuts a township and a website; every query of every
panel, variable and annotation is asked; alerts fire with their labels and texts, are silenced where they should, and resolve.

The story is told once, in setUpClass; the cases look at what was seen of it.
"""

import calendar
import re
import shutil
import subprocess
import time
import unittest
import urllib.parse

import stand
from stand import ROOT, wait_for

TOWNSHIP, SITE = "t-001", "open"


class ProofTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binary, folder = stand.environment()
        shutil.rmtree(folder, ignore_errors=True)
        cls.stand = s = stand.Stand(folder, binary)
        cls.addClassCleanup(s.stop)
        s.start()
        cls.uplink = wait_for(lambda: s.firing("UplinkDown", line=TOWNSHIP), 60, "the township's alert")[0]
        moments = [time.time()]  # queries are asked of the moments at which something was down, however long the asking takes
        cls.children = wait_for(lambda: s.series(f'changtong:line_children:count{{line="{TOWNSHIP}"}}'), 20, "what hangs below it")
        cls.below = wait_for(lambda: len(s.firing("LineDown", uplink=TOWNSHIP)) == int(cls.children[0]["value"][1]) and
                             s.firing("LineDown", uplink=TOWNSHIP), 30, "those below it, confirmed one after the other")
        cls.site = wait_for(lambda: s.firing("SiteDown", site=SITE), 60, "the website's alert")[0]
        moments.append(time.time())
        cls.page = stand.get(f"http://{stand.DAEMON}/metrics")
        cls.openmetrics = stand.get(f"http://{stand.DAEMON}/metrics", {"Accept": "application/openmetrics-text; version=1.0.0"})
        wait_for(lambda: cls.of_the_cut("firing"), 60, "the carrier's cut is told")
        s.second.mend()
        wait_for(lambda: s.told("SiteDown", "resolved"), 120, "the website is back and somebody was told")
        wait_for(lambda: s.told("UplinkDown", "resolved"), 120, "the township is back and somebody was told")
        wait_for(lambda: cls.of_the_cut("resolved"), 60, "the carrier is back and somebody was told")
        # A device's fans are among the last that a profile reads, and the township may have been cut before.
        wait_for(lambda: s.series(f'changtong_line_fans_failed{{line="{TOWNSHIP}"}}'), 300, "the township's device was read whole")
        moments.append(time.time())
        cls.lint = subprocess.run(["node", str(ROOT / "dashboards/grafana/build/lint.js"), "--prometheus", f"http://{stand.PROMETHEUS}",
                                   "--minutes", "2", "--at", ",".join(f"{t:.3f}" for t in moments)], capture_output=True, text=True, timeout=300)
        # The store hides the newest thirty seconds, in which a node may still be writing.
        wait_for(lambda: s.stored(f"changtong_build_info offset {max(0, int(time.time() - moments[-1]))}s"), 60, "the store has it")
        login = f"nodes:{urllib.parse.quote(stand.PASSWORD)}@"
        cls.lint_of_store = subprocess.run(["node", str(ROOT / "dashboards/grafana/build/lint.js"), "--prometheus", f"http://{login}{stand.STORE}",
                                            "--minutes", "2", "--at", ",".join(f"{t:.3f}" for t in moments)], capture_output=True, text=True,
                                           timeout=300)
        cls.stored = {metric: s.stored(f"count by (node) ({metric})") for metric in ("changtong_line_state", "changtong:lines:count", "ALERTS")}
        cls.missed = wait_for(lambda: s.firing("ContractTargetMissed"), 120, "a contract is missed")
        cls.rules = s.ask("rules")["groups"]
        cls.up = s.series(f'min_over_time(up{{job="changtong",instance="{stand.DAEMON}"}}[1m])')
        cls.lines = {i: s.series(f'sum(changtong:lines:count{{job=~".*",instance="{i}"}})') for i in (stand.DAEMON, stand.SECOND)}
        cls.at_the_end = s.ask("alerts")["alerts"]
        cls.ended = time.time()
        s.demo.terminate()
        s.demo.wait(timeout=20)
        cls.absent = wait_for(lambda: s.firing("DaemonAbsent"), 90, "the daemon is missed")[0]

    @classmethod
    def of_the_cut(cls, status):
        """The messages that have something of the second monitor's carrier with this status."""
        return [m for m in list(cls.stand.messages) for a in m["alerts"][:1] if a["labels"].get("instance") == stand.SECOND and m["status"] == status]

    def test_a_carriers_cut_of_26_lines_is_one_message_and_so_is_its_end(self):
        for status in ("firing", "resolved"):
            told = self.of_the_cut(status)
            self.assertEqual([(m["receiver"], m["groupLabels"].get("together"), len(m["alerts"])) for m in told],
                             [("值班紧急", "运营商 中国移动", 26)], status)
        for alert in self.of_the_cut("firing")[0]["alerts"]:
            self.assertIn("自 2026-03-14 15:04:05 起。运营商 中国移动 的多条专线一起中断，", alert["annotations"]["description"])

    def test_two_monitors_are_told_apart(self):
        self.assertEqual({i: [one["value"][1] for one in found] for i, found in self.lines.items()}, {stand.DAEMON: ["60"], stand.SECOND: ["31"]})

    def test_the_begin_of_an_outage_is_civil_time_of_the_daemons_zone(self):
        said = re.search(r"自 (\S+ \S+) 起", self.uplink["annotations"]["description"])[1]
        since = calendar.timegm(time.strptime(said, "%Y-%m-%d %H:%M:%S")) - 8 * 3600  # Asia/Shanghai, wherever Prometheus runs
        self.assertLess(abs(since - calendar.timegm(time.strptime(self.uplink["activeAt"][:19], "%Y-%m-%dT%H:%M:%S"))), 30)

    def test_every_query_of_every_panel_variable_and_annotation_has_an_answer(self):
        self.assertEqual(self.lint.returncode, 0, self.lint.stderr + self.lint.stdout)
        self.assertIn("6 个面板文件", self.lint.stdout)

    def test_the_same_of_a_store_that_a_node_writes_to(self):
        self.assertEqual(self.lint_of_store.returncode, 0, self.lint_of_store.stderr + self.lint_of_store.stdout)
        for metric, found in self.stored.items():
            self.assertEqual([one["metric"] for one in found], [{"node": stand.NODE}], metric)

    def test_annotations_show_the_outages(self):
        for query in ('ALERTS{alertname=~"UplinkDown|SiteDown",alertstate="firing"}', f'changtong_line_down_info{{line="{TOWNSHIP}"}}',
                      'changtong_site_down_info{site=~".*"}', 'ALERTS{alertname="DaemonAbsent",alertstate="firing"}'):
            with self.subTest(query=query):
                self.assertTrue(self.stand.series(f"last_over_time({query}[10m])"))

    def test_every_rule_is_evaluated_without_error(self):
        sick = [(r["name"], r.get("lastError")) for g in self.rules for r in g["rules"] if r["health"] != "ok"]
        self.assertEqual(sick, [])
        self.assertGreater(sum(len(g["rules"]) for g in self.rules), 40)

    def test_the_township_has_one_alert_with_name_cause_and_how_many_hang_below(self):
        labels, texts = self.uplink["labels"], self.uplink["annotations"]
        self.assertEqual((labels["severity"], labels["uplink"], labels["category"]), ("critical", TOWNSHIP, "township"))
        self.assertEqual(texts["summary"], f"上联中断：{labels['name']}（{TOWNSHIP}）")
        self.assertIn(f"下挂 {self.children[0]['value'][1]} 条专线", texts["description"])
        self.assertRegex(texts["description"], r"原因：(连接被拒绝|端口不可达|超时无应答)，自 20\d\d-\d\d-\d\d ")
        self.assertEqual(self.stand.firing("LineDown", line=TOWNSHIP), [])

    def test_each_line_below_has_its_alert_tied_to_the_township(self):
        self.assertEqual(len(self.below), int(self.children[0]["value"][1]))
        reasons = {a["annotations"]["description"].split("原因：")[1].split("，")[0] for a in self.below}
        self.assertIn("上级线路中断", reasons)

    def test_the_townships_alert_silences_those_below_it_and_nobody_else(self):
        seen = {key: value for key, value in self.stand.states.items() if key[0] == "LineDown" and key[2] == TOWNSHIP}
        self.assertEqual(len(seen), len(self.below))
        for key, states in seen.items():
            self.assertIn(("suppressed", True), states, key)
        self.assertNotIn(("suppressed", True), self.stand.states["UplinkDown", TOWNSHIP, TOWNSHIP])
        self.assertNotIn(("suppressed", True), self.stand.states["SiteDown", SITE, ""])
        told = [a["labels"]["line"] for status in ("firing", "resolved") for _, a in self.stand.told("LineDown", status)
                if a["labels"].get("uplink") == TOWNSHIP]
        self.assertEqual(told, [])

    def test_the_townships_message_goes_to_whom_it_should_and_its_end_too(self):
        for status in ("firing", "resolved"):
            self.assertEqual({receiver for receiver, _ in self.stand.told("UplinkDown", status)}, {"值班紧急"}, status)

    def test_the_website_is_told_with_its_cause_and_its_end(self):
        self.assertEqual(self.site["annotations"]["summary"], "网站打不开：云泽区政府信息公开平台")
        self.assertIn("原因：HTTP 状态码不符", self.site["annotations"]["description"])
        self.assertEqual({receiver for receiver, _ in self.stand.told("SiteDown", "firing")}, {"值班紧急"})
        self.assertTrue(self.stand.told("SiteDown", "resolved"))

    def test_what_is_over_no_longer_fires(self):
        left = [a["labels"] for a in self.at_the_end if a["labels"]["alertname"] in ("UplinkDown", "SiteDown") and
                (a["labels"].get("line"), a["labels"].get("site")) in ((TOWNSHIP, None), (None, SITE))]
        self.assertEqual(left, [])

    def test_a_certificate_of_twenty_days_is_a_warning_only(self):
        self.assertTrue([a for a in self.at_the_end if a["labels"]["alertname"] == "SiteCertificateExpiring" and a["labels"]["site"] == "secure"])
        self.assertEqual([a for a in self.at_the_end if a["labels"]["alertname"] == "SiteCertificateExpiringSoon"], [])

    def test_a_missed_contract_says_figure_target_and_source(self):
        for alert in self.missed:
            self.assertRegex(alert["annotations"]["description"], r"畅通率为 \d\d\.\d{5} %，约定 99\.9")
            self.assertIn(f"依据：{alert['labels']['source']}", alert["annotations"]["description"])

    def test_a_fast_burn_is_seen_over_windows_of_minutes_and_hours(self):
        burn = [a for a in self.at_the_end if a["labels"]["alertname"] == "ContractBudgetBurnFast"]
        self.assertTrue(burn)

    def test_a_daemon_that_is_gone_is_told_and_calls_no_line_down_that_was_not_before(self):
        self.assertEqual(self.absent["labels"]["severity"], "critical")
        for alert in self.stand.firing("LineDown"):  # an outage that was open stays open: nobody has seen its end
            since = calendar.timegm(time.strptime(alert["activeAt"][:19], "%Y-%m-%dT%H:%M:%S"))
            self.assertLess(since, self.ended + 20, alert["labels"])

    def test_the_page_passes_promtool(self):
        done = subprocess.run(["promtool", "check", "metrics"], input=self.page, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_the_openmetrics_page_passes_a_strict_parser(self):
        script = ("import sys; from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse;"
                  "print(len(list(parse(sys.stdin.read()))))")
        done = subprocess.run(["/usr/bin/python3", "-c", script], input=self.openmetrics, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(int(done.stdout), 80)

    def test_every_scrape_was_taken_whole(self):
        self.assertEqual([u["value"][1] for u in self.up], ["1"])
        self.assertNotRegex(self.stand.log("observed/prometheus.log"), "append failed|Error on ingesting|invalid UTF-8")


if __name__ == "__main__":
    unittest.main()
