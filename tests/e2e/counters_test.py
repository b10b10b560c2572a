"""Readings of counters and verdicts on indicators: through the API while the daemon runs, into the ledger while it does
not, from a file as offices write it, and that nothing that was acknowledged is lost by a SIGKILL."""

import hashlib
import json
import subprocess
import sys
import unittest
import zipfile

import subject
from subject import Daemon

TOKENS = {"zhou": "zhou-token-0123456789", "wang": "wang-token-0123456789"}
CONFIG = """api:
  people:
    - { name: 周工, token: zhou-token-0123456789, may: [import, evaluate] }
    - { name: 王工, token: wang-token-0123456789, may: [approve] }
"""
ROWS = "计数器,时间,数值,单位,来源\nwechat,2020/3/4 9:05,\"51,234\",人,平台后台\nsite,2020-03-04 09:05,1234.5,次,截图\n"


class Counters(unittest.TestCase):
    """One life: entered over HTTP and by file, killed, entered into the ledger itself, exported, rebuilt."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "counters")
        cls.daemon.configure([{"id": "L1", "address": "127.8.2.1", "checks": "tcp:port=7001,reset=bad"}], extra=CONFIG)
        cls.daemon.start()
        cls.tokens = {}
        for who, token in TOKENS.items():
            cls.tokens[who] = cls.daemon.folder / f"{who}.token"
            cls.tokens[who].write_text(token + "\n")
        cls.document = cls.daemon.folder / "验收.pdf"
        cls.document.write_bytes(b"%PDF-1.7 \x00\xff" * 20000)
        cls.digest = hashlib.sha256(cls.document.read_bytes()).hexdigest()
        cls.file = cls.daemon.folder / "counters.csv"
        cls.file.write_bytes(ROWS.encode("gb18030"))
        cls.done = {}
        cls.while_it_runs()
        cls.daemon.kill()
        cls.daemon.start()
        cls.after_kill = cls.daemon.json("/api/v1/counters?from=2020&to=2020")["counters"]
        cls.verdicts_after_kill = cls.daemon.json("/api/v1/verdicts?plan=2020")["verdicts"]
        cls.daemon.stop()
        cls.while_it_stands()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    @classmethod
    def api(cls, *command, who="zhou"):
        return subject.run(*command, "--api", "http://127.0.0.1:8080", "--token-file", cls.tokens[who])

    @classmethod
    def book(cls, *command, by="孙工"):
        return subject.run(*command, "--ledger", cls.daemon.ledger, "--by", by)

    @classmethod
    def listed(cls, what, *more):
        code, out, err = subject.run(what, "list", "--ledger", cls.daemon.ledger, "--format", "json", *more)
        if code != 0:
            raise AssertionError(f"{what} list: {code}: {err}")
        return json.loads(out)

    @classmethod
    def while_it_runs(cls):
        d = cls.done
        d["import"] = cls.api("counter", "import", cls.file)
        d["again"] = cls.api("counter", "import", cls.file)
        d["correct"] = cls.api("counter", "add", "wechat", "51235", "--at", "2020-03-04 09:05", "--unit", "人")
        d["not allowed"] = cls.api("counter", "add", "wechat", "1", who="wang")
        d["future"] = cls.api("counter", "add", "wechat", "1", "--at", "2099-03-04 09:05")
        d["verdict"] = cls.api("verdict", "add", "--plan", "2020", "--indicator", "X-7", "--verdict", "partly", "--points",
                               "4.5", "--document", cls.document, "--text", "验收晚了两个月")
        d["verdict not allowed"] = cls.api("verdict", "add", "--plan", "2020", "--indicator", "X-7", "--verdict", "missed",
                                           who="wang")
        d["locked"] = cls.book("counter", "add", "wechat", "1")

    @classmethod
    def while_it_stands(cls):
        d = cls.done
        d["book"] = cls.book("counter", "add", "wechat", "60000", "--at", "2020-06-30T18:00:00+08:00", "--source", "截图")
        d["book verdict"] = cls.book("verdict", "add", "--plan", "2020", "--indicator", "X-7", "--verdict", "achieved")
        d["no number"] = cls.book("counter", "add", "wechat", "6万")
        d["no verdict"] = cls.book("verdict", "add", "--plan", "2020", "--indicator", "X-7", "--verdict", "good")
        cls.before_rebuild = cls.listed("counter"), cls.listed("verdict")

    def test_a_file_is_imported_and_the_second_time_skipped(self):
        code, out, err = self.done["import"]
        self.assertEqual((code, out.count("entered")), (0, 2), err)
        code, out, err = self.done["again"]
        self.assertEqual((code, out.count("entered")), (0, 0), err)
        self.assertIn("skipped as known: 2", out)
        self.assertEqual(len(self.listed("counter", "--counter", "site")), 1)

    def test_another_reading_of_the_instant_corrects_it_and_both_stay(self):
        code, _, err = self.done["correct"]
        self.assertEqual(code, 0)
        self.assertIn("更正为 51235人", err)
        rows = self.listed("counter", "--counter", "wechat", "--from", "2020-03", "--to", "2020-03")
        self.assertEqual([(r["value"], r["counts"], r["via"]) for r in rows],
                         [("51,234", False, "api: 周工@127.0.0.1"), ("51235", True, "api: 周工@127.0.0.1")])

    def test_what_may_not_be_entered_is_not(self):
        self.assertEqual(self.done["not allowed"][0], 1)
        self.assertIn("import", self.done["not allowed"][2])
        self.assertEqual(self.done["verdict not allowed"][0], 1)
        self.assertEqual(self.done["future"][0], 1)
        self.assertEqual(self.done["no number"][0], 1)
        self.assertEqual(self.done["no verdict"][0], 2)
        self.assertEqual(self.done["locked"][0], 3)
        self.assertIn("--api", self.done["locked"][2])
        self.assertEqual(len(self.listed("counter")), 4)

    def test_a_verdict_carries_the_digest_of_its_document_and_the_last_one_counts(self):
        self.assertEqual(self.done["verdict"][0], 0, self.done["verdict"][2])
        self.assertEqual(self.done["book verdict"][0], 0, self.done["book verdict"][2])
        first, last = self.listed("verdict", "--plan", "2020")
        self.assertEqual((first["document"], first["sha256"]), ("验收.pdf", self.digest))
        self.assertEqual((first["verdict"], first["points"], first["author"], first["counts"]), ("partly", "4.5", "周工", False))
        self.assertEqual((last["verdict"], last["author"], last["via"], last["counts"]), ("achieved", "孙工", "file, unauthenticated", True))
        self.assertEqual(self.listed("verdict", "--plan", "2019"), [])

    def test_everything_acknowledged_survives_a_kill(self):
        self.assertEqual([r["value"] for r in self.after_kill], ["51235", "1234.5", "51,234"])
        self.assertEqual([v["sha256"] for v in self.verdicts_after_kill], [self.digest])

    def test_a_mistake_in_a_file_names_its_line_and_enters_nothing(self):
        file = self.daemon.folder / "bad.csv"
        file.write_text(ROWS + "wechat,2020-03-05 09:05,6万,,\n")
        code, _, err = self.book("counter", "import", file)
        self.assertEqual(code, 1)
        self.assertIn(f"{file}:4:25:", err)
        file.write_text(ROWS + "a.b,2020-03-05 09:05,6,,\n")
        code, _, err = self.book("counter", "import", file)
        self.assertEqual(code, 1, "the books' own rule, placed at its line")
        self.assertIn(f"{file}:4:1:", err)
        self.assertEqual(len(self.listed("counter")), 4)

    def test_the_table_and_csv_say_the_same(self):
        code, out, _ = subject.run("counter", "list", "--ledger", self.daemon.ledger)
        self.assertEqual((code, out.count("已更正"), out.count("计入")), (0, 1, 4), out)  # one of them is the heading
        code, out, _ = subject.run("counter", "list", "--ledger", self.daemon.ledger, "--format", "csv")
        self.assertIn("wechat,2020-03-04T09:05:00.000+08:00,\"51,234\",人,平台后台,false,周工,", out)

    def test_they_are_in_the_pack_that_two_programs_verify(self):
        pack = self.daemon.folder / "pack.zip"
        code, _, err = subject.run("evidence", "export", "--ledger", self.daemon.ledger, "--from", "2020", "--to", "2030",
                                   "--out", pack, "--force")
        self.assertEqual(code, 0, err)
        code, out, err = subject.run("evidence", "verify", pack)
        self.assertEqual(code, 0, out + err)
        kinds = [json.loads(line)["kind"] for line in zipfile.ZipFile(pack).read("journal.jsonl").splitlines()]
        self.assertEqual((kinds.count("counter"), kinds.count("verdict")), (4, 2))
        verifier = subject.pathlib.Path(__file__).resolve().parents[2] / "daemon" / "audit" / "verify_pack.py"
        done = subprocess.run([sys.executable, verifier, pack], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_rebuilt_from_the_journal_they_are_the_same(self):
        code, _, err = subject.run("ledger", "rebuild", "--ledger", self.daemon.ledger)
        self.assertEqual(code, 0, err)
        self.assertEqual((self.listed("counter"), self.listed("verdict")), self.before_rebuild)
        code, out, err = self.daemon.verify()
        self.assertEqual(code, 0, out + err)

    def test_no_token_is_in_log_or_ledger(self):
        everything = self.daemon.log.read_bytes() + self.daemon.ledger.read_bytes()
        for token in TOKENS.values():
            self.assertNotIn(token.encode(), everything)


if __name__ == "__main__":
    unittest.main()
