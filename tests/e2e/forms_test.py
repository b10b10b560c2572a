"""A bureau's form goes in, is held against itself, becomes a plan that evaluates to the form's own total; a sheet goes out to
be filled in, in XLSX and in DOCX, and comes back without a byte of the plan lost."""

import csv
import io
import json
import pathlib
import re
import shutil
import unicodedata
import unittest
import xml.etree.ElementTree as xml
import zipfile

import sheets
import subject

FORMS = pathlib.Path(__file__).resolve().parents[1] / "forms" / "tuned"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
xml.register_namespace("w", W)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(name):
    """The cells of a form of tests/forms, and the name of its tab."""
    rows, tab = [], "Sheet1"
    for line in (FORMS / f"{name}.txt").read_text(encoding="utf-8").split("---")[0].splitlines():
        if line.startswith("like "):
            rows, tab = rows_of(line[5:])
        elif m := re.match(r"([A-Z])(\d+) :=(.*)", line):
            rows[int(m[2]) - 1][ord(m[1]) - 65] = m[3].strip()
        elif line.startswith("tab: "):
            tab = line[5:]
        elif not line.startswith("kind: "):
            rows.append([c.strip() for c in line.split("|")])
    return rows, tab


def reach(rows, r, c):
    """How many columns and rows the cell takes."""
    right = 1
    while c + right < len(rows[r]) and rows[r][c + right] == "<":
        right += 1
    down = 1
    while r + down < len(rows) and c < len(rows[r + down]) and rows[r + down][c] == "^":
        down += 1
    return right, down


def workbook(name):
    rows, tab = rows_of(name)
    merges, out = [], io.StringIO()
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            right, down = reach(rows, r, c)
            if text not in ("<", "^") and (right > 1 or down > 1):
                merges.append(f"{chr(65 + c)}{r + 1}:{chr(64 + c + right)}{r + down}")
    number = re.compile(r"-?\d+(\.\d+)?$")
    csv.writer(out).writerows(
        [("" if t in ("<", "^") else f"#:{t}" if number.match(t) else t) for t in row] for row in rows)
    return sheets.workbook(f"sheet: {tab}\n" + out.getvalue(), " ".join(merges))


def document(name):
    rows, _ = rows_of(name)
    body = ""
    for r, row in enumerate(rows):
        cells = ""
        for c, text in enumerate(row):
            if text == "<":
                continue
            right, down = reach(rows, r, c)
            merge = '<w:vMerge/>' if text == "^" else '<w:vMerge w:val="restart"/>' if down > 1 else ""
            about = f'<w:tcPr><w:gridSpan w:val="{right}"/>{merge}</w:tcPr>'
            cells += f"<w:tc>{about}<w:p><w:r><w:t>{'' if text == '^' else sheets.escaped(text)}</w:t></w:r></w:p></w:tc>"
        body += f"<w:tr>{cells}</w:tr>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body><w:tbl>{body}</w:tbl></w:body></w:document>')
    return out.getvalue()


def sheet_rows(path):
    """The cells of a workbook's first sheet."""
    with zipfile.ZipFile(path) as z:
        strings = ["".join(t.text or "" for t in s.iter(MAIN + "t"))
                   for s in xml.fromstring(z.read("xl/sharedStrings.xml"))] if "xl/sharedStrings.xml" in z.namelist() else []
        rows = []
        for row in xml.fromstring(z.read("xl/worksheets/sheet1.xml")).iter(MAIN + "row"):
            cells = {}
            for c in row:
                value = c.find(MAIN + "v")
                if value is not None:
                    cells[ord(c.get("r")[0]) - 65] = strings[int(value.text)] if c.get("t") == "s" else value.text
            rows.append([cells.get(k, "") for k in range(12)])
        return rows


def filled_docx(path, out, words):
    """The same document with words in cells (編号, column)."""
    with zipfile.ZipFile(path) as z, zipfile.ZipFile(out, "w") as made:
        for name in z.namelist():
            data = z.read(name)
            if name == "word/document.xml":
                tree = xml.fromstring(data)
                for row in tree.iter(f"{{{W}}}tr"):
                    cells = row.findall(f"{{{W}}}tc")
                    texts = ["".join(t.text or "" for t in c.iter(f"{{{W}}}t")) for c in cells]
                    for (key, column), text in words.items():
                        if texts[0] == key:
                            paragraph = cells[column].find(f"{{{W}}}p")
                            run = xml.SubElement(paragraph, f"{{{W}}}r")
                            xml.SubElement(run, f"{{{W}}}t").text = text
                data = xml.tostring(tree)
            made.writestr(name, data)


