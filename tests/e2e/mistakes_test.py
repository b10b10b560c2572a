"""What a person does wrong, and what the program says and ends with: 0 done, 1 the answer is no, 2 the words are wrong,
3 it could not run. Every command with every kind of mistake that it can meet; nothing waits, nothing hangs."""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import socketserver
import subprocess
import threading
import time
import unittest

import subject
from subject import Daemon, inventory

CHINESE = re.compile("[\u4e00-\u9fff]")
PATIENCE = 20

# What every command needs, with {name} for what this test made. The value that each mistake replaces stands alone.
LEDGER = ["--ledger", "{ledger}"]
PERIOD = ["--from", "2026", "--to", "2026"]
COMMANDS = {
    "availability": ["availability", *LEDGER, *PERIOD],
    "outages": ["outages", *LEDGER, *PERIOD],
    "report": ["report", *LEDGER, "--period", "2026-01", "--out", "{out}"],
    "evaluate": ["evaluate", *LEDGER, "--plan", "{plan}", "--out", "{out}"],
    "ledger verify": ["ledger", "verify", *LEDGER],
    "ledger rebuild": ["ledger", "rebuild", *LEDGER],
    "ledger close": ["ledger", "close", *LEDGER, "--by", "李工", "--period", "2025-01"],
    "ledger closings": ["ledger", "closings", *LEDGER],
    "evidence export": ["evidence", "export", *LEDGER, *PERIOD, "--out", "{out}/pack.zip"],
    "consistency": ["consistency", "{text}", *LEDGER, *PERIOD],
    "window list": ["window", "list", *LEDGER],
    "window request": ["window", "request", *LEDGER, "--by", "李工", "--targets", "L1", "--from", "2026-03-14 22:00",
                       "--to", "2026-03-14 23:00"],
    "annotate": ["annotate", *LEDGER, "--by", "李工", "L1", "雷击"],
    "duty list": ["duty", "list", *LEDGER],
    "duty add": ["duty", "add", *LEDGER, "--by", "李工"],
    "counter list": ["counter", "list", *LEDGER],
    "verdict list": ["verdict", "list", *LEDGER],
}
CONFIGURED = {
    "check": ["check", "--config", "{config}"],
    "probe": ["probe", "--config", "{config}", "L1"],
    "serve": ["serve", "--config", "{config}"],
    "export sites": ["export", "sites", "--config", "{config}"],
    "replay": ["replay", "--config", "{config}", "--trace", "{text}", "--ledger", "{out}/new.db"],
}


