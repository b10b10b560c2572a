"""An office's own sheet goes in: every sheet of tests/import is read as its office would expect, and what is written is
what was previewed, once, whole, with a copy of what it was."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import unittest
import urllib.request
import zipfile

import sheets
import subject
from peers import wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = "inventory: lines.csv\nledger: ledger.db\nanchors: [192.0.2.1, 192.0.2.2]\n"


def preview(folder, sheet, *more):
    code, out, err = subject.run("import", "lines", sheet, *more, "--format", "json")
    try:
        return code, json.loads(out), err
    except json.JSONDecodeError:
        raise AssertionError(f"{folder}: {code} {out[:500]} {err[:500]}") from None


def office(folder, sheet):
    """The sheet and what it is compared with, on disk: (its path, more words of the command)."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / sheet.file_name()
    path.write_bytes(sheet.data())
    more = []
    if sheet.inventory or sheet.words:
        (folder / "changtong.yaml").write_text(CONFIG)
        more = ["--config", folder / "changtong.yaml"]
    if sheet.inventory:
        (folder / "lines.csv").write_text(sheet.inventory)
    if sheet.words:
        (folder / "import-words.yaml").write_text(sheet.words)
    return path, more


class Sheets(unittest.TestCase):
    folder = None  # set by run.py

    def test_every_sheet_is_read_as_its_office_expects(self):
        only = os.environ.get("CHANGTONG_SHEETS", "")
        for sheet in sheets.every():
            if only and sheet.name not in only.split(","):
                continue
            with self.subTest(sheet=sheet.name):
                path, more = office(self.folder / sheet.name, sheet)
                code, got, _ = preview(sheet.name, path, *more)
                self.compare(sheet.expected(), code, got)

    def compare(self, want, code, got):
        places = lambda list_: sorted((one["row"], one["heading"]) for one in list_)
        told = "\n".join(one["text"] for one in got["guessed"] + got["problems"])
        self.assertEqual(places(got["problems"]), sorted(want["problem"]), told)
        self.assertEqual(places(got["guessed"]), sorted(want["guessed"]), told)
        self.assertEqual({a["id"]: a["row"] for a in got["added"]}, {k: v[0] for k, v in want["added"].items()}, told)
        for one in got["added"]:
            for field, value in want["added"][one["id"]][1].items():
                self.assertEqual(one["line"].get(field, ""), value, f"{one['id']} {field}")
        self.assertEqual(sorted((c["row"], c["heading"], c["id"], c["to"]) for c in got["changed"]),
                         sorted(want["changed"]), told)
        self.assertEqual(sorted((c["row"], c["id"], c["closed"]) for c in got["closed"]), sorted(want["closed"]))
        self.assertEqual(sorted(got["missing"]), sorted(want["missing"]))
        self.assertEqual(code, want["exit"], told)
        for one in got["guessed"] + got["problems"]:
            if one["row"] > 0:
                self.assertTrue(one["text"].startswith(f"第{one['row']}行"), one["text"])
            self.assertTrue(one["text_en"], one)



INVENTORY = ("# 本区清单，手工维护\n编号,名称,类别,带宽,地址,等级,检查\n"
             'T01,龙河镇政府,乡镇街,100,10.66.1.2,金,"icmp tcp:port=443"\n'
             "T02,\"青山镇,政府\",乡镇街,50M,10.66.1.3,,\n\n")
SHEET = "编号,名称,类别,带宽,地址,机房\nT01,龙河镇政府,乡镇街,200,10.66.1.2,二楼\nV01,东村,村,1G,10.66.3.2,\n"


