"""A written report is held against itself and against what stands beside it; its findings become comments of a copy that
another program reads."""

import json
import shutil
import subprocess
import unittest

import subject

REPORT = """# 2024年度信息化项目绩效自评报告

全年预算数500万元，执行数450万元，预算执行率91%。

安装摄像机100台，其中室内80台、室外40台。

| 指标名称 | 分值 | 目标值 | 完成值 | 得分 |
|---|---|---|---|---|
| 专线数量 | 10 | ≥353条 | 353条 | 12 |
"""


def pandoc(*arguments, given=None):
    return subprocess.run(["pandoc", *[str(a) for a in arguments]], input=given, capture_output=True, check=True).stdout


def comments_in(tree):
    """Author and text of each comment, anywhere in pandoc's tree."""
    found = []

    def words(node):
        if isinstance(node, list):
            return "".join(words(n) for n in node)
        if isinstance(node, dict):
            return node["c"] if node["t"] == "Str" else " " if node["t"] == "Space" else words(node.get("c", ""))
        return ""

    def walk(node):
        if isinstance(node, list):
            for n in node:
                walk(n)
        elif isinstance(node, dict):
            if node.get("t") == "Span" and "comment-start" in node["c"][0][1]:
                found.append((dict(node["c"][0][2])["author"], words(node["c"][1])))
            for n in node.values():
                walk(n)

    walk(tree)
    return found


class Consistency(unittest.TestCase):
    folder = None  # set by run.py

    def setUp(self):
        self.folder.mkdir(parents=True, exist_ok=True)

    def put(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    @unittest.skipUnless(shutil.which("pandoc"), "pandoc is not installed")
    def test_findings_are_comments_in_a_copy(self):
        report, out = self.folder / "report.docx", self.folder / "out.docx"
        pandoc("-f", "markdown", "-o", report, given=REPORT.encode())
        before = report.read_bytes()
        code, text, said = subject.run("consistency", report, "--annotate", out)
        self.assertEqual(code, 1, said)
        self.assertIn("批注", said)
        self.assertEqual(report.read_bytes(), before, "the report itself is not touched")
        found = comments_in(json.loads(pandoc("-f", "docx", "--track-changes=all", "-t", "json", out)))
        self.assertEqual({author for author, _ in found}, {"changtong"})
        for words in ("450万元 ÷ 500万元", "得分 12 高于分值 10", "[待说明] 合计与分项"):
            self.assertTrue(any(words in comment for _, comment in found), (words, found))
        self.assertEqual(pandoc("-t", "plain", out), pandoc("-t", "plain", report), "it says what it said")
        code, again, _ = subject.run("consistency", out)
        self.assertEqual((code, again), (1, text), "and is read as before")

    @unittest.skipUnless(shutil.which("pandoc"), "pandoc is not installed")
    def test_a_copy_is_written_over_nothing_and_only_of_a_document(self):
        report, there = self.folder / "report.docx", self.put("there.docx", "somebody's work")
        pandoc("-f", "markdown", "-o", report, given=REPORT.encode())
        self.assertEqual(subject.run("consistency", report, "--annotate", there)[0], 3)
        self.assertEqual(there.read_text(), "somebody's work")
        self.assertEqual(subject.run("consistency", report, "--annotate", report)[0], 3)
        code, _, said = subject.run("consistency", self.put("r.txt", REPORT), "--annotate", self.folder / "new.docx")
        self.assertEqual(code, 2, said)
        self.assertFalse((self.folder / "new.docx").exists())

    def test_last_years_report_is_held_against_what_is_said_of_it(self):
        head = "{}年度信息化项目绩效自评报告\n\n一、项目资金\n{}\n"
        last = self.put("2023.txt", head.format(2023, "专线租赁费用为800万元。"))
        report = self.put("2024.txt", head.format(2024, "上年专线租赁费用为780万元。"))
        self.assertEqual(subject.run("consistency", report)[0], 0)
        code, text, _ = subject.run("consistency", report, "--last-year", last, "--format", "json")
        found = json.loads(text)
        self.assertEqual((code, [f["kind"] for f in found], found[0]["lines"]), (1, ["claim/last_year"], [4]))
        older = self.put("2021.txt", head.format(2021, "专线租赁费用为800万元。"))
        code, _, said = subject.run("consistency", report, "--last-year", older)
        self.assertEqual(code, 2, said)
        self.assertIn("2021 年度", said)

    def test_the_approval_is_held_against_budget_and_targets(self):
        report = self.put("a.txt", "2024年度信息化项目绩效自评报告\n\n一、项目资金\n全年预算数930万元，专线租赁费600万元。\n"
                                   "二、绩效目标\n运维专线条数不少于350条。\n")
        approval = self.folder / "批复.csv"
        approval.write_bytes("项目名称,批复金额（万元）\r\n专线租赁费,600\r\n合计,921.47\r\n".encode("gb18030"))
        code, text, said = subject.run("consistency", report, "--approval", approval)
        self.assertEqual(code, 1, said)
        self.assertIn("批复（「批复.csv」B3）中“合计”是 921.47万元，报告写 930万元", text)
        self.assertNotIn("专线租赁费", text)
        targets = self.put("targets.csv", "指标名称,指标值\n运维专线条数,≥353条\n")
        self.assertIn("“运维专线条数”是 ≥353条，报告写 不少于350条", subject.run("consistency", report, "--approval", targets)[1])
        self.assertEqual(subject.run("consistency", report, "--approval", self.put("no.csv", "甲,乙\n"))[0], 3)
