"""An outage leaves the samples that decided it in the journal: unpacked by the ten lines of Python of the ledger's README,
they say the same as the outage in the books, and the ledger and an auditor's pack with them are verified."""

import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import textwrap
import time
import unittest
import urllib.parse
import zipfile

import peers
import subject
import truth
from peers import wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOST, PORT = "127.9.4.1", 7004


def unpack_of_the_readme():
    """The function that the README prints for auditors."""
    text = (ROOT / "daemon/ledger/README.md").read_text()
    code = re.search(r"(?m)^    import string\n(?:    .*\n)+", text).group(0)
    names = {}
    exec(compile(textwrap.dedent(code), "README", "exec"), names)
    return names["unpack"]


class Samples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.begin = time.time() - 1
        cls.daemon = subject.Daemon(cls.folder / "samples")
        cls.daemon.configure([{"id": "L1", "address": HOST, "checks": f"tcp:port={PORT},reset=bad"}],
                             defaults="interval: 500ms, timeout: 500ms, fast_interval: 250ms")
        listener = peers.Listener(HOST, PORT)
        cls.daemon.start()
        try:
            cls.daemon.wait_up("L1")
            time.sleep(3)
            cls.true = truth.Break("L1", truth.at(listener.close))
            cls.daemon.wait_down("L1")
            cls.true.up = truth.at(listener.open)
            cls.daemon.wait_up("L1")
            wait_for(lambda: [o for o in cls.outages_of_the_api() if o["ended"]], 10, "the outage has an end")
            cls.while_it_collects = cls.daemon.json(cls.path_of(cls.outages_of_the_api()[0]))
            cls.daemon.stop()  # which enters what was collected; ten minutes are too long for a test
            cls.daemon.start()
            cls.shown = cls.daemon.json(cls.path_of(cls.outages_of_the_api()[0]))
            cls.unknown = cls.daemon.get("/api/v1/outages/L1%402026-01-01T00%3A00%3A00%2B08%3A00"), cls.daemon.get("/api/v1/outages/x")
            cls.daemon.stop()
        finally:
            cls.daemon.kill()
        cls.outage, = cls.daemon.outages(cls.begin)
        with sqlite3.connect(cls.daemon.ledger) as books:
            cls.entries = [json.loads(body) for body, in books.execute("SELECT body FROM journal WHERE kind = 'samples'")]

    @classmethod
    def outages_of_the_api(cls):
        return cls.daemon.json("/api/v1/outages?line=L1")["outages"]

    @staticmethod
    def path_of(outage):
        return "/api/v1/outages/" + urllib.parse.quote(outage["id"], safe="")

    def test_the_journal_has_one_entry_of_it(self):
        entry, = self.entries
        self.assertEqual((entry["target"], entry["part"]), ("L1", "whole"))
        self.assertEqual(entry["about"], round(truth.instant(self.outage["began"]) * 1000))

    def test_ten_lines_of_python_find_the_same_first_bad_sample(self):
        self.assertIsNone(truth.complaint(self.outage, self.true))
        samples = list(unpack_of_the_readme()(self.entries[0]["packed"]))
        self.assertEqual({check for check, _, _ in samples}, {"L1/tcp"})
        bad = [at for _, at, what in samples if what == "bad:refused"]
        began, ended = (round(truth.instant(self.outage[edge]) * 1000) for edge in ("began", "ended"))
        self.assertEqual(bad[0], began)
        self.assertGreaterEqual(len(bad), 3, "as many as confirm an outage")
        good = [at for _, at, what in samples if not isinstance(what, str)]
        self.assertEqual(max(at for at in good if at < began), round(truth.instant(self.outage["began_after"]) * 1000))
        self.assertEqual(min(at for at in good if at > began), ended)
        self.assertEqual((samples[0][1], samples[-1][1]), (self.entries[0]["from"], self.entries[0]["to"]))

    def test_the_answer_has_them_once_the_journal_has(self):
        self.assertEqual((self.while_it_collects["entries"], self.while_it_collects["samples"]), ([], []))
        self.assertFalse(self.shown["unreadable"])
        self.assertEqual(self.shown["outage"]["began"], self.outage["began"])
        series, = self.shown["samples"]
        unpacked = list(unpack_of_the_readme()(self.entries[0]["packed"]))
        self.assertEqual(series["at_ms"], [at for _, at, _ in unpacked])
        self.assertEqual(series["rtt_ms"], [None if isinstance(what, str) else what for _, _, what in unpacked])
        self.assertEqual([f"{o}:{c}" for o, c in zip(series["outcome"], series["cause"]) if o != "good"],
                         [what for _, _, what in unpacked if isinstance(what, str)])
        self.assertEqual([status for status, _ in self.unknown], [404, 404])

    def test_ledger_and_pack_are_verified_with_it(self):
        code, out, err = self.daemon.verify()
        self.assertEqual(code, 0, out + err)
        pack = self.folder / "pack.zip"
        code, _, err = subject.run("evidence", "export", "--ledger", self.daemon.ledger, "--from", truth.iso(self.begin), "--to",
                                   truth.iso(time.time()), "--out", pack)
        self.assertEqual(code, 0, err)
        code, out, err = subject.run("evidence", "verify", pack)
        self.assertEqual(code, 0, out + err)
        theirs = subprocess.run([sys.executable, ROOT / "daemon/audit/verify_pack.py", pack], capture_output=True, text=True,
                                timeout=120)
        self.assertEqual(theirs.returncode, 0, theirs.stdout + theirs.stderr)
        kinds = [json.loads(line)["kind"] for line in zipfile.ZipFile(pack).read("journal.jsonl").splitlines()]
        self.assertEqual(kinds.count("samples"), 1)


if __name__ == "__main__":
    unittest.main()
