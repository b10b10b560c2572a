"""A month's report and an evaluation over the nodes of a centre: each node's own, added up; what is closed stays, and what
was not shipped is unknown."""

import csv
import datetime
import json
import re
import unittest
from urllib.parse import quote

import centre_figures_test
import subject
from centre_test import READER, TOKENS, CentreWorld

YEAR = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).year
FIGURES = ["availability", "line_count", "unit_count", "outage_count", "longest_outage", "operation_days"]
TARGETS = {"line_count": "≥1条", "unit_count": "≥0个", "outage_count": "≤9次", "longest_outage": "≤1小时", "operation_days": "≥1天"}
INDICATORS = "\n".join(f"          - {{ id: {what}, name: {what}, target: {TARGETS.get(what, '≥50%')}, weight: 15, source: {{ kind: measured, figure: {what} }} }}" for what in FIGURES)
PLAN = f"""year: {YEAR}
project: 电子政务外网
reverse: 1
score_by: A
group_formula: R1
coverage_floor: 0.001%
execution: {{ weight: 10, rows: [ {{ name: 总额, full_year: 900, executed: 900 }} ] }}
levels:
  - name: 产出
    weight: 90
    groups:
      - name: 产出数量
        indicators:
{INDICATORS}
"""


class Papers(CentreWorld):
    nodes_more, ask, folded = (getattr(centre_figures_test.Figures, name) for name in ("nodes_more", "ask", "folded"))

    def done(self, *words, code=0):
        got, out, err = subject.run(*words)
        self.assertEqual(got, code, out + err)
        return out + err

    def evaluated(self, name, *where):
        out = self.home / name
        self.done("evaluate", "--plan", self.home / "plan.yaml", *where, "--out", out)
        found = {i["id"]: i for i in json.loads((out / "evaluation.json").read_text())["indicators"]}
        for i in found.values():
            i["proof"] = re.sub(r"<[^>]*>", " ", (out / i["evidence"]).read_text())
        return found, out

    def page(self, name, *where):
        said = self.done("report", *where, "--period", str(YEAR), "--out", self.home / f"{name}.html")
        return said, re.sub(r"<[^>]*>", " ", (self.home / f"{name}.html").read_text())

    def test_report_and_evaluation_over_two_districts(self):
        for _ in range(2):
            self.blink()
            for k, node in enumerate(self.nodes.values()):
                node.wait_up(f"L{k}")
        for name, node in self.nodes.items():
            self.assertEqual(node.stop(), 0)
            if not self.has_all(name):
                node.start()
                self.wait_equal(name)
                self.assertEqual(node.stop(), 0)
            self.wait_equal(name)
        self.folded()
        self.assertEqual(self.command("seal")[0], 0)
        (self.home / "plan.yaml").write_text(PLAN)
        centre = ("--centre", self.centre.config)

        alone = {}
        for name, node in self.nodes.items():
            alone[name], _ = self.evaluated(f"own-{name}", "--ledger", node.ledger)
            mine, _ = self.evaluated(f"centre-{name}", *centre, "--node", name)
            for what in FIGURES:
                if what != "availability":  # which goes on being unknown from one command to the next
                    self.assertEqual((mine[what]["actual_value"], mine[what]["standing"]), (alone[name][what]["actual_value"], alone[name][what]["standing"]), what)
                outages = re.compile(r"(?:中断 )?L\d：\S+ \S+ 至 \S+ \S+")
                self.assertEqual(outages.findall(mine[what]["proof"]), outages.findall(alone[name][what]["proof"]), what)
            self.assertEqual(len(outages.findall(mine["availability"]["proof"])), int(alone[name]["outage_count"]["actual_value"]))
        both, folder = self.evaluated("both", *centre)
        for what in ("outage_count", "unit_count"):
            self.assertEqual(int(both[what]["actual_value"]), sum(int(alone[name][what]["actual_value"]) for name in TOKENS), what)
        self.assertEqual(set(re.findall(r"\S+区/L\d", both["availability"]["proof"])) - {"东城区/L0", "西城区/L1"}, set())
        self.assertEqual(both["operation_days"]["standing"], "insufficient")
        self.assertIn("用 --node 逐个节点评价", both["operation_days"]["proof"])
        self.assertRegex(both["availability"]["proof"], r"封存 \d+ 次")
        heads = self.heads()
        with open(folder / "evidence/centre-heads.csv", encoding="utf-8-sig") as text:
            rows = {row["节点"]: row for row in csv.DictReader(text)}
        self.assertEqual({name: (int(row["条目"]), row["末条摘要"], row["链"]) for name, row in rows.items()},
                         {name: (heads[name]["entries"], heads[name]["hash"], "完整") for name in TOKENS})

        said, page = self.page("both", *centre)
        outages = sum(int(alone[name]["outage_count"]["actual_value"]) for name in TOKENS)
        self.assertIn(f"专线 2 条，网站 0 个，中断 {outages} 次", said)
        for text in ("各区县", "某省 · 某市 · 东城", "某省 · 某市 · 西城", "东城区/L0", "西城区/L1", "注意：期间尚未结束或尚未观测完"):
            self.assertIn(text, page)
        said, page = self.page("east", *centre, "--district", "东城")
        self.assertIn("专线 1 条", said)
        self.assertNotIn("西城区", page)
        self.done("report", *centre, "--period", str(YEAR), "--out", self.home / "both.xlsx")
        self.done("report", *centre, "--period", str(YEAR), "--district", "南城", "--out", self.home, code=2)
        self.done("report", "--ledger", self.nodes["东城区"].ledger, "--district", "东城", "--period", str(YEAR), "--out", self.home, code=2)

        token = {"Authorization": f"Bearer {READER}"}
        status, file = self.centre.request(f"/centre/v1/reports/{YEAR}.html?district={quote('东城')}", headers=token)
        self.assertEqual(status, 200, file)
        self.assertIn("某省 · 某市 · 东城", file)
        self.assertNotIn("西城区", file)
        for path, code in ((f"{YEAR}.pdf", 400), (f"{YEAR + 1}.html", 400), ("x.html", 400), (f"{YEAR}.html?node=x", 400), (f"{YEAR}.html?month=1", 400)):
            self.assertEqual(self.centre.request(f"/centre/v1/reports/{path}", headers=token)[0], code, path)
        self.assertEqual(self.centre.request(f"/centre/v1/reports/{YEAR}.html")[0], 401)

        more = self.home / "more.yaml"  # a district that has shipped nothing yet
        more.write_text(self.centre.config.read_text() + "  - { name: 新区, token: 0cc175b9c0f1b6a831c399e269772661, district: 新区, city: 某市, province: 某省 }\n")
        missing, _ = self.evaluated("more", "--centre", more)
        self.assertEqual({what: missing[what]["standing"] for what in FIGURES}, dict.fromkeys(FIGURES, "insufficient"))
        self.assertIn("新区 的账一条也没有算进来", missing["line_count"]["proof"])
        self.assertRegex(self.page("more", "--centre", more)[1], r"某省 · 某市 · 新区\s+未知\s+—")

        self.database.ask("UPDATE journal SET body = body || ' ' WHERE seq = 2 AND node = (SELECT node FROM nodes WHERE name = '西城区')")
        self.evaluated("forged", *centre)
        self.assertIn("节点 西城区 的账自第 2 条起链条断开", (self.home / "forged/evaluation.json").read_text())


if __name__ == "__main__":
    unittest.main()
