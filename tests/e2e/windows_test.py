"""Maintenance windows on a running daemon: who may do what, what is taken out of the books, and that nothing that was
acknowledged is lost by a SIGKILL."""

import json
import time
import unittest

import peers
import subject
import truth
from subject import Daemon

PEOPLE = {"li": "li-token-0123456789", "wang": "wang-token-0123456789", "zhao": "zhao-token-0123456789"}
CONFIG = """api:
  token: nobody-token-0123456789
  people:
    - { name: 李工, token: li-token-0123456789, may: [request, approve, duty, annotate] }
    - { name: 王工, token: wang-token-0123456789, may: [approve] }
    - { name: 赵工, token: zhao-token-0123456789, may: [request] }
"""


class Windows(unittest.TestCase):
    """One story in one life: the windows follow each other on lines of their own, all within a minute."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "windows")
        names = ["planned", "late", "ended", "plain"]
        cls.daemon.configure([{"id": name, "address": f"127.8.0.{n}", "checks": "tcp:port=7001,reset=bad"}
                              for n, name in enumerate(names, 1)], extra=CONFIG,
                             defaults="interval: 500ms, timeout: 500ms, fast_interval: 100ms")
        cls.ports = {name: peers.Listener(f"127.8.0.{n}", 7001) for n, name in enumerate(names, 1)}
        cls.daemon.start()
        cls.daemon.wait_up(*names)
        cls.begin = time.time()
        cls.answers = {}
        cls.play()
        cls.killed_and_back()
        cls.stop_at = time.time()
        cls.daemon.stop()
        cls.listed = {w["id"]: w for w in cls.windows()}
        cls.figures = cls.daemon.availability(cls.begin)
        cls.outages = cls.daemon.outages(cls.begin)

    @classmethod
    def windows(cls):
        code, out, err = subject.run("window", "list", "--ledger", cls.daemon.ledger, "--format", "json")
        if code != 0:
            raise AssertionError(f"window list: {code}: {err}")
        return json.loads(out)

    @classmethod
    def post(cls, who, path, **body):
        token = PEOPLE.get(who, who)
        status, text = cls.daemon.request(path, "POST", {"Authorization": f"Bearer {token}"},
                                          json.dumps(body).encode())
        return status, json.loads(text) if text.startswith("{") else text

    @classmethod
    def request(cls, who, id, line, begin, end):
        return cls.post(who, "/api/v1/windows", id=id, targets=[line], **{"from": truth.iso(begin), "to": truth.iso(end)})

    @classmethod
    def step(cls, who, id, step, **more):
        return cls.post(who, f"/api/v1/windows/{id}", step=step, **more)

    @classmethod
    def play(cls):
        """`planned` is approved in time and its outage outlasts it; `late` is approved when it has begun; `ended` is
        cancelled while it lasts; `plain` has an outage without any window."""
        now = time.time()
        cls.planned = now + 3, now + 8
        a = cls.answers
        a["request"] = cls.request("li", "W-planned", "planned", *cls.planned)
        a["self"] = cls.step("li", "W-planned", "approve")
        a["right"] = cls.step("zhao", "W-planned", "approve")
        a["nobody"] = cls.step("nobody-token-0123456789", "W-planned", "approve")
        a["second"] = cls.step("wang", "W-planned", "approve")
        a["nobody asks"] = cls.request("nobody-token-0123456789", "W-nobody", "plain", now + 86400, now + 90000)
        a["nobody's approved"] = cls.step("wang", "W-nobody", "approve")
        a["taken over"] = cls.step("li", "W-nobody", "revise")
        a["taker approves"] = cls.step("li", "W-nobody", "approve")
        a["approved then"] = cls.step("wang", "W-nobody", "approve")
        entry = {"targets": ["planned", "late", "ended"], "from": truth.iso(now + 86400), "to": truth.iso(now + 90000)}
        a["flood"] = cls.post("nobody-token-0123456789", "/api/v1/windows", entries=[entry] * 700)
        a["late request"] = cls.request("li", "W-late", "late", now - 1, now + 60)
        a["late approval"] = cls.step("wang", "W-late", "approve")
        cls.ended = now + 3, now + 60
        a["third"] = cls.request("zhao", "W-ended", "ended", *cls.ended)
        cls.step("wang", "W-ended", "approve")
        time.sleep(max(0.0, cls.planned[0] + 1 - time.time()))
        cls.down = truth.at(lambda: [p.close() for p in cls.ports.values()])
        time.sleep(max(0.0, cls.planned[0] + 3 - time.time()))
        cls.cancelled = truth.at(lambda: a.update(cancel=cls.step("zhao", "W-ended", "cancel")))
        time.sleep(max(0.0, cls.planned[1] + 3 - time.time()))
        cls.up = truth.at(lambda: [p.open() for p in cls.ports.values()])
        cls.daemon.wait_up(*cls.ports)

    @classmethod
    def killed_and_back(cls):
        """Entries up to the very kill: what was answered with 200 must be there."""
        cls.acknowledged = []
        for n in range(20):
            status, _ = cls.request("li", f"K-{n}", "plain", time.time() + 3600, time.time() + 7200)
            if status == 200:
                cls.acknowledged.append(f"K-{n}")
        cls.duty = cls.post("li", "/api/v1/duty", person="钱工")
        cls.note = cls.post("li", "/api/v1/annotations", target="plain", text="雷击")
        cls.daemon.kill()
        cls.daemon.start()
        cls.daemon.wait_up(*cls.ports)
        cls.after_kill = cls.daemon.json("/api/v1/duty")["duty"], cls.daemon.json("/api/v1/annotations")["annotations"]
        time.sleep(1.5)

    def test_only_a_second_person_with_the_right_approves(self):
        self.assertEqual(self.answers["request"][0], 200)
        self.assertEqual(self.answers["self"][0], 409)
        self.assertEqual(self.answers["self"][1]["error"]["code"], "second_person_needed")
        self.assertEqual(self.answers["right"][0], 403)
        self.assertEqual(self.answers["nobody"][0], 403)
        self.assertEqual(self.answers["second"][0], 200)
        self.assertEqual(self.listed["W-planned"]["requested_by"], "李工")
        self.assertEqual(self.listed["W-planned"]["approved_by"], "王工")

    def test_what_nobodys_token_asked_for_needs_two_people(self):
        answers = {key: self.answers[key][0] for key in ("nobody asks", "nobody's approved", "taken over", "taker approves",
                                                         "approved then")}
        self.assertEqual(list(answers.values()), [200, 409, 200, 409, 200], self.answers)
        self.assertEqual(self.answers["nobody's approved"][1]["error"]["code"], "nobodys_request")
        self.assertEqual(self.listed["W-nobody"]["requested_via"], "api: api@127.0.0.1")
        self.assertEqual(self.listed["W-nobody"]["revisers"], ["李工"])
        self.assertEqual(self.listed["W-nobody"]["revised_via"], "api: 李工@127.0.0.1")
        self.assertEqual(self.listed["W-nobody"]["approved_via"], "api: 王工@127.0.0.1")
        self.assertEqual(self.listed["W-nobody"]["flags"], [])
        self.assertEqual(self.listed["W-planned"]["flags"], ["late_notice"])

    def test_a_request_that_would_write_too_much_is_refused_whole(self):
        self.assertEqual(self.answers["flood"][0], 413)
        self.assertEqual(self.answers["flood"][1]["error"]["code"], "too_many_entries")

    def test_what_is_inside_the_window_is_excluded_and_its_overrun_is_down(self):
        row = self.figures["planned"]
        self.assertAlmostEqual(row["excluded_s"], self.planned[1] - self.planned[0], delta=0.01)
        overrun = self.up.before - self.planned[1]
        self.assertAlmostEqual(row["down_s"], overrun, delta=1)
        self.assertAlmostEqual(self.listed["W-planned"]["overrun_s"], overrun, delta=1)
        self.assertEqual(self.listed["W-planned"]["overrun_targets"], ["planned"])

    def test_a_late_one_is_kept_and_flagged_and_excludes_nothing(self):
        self.assertEqual(self.answers["late request"][0], 200)
        self.assertEqual([n["code"] for n in self.answers["late request"][1]["notices"]], ["late"])
        self.assertEqual([n["code"] for n in self.answers["late approval"][1]["notices"]], ["late"])
        self.assertTrue(self.listed["W-late"]["late"])
        self.assertIsNone(self.listed["W-late"]["excluded_from"])
        self.assertEqual(self.figures["late"]["excluded_s"], 0)
        self.assertAlmostEqual(self.figures["late"]["down_s"], self.figures["plain"]["down_s"], delta=1)

    def test_cancelled_while_it_lasts_it_ends_there(self):
        self.assertEqual([n["code"] for n in self.answers["cancel"][1]["notices"]], ["ended_now"])
        end = truth.instant(self.listed["W-ended"]["excluded_to"])
        self.assertGreaterEqual(end, self.cancelled.before - truth.SLACK)
        self.assertLessEqual(end, self.cancelled.after + truth.SLACK)
        self.assertAlmostEqual(self.figures["ended"]["excluded_s"], end - self.ended[0], delta=0.01)

    def test_time_adds_up_on_every_line(self):
        for line, row in self.figures.items():
            with self.subTest(line=line):
                whole = truth.instant(row["scope_to"]) - truth.instant(row["scope_from"])
                self.assertAlmostEqual(row["up_s"] + row["down_s"] + row["excluded_s"] + row["unknown_s"], whole, delta=0.002)

    def test_everything_acknowledged_survives_a_kill(self):
        self.assertEqual(len(self.acknowledged), 20)
        self.assertEqual([w for w in self.acknowledged if w not in self.listed], [])
        self.assertEqual((self.duty[0], self.note[0]), (200, 200))
        self.assertIn("钱工", [d["person"] for d in self.after_kill[0]])
        self.assertIn("雷击", [a["text"] for a in self.after_kill[1]])

    def test_the_books_verify(self):
        code, out, err = self.daemon.verify()
        self.assertEqual(code, 0, out + err)

    def test_a_ledger_that_nobody_writes_takes_entries_by_command(self):
        ledger = self.daemon.ledger
        before = self.daemon.availability(self.begin, self.stop_at)
        code, out, err = subject.run("duty", "add", "--ledger", ledger, "--by", "孙工")
        self.assertEqual(code, 0, err)
        code, out, err = subject.run("window", "request", "--ledger", ledger, "--by", "孙工", "--targets", "*", "--from",
                                     "2099-01-01 01:00", "--to", "2099-01-01 02:00", "--id", "W-cli")
        self.assertEqual(code, 0, err)
        code, out, err = subject.run("window", "approve", "W-cli", "--ledger", ledger, "--by", "孙工")
        self.assertEqual(code, 1, "their own")
        code, out, err = subject.run("window", "approve", "W-cli", "--ledger", ledger, "--by", "王工")
        self.assertEqual(code, 0, err)
        listed = {w["id"]: w for w in self.windows()}
        self.assertEqual(listed["W-cli"]["targets"], ["*"], "one entry for every line")
        self.assertEqual(listed["W-cli"]["approved_via"], "file, unauthenticated")
        self.assertEqual(self.daemon.availability(self.begin, self.stop_at), before)

    def test_a_window_that_comes_again_is_a_window_each_time(self):
        ledger = ["--ledger", self.daemon.ledger]
        words = ["window", "request", "--id", "weekly", "--targets", "plain", "--from", "2030-12-25 23:00",
                 "--to", "2030-12-26 01:00", "--every", "week", "--times", "3", *ledger, "--by", "李工"]
        code, out, err = subject.run(*words, "--dry-run")
        self.assertEqual((code, out.count("将登记"), "weekly" in str(self.windows())), (0, 3, False), err)
        code, out, err = subject.run(*words)
        self.assertEqual((code, out.count("weekly-0")), (0, 3), err)
        code, _, err = subject.run("window", "approve", "weekly-01", "weekly-03", *ledger, "--by", "王工")
        self.assertEqual(code, 0, err)
        listed = {w["id"]: w for w in self.windows()}
        self.assertEqual([listed[f"weekly-0{n}"]["from"][:16] for n in (1, 2, 3)],
                         ["2030-12-25T23:00", "2031-01-01T23:00", "2031-01-08T23:00"])
        self.assertEqual([listed[f"weekly-0{n}"]["state"] for n in (1, 2, 3)], ["approved", "requested", "approved"])
        self.assertEqual(subject.run(*words[:-6], "--times", "99", *ledger, "--by", "李工")[0], 2)
        self.assertEqual(subject.run(*words[:10], "--times", "3", *ledger, "--by", "李工")[0], 2, "without --every")


class Doors(unittest.TestCase):
    """The same commands, through the door that is open: the daemon's API while it runs, the ledger while it does not."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "doors", listen="127.0.0.1:8081")
        cls.daemon.configure([{"id": "L1", "address": "127.8.1.1", "checks": "tcp:port=7001,reset=bad"}], extra=CONFIG)
        cls.daemon.start()
        cls.token = cls.daemon.folder / "li.token"
        cls.token.write_text(PEOPLE["li"] + "\n")
        cls.api = ["--api", "http://127.0.0.1:8081", "--token-file", cls.token]

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    def test_while_the_daemon_writes_the_ledger_says_to_use_the_api(self):
        code, _, err = subject.run("duty", "add", "--ledger", self.daemon.ledger, "--by", "李工")
        self.assertEqual(code, 3)
        self.assertIn("--api", err)

    def test_a_roster_is_imported_whole_or_not_at_all(self):
        file = self.daemon.folder / "duty.csv"
        file.write_bytes("日期,值班人\n2020-03-14,王工、李工\n2020-02-30,赵工\n".encode("gb18030"))
        code, _, err = subject.run("duty", "import", file, *self.api)
        self.assertEqual(code, 1)
        self.assertIn(f"{file}:3:1:", err)
        file.write_bytes("日期,值班人\n2020-03-14,王工、李工\n2020-03-15,赵工\n".encode("gb18030"))
        code, out, err = subject.run("duty", "import", file, "--dry-run", *self.api)
        self.assertEqual((code, out.count("would enter")), (0, 3), err)
        self.assertEqual(self.daemon.json("/api/v1/duty?from=2020&to=2020")["duty"], [])
        code, out, err = subject.run("duty", "import", file, *self.api)
        self.assertEqual((code, out.count("entered")), (0, 3), err)
        self.assertEqual(len(self.daemon.json("/api/v1/duty?from=2020&to=2020")["duty"]), 3)

    def test_a_list_of_a_running_daemon_is_the_list_of_its_ledger(self):
        for words in (["duty", "add", "--day", "2021-05-01", "--person", "钱工"],
                      ["window", "request", "--id", "W-list", "--targets", "L1", "--from", "2098-03-14 22:00", "--to", "2098-03-14 23:00"]):
            self.assertEqual(subject.run(*words, *self.api)[0], 0)
        lists = [["window", "list"], ["window", "list", "--line", "L1", "--from", "2098", "--to", "2098"], ["duty", "list"],
                 ["duty", "list", "--from", "2021-05", "--to", "2021-05"], ["duty", "report", "--year", "2025"], ["counter", "list"],
                 ["counter", "list", "--counter", "none"], ["verdict", "list", "--plan", "2026"], ["alerts", "list", "--open"],
                 ["ticket", "list", "--line", "127.8.1.1"]]
        for words in lists:
            for shape in ("table", "json", "csv"):
                with self.subTest(list=words, format=shape):
                    of_ledger = subject.run(*words, "--format", shape, "--ledger", self.daemon.ledger)
                    self.assertEqual(subject.run(*words, "--format", shape, *self.api), of_ledger)
                    self.assertEqual(of_ledger[0], 0, of_ledger)
        self.assertIn("W-list", subject.run("window", "list", *self.api)[1])
        for words, none in ((["window", "list", "--from", "1999", "--to", "1999"], "没有停机窗口 / no maintenance windows\n"),
                            (["alerts", "list"], "没有告警 / no alerts\n"), (["counter", "list"], "没有读数 / no readings\n")):
            self.assertEqual(subject.run(*words, *self.api)[:2], (0, none), "not a heading over nothing")
        for words in (["ledger", "closings"],):
            for shape in ("table", "json"):
                of_ledger = subject.run(*words, "--format", shape, "--ledger", self.daemon.ledger)
                self.assertEqual(subject.run(*words, "--format", shape, *self.api), of_ledger)
                self.assertEqual(of_ledger[0], 0, of_ledger)
        self.assertEqual(subject.run("ticket", "due", *self.api[:2])[0], 0, "reading needs no token where there are no users")

    def test_the_books_of_a_running_daemon_are_those_of_its_ledger(self):
        """Of a time that the ledger has: what is still going on moves between two questions, so its outage has to end."""
        self.daemon.wait_down("L1")
        answers = peers.Listener("127.8.1.1", 7001)
        self.addCleanup(answers.close)
        self.daemon.wait_up("L1")
        now = time.time()
        period = ["--from", truth.iso(now - 60), "--to", truth.iso(now)]
        peers.wait_for(lambda: truth.instant(self.daemon.json("/api/v1/summary")["heartbeat"]) > now, 60, "all of it is in the ledger")
        commands = [["outages"], ["outages", "--line", "L1"], ["availability"], *(["availability", "--by", by] for by in
                    ("category", "carrier", "town", "day", "month"))]
        for words in commands:
            for shape in ("table", "json", "csv"):
                with self.subTest(list=words, format=shape):
                    of_ledger = subject.run(*words, *period, "--format", shape, "--ledger", self.daemon.ledger)
                    self.assertEqual(subject.run(*words, *period, "--format", shape, *self.api), of_ledger)
                    self.assertEqual(of_ledger[0], 0, of_ledger)
        of_ledger, of_daemon = self.daemon.folder / "ledger.csv", self.daemon.folder / "daemon.csv"
        for where, out in ((["--ledger", self.daemon.ledger], of_ledger), (self.api, of_daemon)):
            self.assertEqual(subject.run("availability", *period, "--format", "csv", "--out", out, *where)[0], 0)
        self.assertEqual(of_daemon.read_bytes(), of_ledger.read_bytes())
        self.assertTrue(of_daemon.read_bytes().startswith(b"\xef\xbb\xbf"), "for a person's spreadsheet")
        for words in (["availability", "--as-known-at", "2026"], ["availability", "--reopened"], ["availability", "--formula", "R2"],
                      ["outages", "--disagreements"], ["outages", "--observer", "A"], ["outages", "--format", "xlsx"]):
            code, out, err = subject.run(*words, *period, *self.api)
            self.assertEqual((code, out), (2, ""), err)
            self.assertIn(words[1], err)
            self.assertIn("--ledger", err, "and what to do")
        folder = self.daemon.folder / "reports"
        code, out, err = subject.run("report", "--period", time.strftime("%Y", time.gmtime()), "--out", folder, *self.api)
        self.assertEqual((code, out.count("written")), (0, 2), err)
        self.assertEqual(sorted((f.suffix, f.read_bytes()[:2]) for f in folder.iterdir()), [(".html", b"<!"), (".xlsx", b"PK")])
        self.assertEqual(subject.run("report", "--period", "2026/..", "--out", folder, *self.api)[0], 2)
        self.assertEqual(subject.run("report", "--period", "2099", "--out", folder, *self.api)[0], 2, "not begun")
        self.assertEqual(subject.run("availability", *period)[0], 2, "of what?")
        self.assertEqual(subject.run("outages", *period, "--ledger", self.daemon.ledger, *self.api)[0], 2, "which of both?")

    def test_a_question_about_nothing_is_a_mistake_of_the_words_as_of_a_ledger(self):
        for words in (["window", "list", "--line", "L9"], ["alerts", "list", "--from", "gestern"], ["duty", "report", "--year", "2026-03"]):
            code, out, err = subject.run(*words, *self.api)
            self.assertEqual((code, out), (2, ""), err)
            self.assertIn(words[-1], err)
        self.assertEqual(subject.run("window", "list")[0], 2, "of what?")
        self.assertEqual(subject.run("window", "list", "--ledger", self.daemon.ledger, *self.api)[0], 2, "which of both?")
        self.assertEqual(subject.run("window", "list", "--api", "http://127.0.0.1:9")[0], 3)
        self.token.with_name("odd.token").write_text("a\nb\n")
        self.assertEqual(subject.run("window", "list", *self.api[:3], self.token.with_name("odd.token"))[0], 3)

    def test_a_window_of_an_unknown_line_names_its_row(self):
        file = self.daemon.folder / "windows.csv"
        file.write_text("线路,开始,结束\nL1,2099-03-14 22:00,2099-03-14 23:00\nL9,2099-03-14 22:00,2099-03-14 23:00\n")
        code, _, err = subject.run("window", "import", file, *self.api)
        self.assertEqual(code, 1)
        self.assertIn(f"{file}:3:1:", err)
        self.assertEqual(self.daemon.json("/api/v1/windows?from=2099&to=2099")["windows"], [])

    def test_no_token_is_in_log_or_ledger(self):
        everything = self.daemon.log.read_bytes() + self.daemon.ledger.read_bytes()
        for token in PEOPLE.values():
            self.assertNotIn(token.encode(), everything)


if __name__ == "__main__":
    unittest.main()