class Forms(unittest.TestCase):
    folder = None  # set by run.py

    def setUp(self):
        self.folder.mkdir(parents=True, exist_ok=True)

    def put(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def test_a_form_is_computed_anew_in_both_formats(self):
        for kind, made in (("xlsx", workbook), ("docx", document)):
            code, out, err = subject.run("form", "check", self.put(f"right.{kind}", made("anhui")))
            self.assertEqual(code, 0, out + err)
            self.assertIn("有误 0 处", out)
            code, out, _ = subject.run("form", "check", self.put(f"rate.{kind}", made("anhui-rate")), "--format", "json")
            self.assertEqual(code, 1)
            found = json.loads(out)
            self.assertEqual([(f["kind"], f["strength"], f["stands"]) for f in found], [("rate", "wrong", "95.83%")])
            self.assertTrue(found[0]["should"].startswith("95"))
            self.assertEqual(found[0]["cell"], "「自评表」I5" if kind == "xlsx" else "表1 第5行第9列")

    def test_what_is_no_form_is_said(self):
        for name, data in (("text.xlsx", b"a,b\n1,2\n"), ("empty.docx", b""), ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9),
                           ("list.xlsx", sheets.workbook("sheet: a\nx,y\n1,2\n"))):
            path = self.put(name, data)
            for words in (("form", "check", path), ("plan", "import", path)):
                code, _, err = subject.run(*words)
                self.assertEqual(code, 3, f"{name} {err}")
                self.assertIn(name, err)
        self.assertEqual(subject.run("form", "check", self.folder / "none.xlsx")[0], 3)
        self.assertEqual(subject.run("form", "check")[0], 2)

    def test_a_form_becomes_a_plan_that_is_evaluated_filled_in_and_evaluated_again(self):
        plan = self.folder / "plan.yaml"
        code, _, err = subject.run("plan", "import", self.put("ministry.xlsx", workbook("ministry")), "--out", plan)
        self.assertEqual(code, 0, err)
        self.assertEqual(subject.run("plan", "import", self.folder / "ministry.xlsx", "--out", plan)[0], 3)  # never over a plan
        self.assertEqual(self.total(plan), "97.74")
        before = plan.read_text()
        plan.write_text(before + "# 科室自己的注释\n")

        sheet = self.folder / "fill.xlsx"
        code, out, err = subject.run("plan", "export", "--fill", plan, "--out", sheet)
        self.assertEqual(code, 0, out + err)
        rows = sheet_rows(sheet)
        indicator = next(r for r in rows if r[1] == "服务便捷")
        indicator[7], indicator[8], indicator[9], indicator[10] = "两套方案均已评审", "30", "张三", "2022年1月10日"
        wanted = next(r for r in rows if r[1] == "满意度")
        wanted[5], wanted[6] = "样本偏少", "扩大调查"
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        back = self.put("back.xlsx", sheets.workbook("sheet: 填报\n" + out.getvalue()))
        code, out, err = subject.run("plan", "import", "--fill", back, plan)
        self.assertEqual(code, 0, out + err)
        after = plan.read_text()
        self.assertIn("# 科室自己的注释", after)
        self.assertIn("样本偏少。改进措施：扩大调查", after)
        kept = [line for line in (before + "# 科室自己的注释\n").splitlines() if "verdict" not in line]
        rest = iter(after.splitlines())
        moved = [line for line in kept if not any(line.strip().removeprefix("- ") == r.strip().removeprefix("- ") for r in rest)]
        self.assertEqual(moved, [], after)
        copies = list(self.folder.glob("plan.yaml.*"))
        self.assertEqual([c.read_text() for c in copies], [before + "# 科室自己的注释\n"])
        self.assertEqual(self.total(plan), "99.74")
        self.assertEqual(subject.run("plan", "import", "--fill", back, plan)[1].strip()[:5], "没有新填的")

    def test_a_slip_of_the_form_is_told_and_our_own_form_does_not_repeat_it(self):
        plan = self.folder / "slip.yaml"
        form = self.put("slip.xlsx", workbook("anhui-full"))
        code, _, err = subject.run("plan", "import", form, "--out", plan)
        self.assertEqual(code, 0, err)
        self.assertIn("原表有误 1 处", err)
        self.assertIn(f"changtong form check {form}", err)
        self.assertIn("「自评表」H13", err)
        self.total(plan)
        code, out, err = subject.run("form", "check", self.folder / "slip-evaluated" / "form.xlsx")
        self.assertEqual(code, 0, out + err)
        self.assertIn("有误 0 处", out)

        sheet = self.folder / "slip-fill.xlsx"
        self.assertEqual(subject.run("plan", "export", "--fill", plan, "--out", sheet)[0], 0)
        rows = sheet_rows(sheet)
        missed = next(r for r in rows if r[0] == "i02")
        self.assertEqual(missed[1], "▲巡检次数")
        missed[3] = "12次"
        back = io.StringIO()
        csv.writer(back).writerows(rows)
        code, out, err = subject.run(
            "plan", "import", "--fill", self.put("slip-back.xlsx", sheets.workbook("sheet: 填报\n" + back.getvalue())), plan)
        self.assertEqual(code, 0, out + err)
        self.assertIn("完成值由 11次 改为 12次", out)
        self.assertIn("value: 12,", plan.read_text())

    def test_a_form_without_points_goes_in_and_out_without_any(self):
        for name, layout in (("transfer", "transfer"), ("declared", "declared")):
            plan = self.folder / f"{name}-unscored.yaml"
            code, _, err = subject.run("plan", "import", self.put(f"{name}.xlsx", workbook(name)), "--out", plan)
            self.assertEqual(code, 0, err)
            self.assertNotIn("weight", plan.read_text())
            self.assertEqual(self.total(plan), "None")
            form = self.folder / f"{plan.stem}-evaluated" / "form.xlsx"
            code, out, err = subject.run("form", "check", form)
            self.assertEqual(code, 0, out + err)
            again = self.folder / f"{name}-again.yaml"
            code, _, err = subject.run("plan", "import", form, "--out", again)
            self.assertEqual(code, 0, err)
            self.assertIn(f"layout: {layout}\n", again.read_text())
            self.assertEqual(*(self.targets(p) for p in (plan, again)))
        written = (self.folder / "transfer-unscored-evaluated" / "report.html").read_text()
        for word in ("得分", "分值", "总分", "等级"):
            self.assertNotIn(word, written)

    def a_plan_without_points(self, name):
        plan = self.folder / f"{name}.yaml"
        self.assertEqual(subject.run("plan", "import", self.put(f"{name}.xlsx", workbook("transfer")), "--out", plan)[0], 0)
        return plan

    def holds_what_was_filled_in(self, plan, back, words):
        code, out, err = subject.run("plan", "import", "--fill", back, plan)
        self.assertEqual(code, 0, out + err)
        text = plan.read_text()
        self.assertIn(f'text: "{words}"', text)
        self.assertIn('reason: "两村搬迁。改进措施：明年补建"', text)
        self.assertNotIn("points", text)
        self.assertEqual(self.total(plan), "None")
        evaluated = json.loads((self.folder / f"{plan.stem}-evaluated" / "evaluation.json").read_text())
        self.assertFalse(evaluated["scored"])
        self.assertEqual(next(i for i in evaluated["indicators"] if i["id"] == "i03")["actual"], words)

    def test_the_sheet_of_a_plan_without_points_takes_words_and_asks_for_none(self):
        plan = self.a_plan_without_points("pointless")
        sheet = self.folder / "pointless-fill.xlsx"
        self.assertEqual(subject.run("plan", "export", "--fill", plan, "--out", sheet)[0], 0)
        rows = sheet_rows(sheet)
        heads = next(r for r in rows if r and r[0] == "编号")
        self.assertEqual([h for h in heads if h], ["编号", "三级指标", "年度指标值", "完成值", "未完成原因", "改进措施", "完成情况", "评定人", "评定日期"])
        next(r for r in rows if r[0] == "i01")[5] = "明年补建"
        next(r for r in rows if r[0] == "i03")[6] = "新增四个村接入"
        back = io.StringIO()
        csv.writer(back).writerows(rows)
        self.holds_what_was_filled_in(plan, self.put("pointless-back.xlsx", sheets.workbook("sheet: 填报\n" + back.getvalue())), "新增四个村接入")

    @unittest.skipUnless(shutil.which("pandoc"), "pandoc is not installed")
    def test_the_document_of_a_plan_without_points_likewise(self):
        plan = self.a_plan_without_points("pointless-docx")
        sheet, back = self.folder / "pointless.docx", self.folder / "pointless-back.docx"
        self.assertEqual(subject.run("plan", "export", "--fill", plan, "--out", sheet)[0], 0)
        filled_docx(sheet, back, {("i01", 5): "明年补建", ("i03", 6): "，新增四个村接入"})
        self.holds_what_was_filled_in(plan, back, "提高，新增四个村接入")

    @unittest.skipUnless(shutil.which("pandoc"), "pandoc is not installed")
    def test_the_sheet_as_a_document(self):
        plan = self.folder / "docx-plan.yaml"
        self.assertEqual(subject.run("plan", "import", self.put("anhui.docx", document("anhui")), "--out", plan)[0], 0)
        sheet, back = self.folder / "fill.docx", self.folder / "back.docx"
        code, _, err = subject.run("plan", "export", "--fill", plan, "--out", sheet)
        self.assertEqual(code, 0, err)
        filled_docx(sheet, back, {("预算执行率", 5): "", ("i01", 5): "两个单位撤并", ("i01", 8): "12", ("i01", 9): "李四",
                                  ("i01", 10): "2022-12-30", ("i01", 11): "资料不全"})
        code, out, err = subject.run("plan", "import", "--fill", back, plan)
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.total(plan), "94.67")

    def targets(self, plan):
        """Names and targets, whatever signs and blanks the form has them with."""
        lines = re.findall(r"^ +(?:name|target): .*", unicodedata.normalize("NFKC", plan.read_text()), re.M)
        return [line.replace(" ", "").replace("≧", "≥") for line in lines]

    def total(self, plan):
        out = self.folder / (plan.stem + "-evaluated")
        code, text, err = subject.run("evaluate", "--plan", plan, "--out", out)
        self.assertEqual(code, 0, text + err)
        return str(json.loads((out / "evaluation.json").read_text())["total"])


if __name__ == "__main__":
    unittest.main()
