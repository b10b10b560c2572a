"""The evaluation kept in view by a running daemon: what it measures, what people enter and when, on the metrics page and
over the API; a plan with a mistake takes no effect; at the year's end the command writes what the office hands in."""

import datetime
import json
import re
import unittest
import zipfile

import peers
import subject
from subject import Daemon

NOW = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
YEAR = NOW.year
PLAN = f"""year: {YEAR}
project: 信息化项目
layout: anhui
score_by: A
group_formula: R1
coverage_floor: 50%
goals: {{ expected: 保障专线运行, reached: 专线运行正常 }}
execution: {{ weight: 10, rows: [ {{ name: 年度资金总额, full_year: 900, executed: 450 }} ] }}
levels:
  - name: 产出
    weight: 90
    groups:
      - name: 产出质量
        indicators:
          - {{ id: lines, name: 政务专线畅通率, target: ≥99.9%, weight: 60, source: {{ kind: measured, figure: availability }} }}
          - {{ id: basis, name: 立项依据规范性, target: 符合规定, weight: 20, source: {{ kind: document, files: [批复.txt] }} }}
          - {{ id: users, name: 公众号服务人数, target: ≥5万人, weight: 10, source: {{ kind: counter, counter: wechat, count: last }} }}
"""
CONFIG = """api:
  token: reload-token-0123456789
  people:
    - { name: 周工, token: zhou-token-0123456789, may: [import, evaluate] }
evaluation: { plan: plan.yaml, every: 10s }
"""


class LiveEvaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = d = Daemon(cls.folder / "evaluation")
        cls.port = peers.Listener("127.8.9.1", 7001)
        (d.folder / "批复.txt").write_text("同意立项\n")
        (d.folder / "plan.yaml").write_text(PLAN)
        d.configure([{"id": "L1", "address": "127.8.9.1", "checks": "tcp:port=7001,reset=bad"}], extra=CONFIG)
        d.start()
        d.wait_up("L1")
        token = d.folder / "zhou.token"
        token.write_text("zhou-token-0123456789\n")
        api = ("--api", "http://127.0.0.1:8080", "--token-file", token)
        cls.before = cls.until(lambda e: cls.standing(e, "lines") == "scored", "the line has no figure")
        cls.entered = [subject.run("counter", "add", "wechat", "60000", "--unit", "人", "--source", "平台后台", *api),
                       subject.run("verdict", "add", "--plan", str(YEAR), "--indicator", "basis", "--verdict", "achieved",
                                   "--points", "19", "--text", "批复齐全", *api)]
        cls.after = cls.until(lambda e: cls.standing(e, "basis") == "scored", "the verdict is not seen")
        cls.metrics = d.get("/metrics")[1]
        (d.folder / "plan.yaml").write_text(PLAN.replace("weight: 60", "weight: 50"))
        cls.refused = d.request("/api/v1/reload", "POST", {"Authorization": "Bearer reload-token-0123456789"})
        cls.still = d.json("/api/v1/evaluation")
        (d.folder / "plan.yaml").write_text(PLAN)
        d.stop()
        cls.out = d.folder / "out"
        cls.command = subject.run("evaluate", "--plan", d.folder / "plan.yaml", "--ledger", d.ledger, "--out", cls.out)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    @classmethod
    def until(cls, good, what):
        last = {}

        def look():
            status, body = cls.daemon.get("/api/v1/evaluation")
            last["e"] = json.loads(body)
            return status == 200 and good(last["e"])

        peers.wait_for(look, 45, what + "\n" + cls.daemon.tail())
        return last["e"]

    @staticmethod
    def of(e, indicator):
        return next(i for i in e["indicators"] if i["id"] == indicator)

    @classmethod
    def standing(cls, e, indicator):
        return cls.of(e, indicator)["standing"] if "indicators" in e else None

    def test_the_line_is_measured_and_what_nobody_entered_has_no_points(self):
        self.assertEqual(self.of(self.before, "lines")["score"], "60.00")
        self.assertEqual(self.of(self.before, "basis")["standing"], "undecided")
        self.assertEqual(self.of(self.before, "users")["standing"], "insufficient")
        self.assertIsNone(self.before["total"])

    def test_what_people_enter_counts_at_the_next_look(self):
        for code, out, err in self.entered:
            self.assertEqual(code, 0, err)
        self.assertEqual(self.of(self.after, "basis")["score"], "19.00")
        self.assertEqual(self.of(self.after, "users")["score"], "10.00")
        self.assertEqual(self.after["total_so_far"], "94.00")  # 60 + 19 + 10, and half of the budget
        self.assertFalse(self.after["final"])

    def test_the_metrics_say_the_same(self):
        def value(name, indicator):
            return float(re.search(rf'^changtong_indicator_{name}{{[^}}]*indicator="{indicator}"[^}}]*}} (\S+)$', self.metrics, re.M)[1])

        self.assertEqual(value("score", "basis"), 19)
        self.assertEqual(value("value", "users"), 6)  # in the unit of the target: 万人
        self.assertEqual(value("target", "users"), 5)
        self.assertGreater(value("coverage_ratio", "lines"), 0.5)
        self.assertEqual(float(re.search(r"^changtong_evaluation_score{[^}]*} (\S+)$", self.metrics, re.M)[1]), 94)

    def test_a_plan_whose_weights_do_not_add_up_takes_no_effect(self):
        self.assertEqual(self.refused[0], 409)
        self.assertIn("plan.yaml", self.refused[1])
        self.assertEqual(self.still["total_so_far"], "94.00")

    def test_the_command_writes_the_form_and_the_report(self):
        code, out, err = self.command
        self.assertEqual(code, 0, err)
        self.assertIn("阻碍定稿", out)  # the year is not over
        for name in ("form.xlsx", "report.html", "report.docx", "evaluation.json", "evidence/lines.html"):
            self.assertTrue((self.out / name).stat().st_size > 0, name)
        self.assertIn("周工", (self.out / "evidence/basis.html").read_text())
        with zipfile.ZipFile(self.out / "form.xlsx") as form:
            self.assertIsNone(form.testzip())
