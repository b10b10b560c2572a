"""What can be said of dashboards and rules without running anything of ours."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRAFANA = ROOT / "dashboards/grafana"
RULES = ROOT / "dashboards/rules"


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


class StillTest(unittest.TestCase):
    def test_the_json_is_what_the_source_makes(self):
        code, said = run("node", GRAFANA / "build/write.js", "--check")
        self.assertEqual(code, 0, said)

    def test_the_lint_has_no_complaint(self):
        code, said = run("node", GRAFANA / "build/lint.js")
        self.assertEqual(code, 0, said)

    def test_observability_refuses_a_folder_in_which_prometheus_would_find_no_rule(self):
        for folder in ("/tmp/a[1]", "/tmp/a&b", "/tmp/a*", "/tmp/a|b"):
            with self.subTest(folder=folder):
                code, said = run(ROOT / "deploy/observability", "--no-install", "--dir", folder)
                self.assertEqual(code, 2, said)
                self.assertIn(folder, said)
                self.assertFalse(pathlib.Path(folder).exists())

    def test_promtool_takes_every_rule_file(self):
        for rules in sorted(RULES.glob("*.rules.yml")):
            with self.subTest(rules=rules.name):
                code, said = run("promtool", "check", "rules", rules)
                self.assertEqual(code, 0, said)

    def test_every_rule_file_has_its_tests_and_they_pass(self):
        for rules in sorted(RULES.glob("*.rules.yml")):
            with self.subTest(rules=rules.name):
                tests = rules.with_name(rules.name.replace(".rules.", ".test."))
                self.assertTrue(tests.exists(), f"{tests.name} is missing")
                code, said = run("promtool", "test", "rules", tests)
                self.assertEqual(code, 0, said)

    def test_every_alert_is_seen_firing_in_a_test(self):
        text = "".join(p.read_text() for p in RULES.glob("*.test.yml"))
        for rules in RULES.glob("*.rules.yml"):
            for name in re.findall(r"- alert: (\w+)", rules.read_text()):
                fired = re.search(rf"alertname: {name}\n\s+eval_time: \w+\n\s+exp_alerts:\n\s+- exp_labels", text)
                self.assertIsNotNone(fired, f"no test sees {name} firing")

    def test_every_alert_speaks_chinese(self):
        for rules in RULES.glob("*.rules.yml"):
            for alert in rules.read_text().split("- alert: ")[1:]:
                for key in ("summary:", "description:"):
                    line = alert[alert.index(key):][:200]
                    self.assertRegex(line, "[\u4e00-\u9fff]", f"{rules.name}: {alert.split()[0]} {key}")

    def test_amtool_takes_the_configuration_and_routes_as_meant(self):
        config = ROOT / "deploy/alertmanager/alertmanager.yml"
        code, said = run("amtool", "check-config", config)
        self.assertEqual(code, 0, said)
        for receiver, labels in [("值班紧急", ["alertname=UplinkDown", "severity=critical", "together=龙河镇 中国电信"]),
                                 ("值班", ["alertname=LineDown", "severity=warning", "together=龙河镇 中国移动"]),
                                 ("值班紧急", ["alertname=LineDown", "severity=warning", "together=运营商 中国移动"]),
                                 ("值班紧急", ["alertname=LineDown", "severity=warning", "together=乡镇 龙河镇"]),
                                 ("值班", ["alertname=ChangtongTest", "severity=info"]),
                                 ("值班紧急", ["alertname=ChangtongAlert", "alert=A20260314-0007", "cause=carrier"]),
                                 ("运维", ["alertname=SealMissing", "severity=warning"]),
                                 ("运维", ["alertname=AlertChannelFailing", "severity=warning"]),
                                 ("运维", ["alertname=AlertsToldTwice", "severity=info"]),
                                 ("日报", ["alertname=LineDegraded", "severity=info"]),
                                 ("运维", ["alertname=DaemonAbsent", "severity=critical"]),
                                 ("运维", ["alertname=ChangtongOwnUplinkSilent", "severity=critical"])]:
            with self.subTest(receiver=receiver):
                code, said = run("amtool", "config", "routes", "test", f"--config.file={config}", *labels)
                self.assertEqual((code, said.split("\n")[0]), (0, receiver))

    def test_mail_has_a_chinese_title_and_text(self):
        texts = lambda n: {"summary": f"专线中断：{n}（V{n}）", "description": "超时无应答"}
        data = lambda alerts, **common: json.dumps({"status": "firing", "receiver": "值班", "groupLabels": {}, "commonLabels": common,
                                                    "commonAnnotations": {}, "externalURL": "", "alerts": alerts})
        firing = lambda n: {"status": "firing", "labels": {"alertname": "LineDown"}, "annotations": texts(n)}
        over = {"status": "resolved", "labels": {"alertname": "LineDown"}, "annotations": texts(9)}
        for alerts, common, title in [([firing(1)], {}, "专线中断：1（V1）"), ([over], {}, "1 条已恢复"),
                                      ([firing(n) for n in range(26)] + [over], {"together": "运营商 中国移动"}, "运营商 中国移动：26 条告警，1 条已恢复")]:
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(data(alerts, **common))
                file.flush()
                render = lambda name: run("amtool", "template", "render", f"--template.glob={ROOT}/deploy/alertmanager/changtong.tmpl",
                                          f"--template.data={file.name}", "--template.text", '{{ template "changtong.%s" . }}' % name)
                self.assertEqual(render("title"), (0, title))
                self.assertIn(alerts[0]["annotations"]["summary"], render("text")[1])

    def test_what_changtong_tells_itself_are_alerts_that_exist(self):
        text = "".join(p.read_text() for p in RULES.glob("*.rules.yml"))
        told = re.search(r"#changtong     regex: (\S+)", (ROOT / "deploy/prometheus/prometheus.yml").read_text())[1].split("|")
        self.assertEqual([name for name in told if f"- alert: {name}\n" not in text], [])

    def test_no_file_is_cited_that_a_user_does_not_have(self):
        for folder in (RULES, ROOT / "deploy", GRAFANA / "json"):
            for file in (p for p in folder.rglob("*") if p.is_file()):
                self.assertNotRegex(file.read_text(), r"\b(design|rules)\.md\b", file)

    def test_pictures_stay_small(self):
        sizes = {p.name: p.stat().st_size for p in (GRAFANA / "pictures").glob("*.png")}
        self.assertTrue(sizes)
        self.assertEqual([n for n, size in sizes.items() if size > 250_000], [])
        self.assertLess(sum(sizes.values()), 2_500_000)

    def test_boards_are_dated_by_nothing(self):
        # a build of the same source on another day, by another person, gives the same bytes
        for board in (GRAFANA / "json").glob("*.json"):
            self.assertNotIn("created", json.loads(board.read_text()))


if __name__ == "__main__":
    unittest.main()
