"""A centre's own journal: what its people say, a seal over all nodes' heads, and a month that stays as it was closed."""

import datetime
import json
import signal
import stat
import unittest
from urllib.parse import urlencode

from centre_figures_test import awaited
from centre_test import READER, TOKENS, CentreWorld


def months():
    """The first days of the last and of this civil month in Shanghai."""
    this = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date().replace(day=1)
    return (this - datetime.timedelta(days=1)).replace(day=1), this


class OwnBooks(CentreWorld):
    nodes_more = {name: f", district: {name}" for name in TOKENS}

    def ask(self, path, **parameters):
        query = "?" + urlencode(parameters) if parameters else ""
        status, text = self.centre.request(f"/{path}{query}", headers={"Authorization": f"Bearer {READER}"})
        self.assertEqual(status, 200, text)
        return json.loads(text) if text.startswith("{") else text

    def said(self, *words, code=0):
        got, out, err = self.command(*words)
        self.assertEqual(got, code, out + err)
        return out + err

    def wait_proved(self):
        """What is said once all holds; of a node that is still being folded nothing is proved (3)."""
        told = []
        awaited(lambda: told.append(self.command("verify")) or told[-1][0] != 3, "all is folded")
        code, out, err = told[-1]
        self.assertEqual(code, 0, out + err)
        self.assertIn("东城区：折算出来的数与账相符", out)
        return out + err

    def accept(self, day):
        """The line of the first node is in scope from then on."""
        node = self.nodes["东城区"]
        node.configure([{"id": "L0", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad", "accepted": str(day)}],
                       extra=f"node: 东城区\ncentre: {{ url: 'http://127.0.0.1:8410', token: {TOKENS['东城区']} }}\n",
                       defaults="interval: 300ms, timeout: 250ms, fast_interval: 100ms, down_after: 2, up_after: 1")
        node.process.send_signal(signal.SIGHUP)

    def test_what_the_centre_says_is_a_journal_too(self):
        seal = awaited(lambda: self.ask("centre/v1/nodes")["seal"], "the day is sealed\n" + self.centre.tail())
        self.assertEqual(seal["number"], 1)
        self.assertEqual(self.centre.metric("changtong_centre_sealed"), 1)
        key = self.centre.folder / "centre.seal.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        for name in TOKENS:
            self.wait_equal(name)
        self.assertIn(seal["fingerprint"], self.said("seal"))
        self.assertEqual(self.ask("centre/v1/nodes")["seal"]["number"], 2)
        self.assertIn(seal["fingerprint"], self.ask(""))
        self.said("retire", "--node", "西城区", "--by", "王工", "--text", "并入东城区")
        self.said("retire", "--node", "西城区", "--by", "王工", "--text", "没有并", "--undo")
        proved = self.wait_proved()
        self.assertIn("6 条，4 次封存", proved)
        last = self.ask("centre/v1/nodes")["seal"]["hash"]
        self.assertIn(last, proved)
        self.said("verify", "--seal", last)
        self.assertIn("没有摘要为", self.said("verify", "--seal", "0" * 64, code=1))
        self.said("verify", "--fingerprint", seal["fingerprint"])
        self.assertIn("由另一把密钥签名", self.said("verify", "--fingerprint", "0" * 64, code=1))
        self.database.ask("UPDATE journal SET body = replace(body, '王工', '张工') WHERE node = 0 AND seq = 3")
        self.assertIn("第 3 条起链条断开", self.said("verify", code=1))
        self.database.ask("UPDATE journal SET body = replace(body, '张工', '王工') WHERE node = 0 AND seq = 3")
        self.wait_proved()
        self.database.ask("UPDATE states SET since = since + 1000 WHERE node = 1")
        self.assertIn("state", self.said("verify", "--node", "东城区", code=1))
        self.said("verify", "--node", "东城区", "--journal-only")
        self.said("refold", "--node", "东城区")
        self.wait_proved()
        self.database.ask("UPDATE journal SET hash = sha256('otherwise') WHERE node = 1 AND seq = 1")
        self.said("verify", code=1)

    def close_last_quarter(self, this):
        """By the same rules as a month."""
        year, quarter = (this.year, (this.month - 1) // 3) if this.month > 3 else (this.year - 1, 4)
        name, first = f"{year}-Q{quarter}", datetime.date(year, 3 * quarter - 2, 1)
        self.accept(first)
        asked = {"from": f"{year}-{3 * quarter - 2:02}", "to": f"{year}-{3 * quarter:02}"}
        awaited(lambda: self.ask("centre/v1/availability", by="district", **asked)["rows"], "the quarter has a line")
        self.said("close", "--quarter", name, "--by", "王工")
        closed = self.ask("centre/v1/availability", by="district", **asked)
        self.assertEqual((closed["closing"]["version"], closed["closing"]["shown"]), (1, True))
        self.assertIn("「第1版」：王工", self.ask("", month=name))
        self.assertEqual([row["month"] for row in self.ask("centre/v1/closings", month=name)["closings"]], [name])
        self.assertIn(name, self.said("closings", "--quarter", name))

    def test_a_closed_month_stays_as_it_was_until_it_is_closed_anew(self):
        first, this = months()
        month = f"{first:%Y-%m}"
        asked = {"from": month, "to": month}

        def figures(by="district,category"):
            return self.ask("centre/v1/availability", by=by, **asked)

        self.accept(first)
        awaited(lambda: figures()["rows"], "the month has a line")
        self.assertIsNone(figures()["closing"])
        self.said("close", "--month", f"{this:%Y-%m}", "--by", "王工", code=1)
        self.said("close", "--month", month, "--by", "王工")
        closed = figures()
        self.assertEqual((closed["closing"]["version"], closed["closing"]["shown"], closed["closing"]["differs"]), (1, True, 0))
        self.assertIn("「第1版」：王工", self.ask("", month=month))

        self.accept(first + datetime.timedelta(days=10))
        awaited(lambda: figures()["closing"]["differs"] > 0, "the books have changed")
        self.assertEqual(figures()["rows"], closed["rows"], "the closing has not")
        self.assertEqual(self.ask("centre/v1/availability", by="district", **asked)["rows"][0]["unknown_s"], closed["rows"][0]["unknown_s"])
        by_line = figures("line")
        self.assertFalse(by_line["closing"]["shown"], "a closing does not tell lines apart")
        self.assertLess(by_line["rows"][0]["unknown_s"], closed["rows"][0]["unknown_s"])
        self.assertIn("现在的账已有", self.ask("", month=month))

        self.assertIn("须写明原因", self.said("close", "--month", month, "--by", "王工", code=1))
        self.assertIn("与上一版的差异", self.said("close", "--month", month, "--by", "李工", "--text", "开通日期更正"))
        again = figures()
        self.assertEqual((again["closing"]["version"], again["closing"]["differs"]), (2, 0))
        self.assertEqual(again["rows"][0]["unknown_s"], by_line["rows"][0]["unknown_s"])
        self.assertIn("没有任何变化", self.said("close", "--month", month, "--by", "李工", "--text", "再来", code=1))
        rows = self.ask("centre/v1/closings", month=month)["closings"]
        self.assertEqual([(row["version"], row["author"]) for row in rows], [(2, "李工"), (1, "王工")])
        self.assertEqual([row["rows"] for row in rows], [again["rows"], closed["rows"]])
        self.assertEqual({n["node"] for n in rows[0]["nodes"]}, set(TOKENS))
        self.assertEqual(json.loads(self.said("closings", "--format", "json"))[1]["hash"], rows[1]["hash"])
        self.said("close", "--month", month, "--year", month[:4], "--by", "王工", code=2)
        self.said("close", "--quarter", month, "--by", "王工", code=2)
        self.close_last_quarter(this)
        self.said("verify")


if __name__ == "__main__":
    unittest.main()