class Applied(unittest.TestCase):
    folder = None

    def setUp(self):
        self.home = self.folder / self._testMethodName
        self.home.mkdir(parents=True)
        self.config = self.home / "changtong.yaml"
        self.config.write_text(CONFIG)
        self.lines = self.home / "lines.csv"
        self.lines.write_text(INVENTORY)
        self.sheet = self.home / "sheet.csv"
        self.sheet.write_text(SHEET)

    def apply(self, *more):
        return subject.run("import", "lines", self.sheet, "--config", self.config, "--apply", *more)

    def others(self, pattern):
        return sorted(self.home.glob(pattern))

    def test_one_address_twice_is_a_warning_of_check_with_both_places(self):
        self.lines.write_text(INVENTORY.rstrip("\n") + "\nT03,白水镇政府,乡镇街,50M,10.66.1.2,,\n")
        code, out, err = subject.run("check", "--config", self.config)
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out + err, r"lines\.csv:5:\d+: 地址 10\.66\.1\.2 与第 3 行的 T01 相同")

    def test_what_was_previewed_is_written_and_the_rest_stays(self):
        self.lines.chmod(0o640)
        os.chown(self.lines, 65534, 65534)  # the daemon's own user reads it
        code, out, err = self.apply()
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.lines.read_text(), INVENTORY.replace("乡镇街,100,", "乡镇街,200,")
                         + "V01,东村,村/社区,1000,10.66.3.2,,\n")
        self.assertEqual(self.lines.stat().st_mode & 0o777, 0o640)
        self.assertEqual((self.lines.stat().st_uid, self.lines.stat().st_gid), (65534, 65534))
        copies = [p for p in self.others("lines.csv.*") if not p.name.endswith(".aside.csv")]
        self.assertEqual([p.read_text() for p in copies], [INVENTORY])
        aside = self.others("lines.csv.*.aside.csv")
        self.assertEqual([p.read_text(encoding="utf-8-sig") for p in aside], ["编号,机房\nT01,二楼\nV01,\n"])
        self.assertEqual(subject.run("check", "--config", self.config)[0], 0)
        code, again, _ = preview("again", self.sheet, "--config", self.config)
        self.assertEqual((code, again["added"], again["changed"]), (0, [], []))

    def test_nothing_is_written_while_a_problem_is_open(self):
        self.sheet.write_text(SHEET + "V02,西村,村,10,10.66.3,\n")
        code, out, err = self.apply()
        self.assertEqual(code, 1, out + err)
        self.assertIn("第4行 地址", out)
        self.assertIn("V01", out)
        self.assertEqual(self.lines.read_text(), INVENTORY)
        self.assertEqual(self.others("lines.csv.*"), [])

    def test_a_guessed_category_is_confirmed_once(self):
        self.sheet.write_text("编号,类别,地址\nH01,医院,10.66.2.2\n")
        code, got, _ = preview("guess", self.sheet, "--config", self.config)
        self.assertEqual([(g["row"], g["heading"], g["confirm"]) for g in got["guessed"]], [(2, "类别", True)])
        code, _, err = self.apply()
        self.assertEqual(code, 1)
        self.assertIn("--confirm", err)
        self.assertEqual(self.lines.read_text(), INVENTORY)
        code, out, err = self.apply("--confirm")
        self.assertEqual(code, 0, err)
        self.assertNotIn("加 --confirm", out)
        self.assertIn('"医院": health', (self.home / "import-words.yaml").read_text())
        self.sheet.write_text("编号,类别,地址\nH02,医院,10.66.2.3\n")
        code, got, _ = preview("confirmed", self.sheet, "--config", self.config)
        self.assertEqual((code, got["guessed"], got["added"][0]["line"]["category"]), (0, [], "health"))

    def test_words_in_another_style_of_yaml_are_not_spoilt(self):
        words = self.home / "import-words.yaml"
        words.write_text("{卫生院: health}\n")
        self.sheet.write_text("编号,类别,地址\nH01,医院,10.66.2.2\n")
        code, _, err = self.apply("--confirm")
        self.assertEqual(code, 1, err)
        self.assertIn("请自己加上", err)
        self.assertEqual((words.read_text(), self.lines.read_text()), ("{卫生院: health}\n", INVENTORY))

    def test_a_change_made_by_hand_meanwhile_is_not_overwritten(self):
        pipe = self.home / "pipe"
        os.mkfifo(pipe)
        writer = os.open(pipe, os.O_RDWR)
        process = subprocess.Popen([subject.binary, "import", "lines", pipe, "--config", self.config, "--apply"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: any(os.path.realpath(fd) == str(pipe.resolve())
                             for fd in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()), 60, "the pipe is not opened")
        by_hand = INVENTORY + "T03,石桥镇政府,乡镇街,10,10.66.1.9,,\n"
        self.lines.write_text(by_hand)
        os.write(writer, SHEET.encode())
        os.close(writer)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, out + err)
        self.assertIn("在此期间被改过", err)
        self.assertEqual(self.lines.read_text(), by_hand)
        self.assertEqual(self.others("lines.csv.*"), [])

    def test_a_first_inventory_is_written(self):
        self.lines.unlink()
        code, out, err = self.apply()
        self.assertEqual(code, 0, out + err)
        self.assertEqual(subject.run("check", "--config", self.config)[0], 0)
        self.assertEqual([p.name for p in self.others("lines.csv.*")], [p.name for p in self.others("*.aside.csv")])

    def test_without_a_configuration_everything_is_added(self):
        done = subprocess.run([subject.binary, "import", "lines", self.sheet, "--apply"], cwd=self.home, text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)  # there is a lines.csv, of which nobody has said what it is
        self.lines.unlink()
        done = subprocess.run([subject.binary, "import", "lines", self.sheet, "--apply"], cwd=self.home, text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(subject.run("check", "--config", self.config)[0], 0)

    def test_lines_that_the_sheet_does_not_have_are_closed_if_one_says_so(self):
        code, got, _ = preview("missing", self.sheet, "--config", self.config)
        self.assertEqual((got["closed"], got["missing"]), ([], ["T02"]))
        code, got, _ = preview("closed", self.sheet, "--config", self.config, "--close-missing", "2026-06-30")
        self.assertEqual([(c["row"], c["id"], c["closed"]) for c in got["closed"]], [(0, "T02", "2026-06-30")])
        self.assertEqual(self.apply("--close-missing", "2026-06-30")[0], 0)
        self.assertIn("T02,\"青山镇,政府\",乡镇街,50M,10.66.1.3,,,2026-06-30\n", self.lines.read_text())
        self.assertEqual(subject.run("check", "--config", self.config)[0], 0)

    def test_an_inventory_that_excel_saved_stays_readable_for_excel(self):
        excel = INVENTORY.splitlines()
        excel = "\r\n".join([excel[0] + ",,,,,,,", excel[1] + ",", excel[2] + ",", excel[3] + ",,"]) + "\r\n"
        self.lines.write_bytes(excel.encode("gb18030"))
        self.assertEqual(subject.run("check", "--config", self.config)[:1], (0,))
        self.assertEqual(self.apply()[0], 0)
        self.assertTrue(self.lines.read_bytes().startswith(b"\xef\xbb\xbf#"))
        self.assertEqual(subject.run("check", "--config", self.config)[0], 0)

    def test_hostile_files_are_refused_in_words(self):
        rows = "".join(f'<row r="{r}"><c t="s"><v>0</v></c></row>' for r in range(1, 300))
        for name, data in {"cut": sheets.workbook("编号,地址\nT01,10.66.1.2\n")[:-30], "old": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
                           "docx": self.zipped({"word/document.xml": "<a/>"}), "empty": b"", "noise": os.urandom(5000),
                           "bomb": self.zipped({"xl/workbook.xml": " " * (200 << 20)}),
                           "strings": self.zipped({
                               "xl/workbook.xml": '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
                               "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="/worksheet" Target="a.xml"/>'
                               '<Relationship Id="r2" Type="/sharedStrings" Target="s.xml"/></Relationships>',
                               "xl/s.xml": "<sst><si><t>" + "x" * (1 << 20) + "</t></si></sst>",
                               "xl/a.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"})}.items():
            with self.subTest(file=name):
                self.sheet.write_bytes(data)
                code, got, err = preview(name, self.sheet, "--config", self.config)
                self.assertEqual((code, got["added"]), (1, []), err)
                self.assertEqual(len(got["problems"]), 1)

    @staticmethod
    def zipped(parts):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for name, text in parts.items():
                z.writestr(name, text)
        return out.getvalue()


class Demo(unittest.TestCase):
    folder = None

    def test_a_sheet_goes_into_the_demo_district(self):
        home = self.folder / "district"
        process = subprocess.Popen([subject.binary, "demo", "--lines", "40", "--listen", "127.0.0.1:8089", "--dir", home],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: (home / "lines.csv").exists() and (home / "changtong.yaml").exists() and self.answers(), 60,
                     "the demo does not start")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        rows = list(csv.DictReader(io.StringIO((home / "lines.csv").read_text(encoding="utf-8-sig"))))
        one = next(r for r in rows if r.get("circuit") or r.get("电路编号"))
        circuit = one.get("circuit") or one["电路编号"]
        sheet = home / "台账.xlsx"
        sheet.write_bytes(sheets.workbook(f"专线台账,,,\n电路代号,使用单位,速率,类别,IP地址,线路编号\n{circuit},新单位,300M,,,\n"
                                          "X-NEW-1,新村委会,20M,村,127.66.77.88,new-1\n合计,,320M,,,\n"))
        code, got, err = preview("demo", sheet, "--config", home / "changtong.yaml")
        self.assertEqual(got["problems"], [], err)
        self.assertEqual([a["id"] for a in got["added"]], ["new-1"])
        self.assertEqual({c["field"] for c in got["changed"]}, {"unit", "bandwidth_mbps"})
        self.assertEqual(code, 0)
        self.assertEqual(subject.run("import", "lines", sheet, "--config", home / "changtong.yaml", "--apply")[0], 0)
        self.assertEqual(subject.run("check", "--config", home / "changtong.yaml")[0], 0)

    @staticmethod
    def answers():
        try:
            with urllib.request.urlopen("http://127.0.0.1:8089/healthz", timeout=5):
                return True
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
