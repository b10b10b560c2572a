"""Every command that prints a table, with the longest that people write: no line is wider than a terminal of 120 cells, and CSV
and JSON still say all of it."""

import json
import re
import unicodedata
import unittest

import subject
from subject import Daemon

WIDTH = 120
PERIOD = ["--from", "2026-03", "--to", "2026-03"]
NAME = "城关镇人民政府便民服务中心综合窗口专线（主用）"
LONG = "光缆被施工挖断，运营商已派人到现场抢修，预计两小时内恢复，期间由备用线路承载全部业务。" * 4
LINES = [{"id": f"VILLAGE-{n:04}-OF-A-DISTRICT-WITH-LONG-IDS", "name": f"{NAME}{n}", "address": f"192.0.2.{n}", "town": "龙河少数民族自治镇",
          "circuit": f"CIRCUIT-OF-THE-CARRIER-{n:06}", "carrier": "中国电信股份有限公司" if n % 2 else "中国移动通信集团"} for n in range(1, 41)]
IDS = [line["id"] for line in LINES]
PERSON = "值班员王建国（夜班）"


def cells(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Tables(unittest.TestCase):
    folder = None  # set by run.py

    @classmethod
    def setUpClass(cls):
        home = Daemon(cls.folder / "tables")
        home.configure(LINES)
        trace = home.folder / "trace.jsonl"
        each = [{"from": "2026-03-01T00:00:00+08:00", "to": "2026-03-01T02:00:00+08:00", "every_s": 10, "target": i, "check": "icmp",
                 "outcome": "good"} for i in IDS[:20]]
        bad = [{"at": f"2026-03-01T01:{m:02}:{s:02}+08:00", "target": i, "check": "icmp", "outcome": "bad", "cause": "timeout"}
               for m in (10, 11, 12) for s in (0, 10, 20) for i in IDS[:5]]
        trace.write_text("\n".join(json.dumps(r) for r in [{"at": "2026-03-01T00:00:00+08:00", "monitor": "start"}, *each, *bad,
                                                           {"at": "2026-03-01T02:00:00+08:00", "monitor": "stop"}]) + "\n")
        cls.ledger = ["--ledger", home.ledger]
        cls.config = home.config
        cls.done("replay", "--config", home.config, "--trace", trace, *cls.ledger)
        by = [*cls.ledger, "--by", PERSON]
        cls.done("window", "request", *by, "--id", "W" * 40, "--targets", *IDS, "--from", "2026-03-14 22:00", "--to", "2026-03-15 02:00",
                 "--text", LONG)
        cls.done("window", "approve", "W" * 40, *cls.ledger, "--by", "批准人赵主任（信息中心）")
        cls.done("duty", "add", *by, "--day", "2026-03-14", "--person", "值班员李建设、赵学军", "--text", LONG)
        cls.done("counter", "add", "visitors-of-the-website-of-the-district-government", "51234", *by, "--at", "2026-03-14 22:00", "--unit", "人次",
                 "--source", LONG)
        cls.done("verdict", "add", "--plan", "2026 年度区级政务外网专线租赁项目绩效自评方案", "--indicator", "Q-3", "--verdict", "achieved", "--text", LONG,
                 *by)
        cls.done("ticket", "add", IDS[0], IDS[2], "--began", "2026-03-01 01:10", "--theirs", "10086-2026-03-01-000000123456", "--text", LONG, *by)
        cls.done("annotate", IDS[0], LONG, "--about", "2026-03-01 01:11", *by)

    @classmethod
    def done(cls, *words):
        code, out, err = subject.run(*words)
        if code != 0:
            raise AssertionError(f"{words}: {code}: {out}{err}")
        return out, err

    def fits(self, *words):
        out, err = self.done(*words)
        with self.subTest(words=words):
            self.assertGreater(len(out.splitlines()), 2, "there is something to see")
            wide = [(cells(line), line) for line in (out + err).splitlines() if cells(line) > WIDTH]
            self.assertEqual(wide, [])
        return out, err

    def test_every_list_fits_a_terminal(self):
        for words in (["window", "list"], ["duty", "list"], ["counter", "list"], ["verdict", "list"], ["ticket", "list"],
                      ["outages", *PERIOD], *(["availability", *PERIOD, "--by", by] for by in ("line", "category", "carrier", "town", "day"))):
            self.fits(*words, *self.ledger)

    def test_what_a_table_breaks_or_counts_is_whole_in_json_and_csv(self):
        for how in ("json", "csv"):
            text = self.done("window", "list", *self.ledger, "--format", how)[0]
            self.assertIn(" ".join(IDS), text.replace('", "', " ").replace('","', " "))
            self.assertIn(LONG, text)
            self.assertIn(LONG, self.done("outages", *PERIOD, *self.ledger, "--format", how)[0])

    def test_lines_that_a_formula_leaves_out_are_counted_and_the_first_named(self):
        for formula in ("R2", "R4"):
            _, err = self.fits("availability", *PERIOD, "--by", "category", "--formula", formula, *self.ledger)
            self.assertIn("不计入：无观测 20 条" if formula == "R2" else "不计入：无合同指标 ", err)
            self.assertNotIn(IDS[-1], err)

    def test_the_preview_of_a_sheet_fits(self):
        sheet = self.folder / "tables" / "sheet.csv"
        sheet.write_text(subject.inventory([{**line, "id": line["id"] + "-NEW", "name": line["name"] * 3, "address": f"198.51.100.{n}"}
                                            for n, line in enumerate(LINES, 1)]))
        out, _ = self.done("import", "lines", sheet, "--config", self.config)
        wide = [line for line in out.split("\n\n")[1].splitlines() if cells(line) > WIDTH]
        self.assertEqual(wide, [])


if __name__ == "__main__":
    unittest.main()