class Mistakes(unittest.TestCase):
    folder = None  # set by run.py

    @classmethod
    def setUpClass(cls):
        cls.home = cls.folder / "mistakes"
        daemon = Daemon(cls.home, listen="127.0.0.1:8083")
        daemon.configure([{"id": "L1", "address": "127.0.0.1", "checks": "tcp:port=7,reset=good"}])
        daemon.start()
        time.sleep(1.5)
        daemon.stop()
        os.mkfifo(cls.home / "fifo")
        (cls.home / "text.txt").write_text("没有矛盾的报告。\n")
        (cls.home / "empty").write_text("")
        (cls.home / "there.xlsx").write_text("filled in")
        plans = pathlib.Path(__file__).resolve().parents[2] / "config/plans"
        (cls.home / "out").mkdir()
        cls.good = {"ledger": daemon.ledger, "config": daemon.config, "text": cls.home / "text.txt",
                    "out": cls.home / "out", "plan": plans / "2023-case.yaml"}

    def test_every_command_shows_examples_of_its_own(self):
        def commands_in(page):
            return re.findall(r"^  ([a-z]+) ", page.split("/ commands:\n")[1].split("\n\n")[0], re.M) if "/ commands:" in page else []
        for command in commands_in(subject.run("--help")[1]):
            page = subject.run(command, "--help")[1]
            if command == "check":  # ends with the arguments of every kind of check, which are its examples (config/checks.md)
                continue
            self.assertIn(f"\n  changtong {command}", page)
            for part in commands_in(page):
                self.assertIn(f"\n  changtong {command}", subject.run(command, part, "--help")[1], part)

    def test_every_help_page_speaks_chinese_first(self):
        def page_of(*words):
            page = subject.run(*words, "--help")[1].split("\n检查写在")[0]  # what follows there is config/checks.md
            with self.subTest(words=words):
                self.assertNotRegex(page, r"\b(TEXT|UINT|FLOAT|OPTIONS|SUBCOMMANDS?|REQUIRED|Options|Usage|Positionals)\b")
                for line in page.split("\n例 / example")[0].splitlines():
                    heading, option = re.match(r"\S.*:$", line), re.match(r"  (-{1,2}\w|[a-z]+ {2,}).* {2,}\S", line)
                    if heading or option:
                        self.assertRegex(line.split(" / ")[0], CHINESE, line)
            return page
        known = r"^  ([a-z]+) "
        for command in re.findall(known, page_of().split("/ commands:\n")[1].split("\n\n")[0], re.M):
            page = page_of(command)
            if "/ commands:" in page:
                for part in re.findall(known, page.split("/ commands:\n")[1].split("\n\n")[0], re.M):
                    page_of(command, part)
        self.assertIn("--format 文字（缺省 table）", page_of("availability"))
        self.assertIn("[选项] <文件 FILE>", page_of("import", "lines"))
        self.assertIn("\n选项 / options:\n  -h,--help ", page_of("window"))

    def run_with(self, words, **instead):
        values = {**self.good, **instead}
        began = time.monotonic()
        code, out, err = subject.run(*[w.format(**values) for w in words], timeout=PATIENCE)
        self.assertLess(time.monotonic() - began, 8, words)
        return code, out, err

    def refused(self, code, words, names=None, **instead):
        got, out, err = self.run_with(words, **instead)
        with self.subTest(words=words, instead=instead):
            self.assertEqual(got, code, out + err)
            self.assertRegex(err, CHINESE)
            self.assertNotRegex(err, r"No such file|Permission denied|Is a directory|is required|not expected")
            if names:
                self.assertIn(str(names), err)

    def test_a_file_that_cannot_be_read_is_3_for_every_command(self):
        for bad in (self.home / "none", self.home, self.home / "fifo", self.home / "text.txt", "/dev/zero"):
            for words in COMMANDS.values():
                self.refused(3, words, names=bad, ledger=bad)

    def test_words_that_are_wrong_are_2_for_every_command(self):
        for words in [w for w in [*COMMANDS.values(), *CONFIGURED.values()] if w[0] != "consistency"]:
            self.refused(2, [*words, "--no-such-option"], names="--no-such-option")
            self.refused(2, [*words, "--fromage=2"], names="--fromage")
            first = [w for w in words if w.startswith("--")][0]
            self.refused(2, words[:words.index(first)], names="")
            self.refused(2, [*words[:words.index(first)], first], names=first)

    def test_a_configuration_that_does_not_hold_is_1_for_every_command(self):
        bad = self.home / "bad.yaml"
        bad.write_text("zone: Mars\ninventory: lines.csv\n")
        for words in CONFIGURED.values():
            self.refused(1, words, names="bad.yaml:1:", config=bad)
            self.refused(1, words, names="none.yaml", config=self.home / "none.yaml")
            self.refused(1, words, names="fifo", config=self.home / "fifo")

    def test_a_sheet_of_lines_is_held_against_every_mistake_too(self):
        words = ["import", "lines", "{text}", "--config", "{config}"]
        bad = self.home / "bad-too.yaml"
        bad.write_text("zone: Mars\ninventory: lines.csv\n")
        self.refused(2, [*words, "--no-such-option"], names="--no-such-option")
        self.refused(2, ["import", "lines"])
        self.refused(2, ["import"])
        self.refused(2, [*words, "--close-missing", "gestern"], names="--close-missing")
        self.refused(1, words, names="bad-too.yaml:1:", config=bad)
        self.refused(1, words, names="none.yaml", config=self.home / "none.yaml")
        self.refused(1, words, names="fifo", config=self.home / "fifo")
        for none in (self.home / "none", self.home, self.home / "fifo", "/dev/zero"):
            self.refused(3, words, names=none, text=none)
        self.assertEqual(self.run_with(words)[0], 1)  # a text that is no sheet

    def test_a_form_and_a_plan_are_held_against_every_mistake_too(self):
        for words in (["form", "check", "{text}"], ["plan", "import", "{text}"], ["plan", "import", "{plan}", "--fill", "{text}"]):
            self.refused(2, [*words, "--no-such-option"], names="--no-such-option")
            self.refused(2, words[:2])
            self.refused(2, words[:1])
            for none in (self.home / "none", self.home, self.home / "fifo", "/dev/zero", self.home / "text.txt"):
                self.refused(3, words, names=none, text=none)
        export = ["plan", "export", "{plan}", "--out", "{out}/fill.xlsx"]
        self.refused(2, export, names="--fill")
        self.refused(2, [*export[:4], "{out}/fill.pdf", "--fill"], names="fill.pdf")
        for none in (self.home / "none", self.home, self.home / "fifo"):
            self.refused(3, [*export, "--fill"], names=none, plan=none)
        self.refused(3, [*export[:4], str(self.home / "there.xlsx"), "--fill"], names="there.xlsx")
        self.refused(1, [*export, "--fill"], names="text.txt", plan=self.home / "text.txt")

    def test_periods_that_are_none_are_2(self):
        for name in ("availability", "outages", "evidence export", "window list", "duty list", "counter list"):
            words = [w for w in COMMANDS[name] if w not in PERIOD]
            self.refused(2, [*words, "--from", "gestern", "--to", "2026"], names="--from")
            self.refused(2, [*words, "--from", "2026-02", "--to", "2026-01"])

    def test_a_line_that_nobody_knows_is_2(self):
        for name in ("outages", "window list"):
            self.refused(2, [*COMMANDS[name], "--line", "L2"], names="L1")  # what was perhaps meant
            self.assertEqual(self.run_with([*COMMANDS[name], "--line", "L1"])[0], 0)
        self.refused(2, [*CONFIGURED["probe"][:3], "没有这条线"], names="没有这条线")

    def test_other_files_that_are_none(self):
        for bad in (self.home / "none", self.home, self.home / "fifo"):
            self.refused(3, ["consistency", "{text}"], names=bad, text=bad)
            self.refused(3, CONFIGURED["replay"], names=bad, text=bad)
            self.refused(3, COMMANDS["evaluate"], names=bad, plan=bad)
            self.refused(3, [*COMMANDS["evaluate"], "--before", "{text}"], names=bad, text=bad)
            self.refused(3, ["duty", "import", "{text}", *LEDGER, "--by", "李工"], names=bad, text=bad)
            self.refused(3, ["ledger", "verify", *LEDGER, "--against", "{text}"], names=bad, text=bad)
            self.refused(3, ["clock", "confirm", "--api", "http://127.0.0.1:9", "--token-file", "{text}"], names=bad,
                         text=bad)
        document = ["verdict", "add", *LEDGER, "--by", "李工", "--plan", "p", "--indicator", "i", "--verdict", "achieved",
                    "--document", "{text}"]
        for bad in (self.home / "none", self.home, self.home / "fifo", "/dev/zero"):
            self.refused(3, document, names=bad, text=bad)

    def test_a_pack_that_cannot_be_read_is_3_and_one_that_is_none_is_1(self):
        for bad in ("none", "fifo"):
            self.refused(3, ["evidence", "verify", "{text}"], names=bad, text=self.home / bad)
        self.assertEqual(self.run_with(["evidence", "verify", "{text}"])[0], 1)

    def test_a_daemon_that_is_not_there_is_3(self):
        token = self.home / "token"
        token.write_text("0123456789abcdef0123\n")
        self.refused(3, ["annotate", "L1", "雷击", "--api", "http://127.0.0.1:9", "--token-file", str(token)],
                     names="连接被拒绝")

    def test_an_inventory_that_is_a_pipe_stops_no_reload_and_no_end(self):
        daemon = Daemon(self.home / "pipe", listen="127.0.0.1:8084")
        daemon.configure([{"id": "L1", "address": "127.0.0.1", "checks": "tcp:port=7,reset=good"}])
        daemon.start()
        (daemon.folder / "lines.csv").unlink()
        os.mkfifo(daemon.folder / "lines.csv")
        silent = os.open(daemon.folder / "lines.csv", os.O_RDWR)  # a writer that says nothing
        self.addCleanup(os.close, silent)
        daemon.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        began = time.monotonic()
        daemon.process.send_signal(signal.SIGTERM)
        self.assertEqual(daemon.process.wait(10), 0)
        self.assertLess(time.monotonic() - began, 2)
        self.assertIn("是管道", daemon.log.read_text())

    def test_an_interrupt_ends_a_command_that_waits_for_a_pipe(self):
        with open(self.home / "fifo", "r+b", buffering=0):  # there is a writer, and it says nothing
            process = subprocess.Popen([subject.binary, "evaluate", "--plan", self.home / "fifo", "--out", self.home / "out"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=3)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("被中断", err)

    def test_check_wants_a_ledger_that_may_be_one(self):
        config = self.home / "other.yaml"
        for text, names in (("lines.csv", "同一个文件"), ("text.txt", "不是畅通账本"), ("fifo", "不是畅通账本")):
            config.write_text(f"inventory: lines.csv\nledger: {text}\nanchors: [198.51.100.1, 198.51.100.2]\n")
            (self.home / "lines.csv").write_text(inventory([{"id": "L1", "address": "192.0.2.1", "checks": "icmp"}]))
            self.refused(1, CONFIGURED["check"], names=names, config=config)

    def test_check_refuses_what_a_start_would(self):
        config = self.home / "other.yaml"
        (self.home / "lines.csv").write_text(inventory([{"id": "L1", "address": "192.0.2.1", "checks": "icmp"}]))
        for more, names in (("ledger: nowhere/ledger.db\n", "nowhere"), ("ledger: new.db\nlisten: 0.0.0.0:8091\n", "明文")):
            config.write_text(f"inventory: lines.csv\nanchors: [198.51.100.1, 198.51.100.2]\n{more}")
            self.refused(1, CONFIGURED["check"], names=names, config=config)
        for words in (["user", "list", "--config", "{config}"], ["audit", "show", "--config", "{config}"]):
            self.refused(1, words, config=self.home / "none.yaml")

    def test_check_knows_the_settings_of_a_centre(self):
        config = self.home / "centre.yaml"
        good = ("listen: 127.0.0.1:8094\ndatabase: { connect: host=/run/postgresql }\nreader: { token: reader-0123456789abcdef }\n"
                "nodes: [{ name: 东城区, token: east-0123456789abcdef }]\n")
        config.write_text(good)
        config.chmod(0o640)
        code, out, err = self.run_with(CONFIGURED["check"], config=config)
        self.assertEqual(code, 0, err)
        self.assertIn("中心的配置，节点 1 个，读者 1 个 / ", out)
        config.write_text(good.replace("nodes:", "nodse:"))
        self.refused(1, CONFIGURED["check"], names=f"{config}:4:1", config=config)
        config.write_text(good.replace("connect", "conect"))
        self.refused(1, CONFIGURED["check"], names="connect", config=config)
        self.refused(2, [*CONFIGURED["check"], "--live"], names="--live", config=config)

    def test_the_forms_of_an_evaluation_replace_nothing_but_files(self):
        out = self.home / "forms"
        out.mkdir()
        os.mkfifo(out / "form.xlsx")
        self.refused(2, COMMANDS["evaluate"], names="form.xlsx", out=out)
        self.assertEqual([p.name for p in out.iterdir()], ["form.xlsx"])

    def test_an_evaluation_leaves_no_evidence_of_an_earlier_one_and_takes_no_other_year_for_the_last(self):
        out, plan = self.home / "twice", self.home / "small.yaml"
        text = """year: %d
project: 网
execution: { weight: 10, rows: [ { name: 总额, full_year: 100, executed: 100 } ] }
levels: [ { name: 产出, weight: 90, groups: [ { name: 数量, indicators: [
  { id: %s, name: 甲, target: ≥1个, weight: 90, source: { kind: stated, value: 1, origin: 报告 } } ] } ] } ]
"""
        for year, name in ((2026, "first"), (2026, "second")):
            plan.write_text(text % (year, name))
            code, _, err = subject.run("evaluate", "--plan", plan, "--out", out)
            self.assertEqual(code, 0, err)
            (out / "evidence/of_the_office.html").touch()
        self.assertEqual(sorted(p.name for p in (out / "evidence").iterdir()), ["of_the_office.html", "second.html"])
        plan.write_text(text % (2028, "second"))
        code, _, err = subject.run("evaluate", "--plan", plan, "--out", out, "--before", out / "evaluation.json")
        self.assertNotEqual(code, 0)
        self.assertIn("是 2026 年度的，不是 2028 年的上一年", err)

    def test_colours_are_for_a_terminal_alone(self):
        def at_a_terminal(**environment):
            mine, theirs = os.openpty()
            process = subprocess.run([subject.binary, "check", "--config", str(self.home / "no such.yaml")],
                                     stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, timeout=PATIENCE)
            self.assertNotIn(b"\x1b", process.stderr, "a pipe")
            subprocess.run([subject.binary, "ledger", "verify", "--ledger", str(self.home / "no such.db")], stdin=theirs,
                           stdout=theirs, stderr=theirs, timeout=PATIENCE, env={**os.environ, "TERM": "xterm", **environment})
            os.close(theirs)
            said = b""
            with contextlib.suppress(OSError):  # the end of a terminal
                while piece := os.read(mine, 4096):
                    said += piece
            os.close(mine)
            return said

        self.assertIn(b"\x1b[1;31mchangtong:\x1b[0m", at_a_terminal())
        for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            said = at_a_terminal(**plain)
            self.assertIn(b"changtong:", said)
            self.assertNotIn(b"\x1b", said)

    def test_what_is_said_stands_before_why_it_ends(self):
        plan = self.good["plan"].parent / "example-2026.yaml"
        done = subprocess.run([subject.binary, "evaluate", "--plan", plan, *["--ledger", self.good["ledger"]], "--out",
                               self.home / "out", "--final"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertTrue(done.stdout.splitlines()[-1].startswith("changtong: "), done.stdout[-500:])


class Probing(unittest.TestCase):
    folder = None

    def test_a_target_is_asked_by_any_of_its_names(self):
        home = self.folder / "probing"
        home.mkdir()
        (home / "lines.csv").write_text(inventory(
            [{"id": "L1", "name": "东村村委会", "circuit": "ZX-0102", "address": "127.0.0.1", "checks": "tcp:port=9"},
             {"id": "L2", "name": "西村村委会", "address": "127.0.0.2", "checks": "icmp"}]))
        config = home / "c.yaml"
        config.write_text("inventory: lines.csv\nanchors: [127.0.0.3, 127.0.0.4]\n")
        for word in ("L1", "东村村委会", "ZX-0102", "127.0.0.1", "东村"):
            code, out, err = subject.run("probe", "--config", config, word)
            self.assertEqual(code, 0, out + err)
            self.assertIn("端口关闭也算可达，除非另有设置 / a closed port counts as reachable", out)
        code, out, err = subject.run("probe", "--config", config, "村委会")
        self.assertEqual(code, 2)
        self.assertIn("L1  东村村委会", err)
        self.assertIn("L2  西村村委会", err)
        code, out, err = subject.run("probe", "127.0.0.1")
        self.assertEqual(code, 0, out + err)
        code, out, err = subject.run("probe", "--config", config, "L1", "L2", "--format", "json")
        self.assertEqual(code, 0, out + err)
        told = json.loads(out)
        self.assertEqual([t["id"] for t in told], ["L1", "L2"])
        self.assertGreater(told[0]["checks"][0]["rtt_ns"], 0)

    def test_silence_of_an_agent_whose_host_answers_is_explained(self):
        home = self.folder / "silent-agent"
        home.mkdir()
        (home / "lines.csv").write_text(inventory(
            [{"id": "L1", "address": "127.0.0.5", "checks": "snmp:credential=c,port=16161"}]))
        config = home / "c.yaml"
        config.write_text("inventory: lines.csv\nanchors: [127.0.0.3, 127.0.0.4]\n"
                          "credentials: { c: { version: 2c, community: \"${COMMUNITY}\" } }\nkinds: { snmp: { timeout: 300ms } }\n")
        os.environ["COMMUNITY"] = "wrong"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
            mute.bind(("127.0.0.5", 16161))
            code, out, err = subject.run("probe", "--config", config, "L1")
        self.assertEqual(code, 1, out + err)
        self.assertIn("团体名不对或没有代理：ping 仍通 / wrong community or no agent: ping answers", out)

    def test_a_service_is_told_something_and_its_answer_is_held_against_what_is_expected(self):
        home = self.folder / "talking"
        home.mkdir()
        heard = []

        class Mail(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 mail.example.gov.cn ESMTP\r\n")
                heard.append(self.rfile.readline())
                self.wfile.write(b"250 at your service\r\n")

        with socketserver.ThreadingTCPServer(("127.0.0.7", 0), Mail) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.server_address[1]
            for expected, code in (("250%20at", 0), ("220", 0), ("354", 1)):
                (home / "lines.csv").write_text(inventory(
                    [{"id": "L1", "address": "127.0.0.7",
                      "checks": f"tcp:port={port},send=EHLO%20a%2Cb\\r\\n,expect={expected}"}]))
                config = home / "c.yaml"
                config.write_text("inventory: lines.csv\nanchors: [127.0.0.3, 127.0.0.4]\n")
                got, out, err = subject.run("probe", "--config", config, "L1")
                self.assertEqual(got, code, out + err)
            server.shutdown()
        self.assertIn("应答内容不符", out)
        self.assertIn("应答中没有“354”，收到的是“220 mail.example.gov.cn ESMTP\\r\\n250 at your service\\r\\n”", out)
        self.assertEqual(set(heard) - {b""}, {b"EHLO a,b\r\n"})

    def test_bash_completes_commands_and_their_options(self):
        def completed(*words):
            script = (f'changtong() {{ "{subject.binary}" "$@"; }}; source <(changtong completion); COMP_WORDS=("$@"); '
                      'COMP_CWORD=$(($# - 1)); _changtong; echo "${COMPREPLY[@]}"')
            return subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True,
                                  check=True).stdout.split()

        self.assertEqual(completed("changtong", "wind"), ["window"])
        self.assertEqual(completed("changtong", "window", "re"), ["request", "revise"])
        self.assertEqual(completed("changtong", "availability", "--ledger", "x.db", "--fr"), ["--from"])
        self.assertEqual(completed("changtong", "nothing-of-ours", "lines."), [])  # then bash looks for files

    def test_the_help_of_check_is_the_page_of_every_argument(self):
        code, out, _ = subject.run("check", "--help")
        self.assertEqual(code, 0)
        page = (pathlib.Path(__file__).resolve().parents[2] / "config/checks.md").read_text()
        told = page.split("```text\n")[1].split("```")[0]
        self.assertIn(told.strip(), out)


if __name__ == "__main__":
    unittest.main()
