"""deploy/centre as a new user runs it: the addresses and commands that it prints work, who is killed comes back, it refuses what cannot
be with a sentence, ends cleanly, and goes on where it was."""

import base64
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import peers
import subject

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "deploy/centre"
NAMES = {"东城甲", "东城乙", "西城甲", "西城乙"}
SECONDS = 120


class DeployCentre(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="changtong-deploy-", dir="/tmp"))  # the database's user has to reach it
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.home.chmod(0o755)
        self.dir, self.log, self.process = self.home / "centre", self.folder / "printed", None
        self.addCleanup(self.command, "down")

    def words(self, *more):
        return [str(w) for w in (SCRIPT, *more, "--dir", self.dir, "--no-install", "--program", subject.binary, "--lines", 12)]

    def command(self, *more):
        done = subprocess.run(self.words(*more), capture_output=True, text=True, timeout=SECONDS)
        return done.returncode, done.stdout + done.stderr

    def up(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.words(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        peers.wait_for(lambda: self.process.poll() is not None or "试一试" in self.printed(), SECONDS, "it says where to look\n" + self.printed())
        self.assertIsNone(self.process.poll(), self.printed())

    def ctrl_c(self):
        os.killpg(self.process.pid, signal.SIGINT)
        self.assertEqual(self.process.wait(timeout=SECONDS), 0)
        self.assert_nothing_runs()

    def assert_nothing_runs(self):
        """Of what has our folder on its command line, and what the database keeps while it runs."""
        self.assertEqual([p.parent.name for p in pathlib.Path("/proc").glob("[0-9]*/cmdline") if str(self.dir).encode() in p.read_bytes()], [])
        self.assertFalse((self.dir / "postgres/data/postmaster.pid").exists())

    def printed(self):
        return self.log.read_text()

    def running(self):
        return {name: int(pid) for pid, name in (line.split() for line in (self.dir / "running").read_text().splitlines())}

    def nodes(self):
        told = next(line for line in self.printed().splitlines() if " centre nodes " in line)
        done = subprocess.run([*shlex.split(told), "--format", "json"], capture_output=True, text=True)
        return {row["node"]: row for row in json.loads(done.stdout)} if done.returncode == 0 else {}

    def wait_shipped(self, after=None):
        peers.wait_for(lambda: {name for name, row in self.nodes().items() if row["entries"] > (after or {}).get(name, 0)} == NAMES, SECONDS,
                       "every node ships\n" + self.printed())
        return {name: row["entries"] for name, row in self.nodes().items()}

    def get(self, url, headers=None):
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
            return answer.status, answer.read().decode()

    def test_what_it_prints_works_who_is_killed_comes_back_and_it_goes_on_where_it_was(self):
        self.up()
        urls = re.findall(r"http://[0-9.:]+/\S*", self.printed())
        self.assertEqual(len(urls), 7)
        token = (self.dir / "reader.token").read_text()
        page, who, where = re.search(r"(http://\S+/)   用户名 user (\S+?)，口令 password：cat (\S+)", self.printed()).groups()
        self.assertEqual(pathlib.Path(where).read_text(), token)
        login = {page: f"Basic {base64.b64encode(f'{who}:{token}'.encode()).decode()}"}
        login |= {url: f"Bearer {token}" for url in urls if "/centre/v1/" in url}
        self.assertEqual(len(login), 2)
        for url in urls:
            self.assertEqual(self.get(url, {"Authorization": login[url]} if url in login else None)[0], 200, url)
        for url in login:
            with self.assertRaises(urllib.error.HTTPError):
                self.get(url)
        before = self.wait_shipped()
        lines, reader = next(url for url in urls if "/centre/v1/" in url).replace("nodes", "lines"), {"Authorization": f"Bearer {token}"}
        peers.wait_for(lambda: {row["node"] for row in json.loads(self.get(lines, reader)[1])["lines"]} == {"东城", "西城"}, SECONDS, "each pair is one there")
        for told, secret in (("node00/changtong.yaml", "node00.token"), ("centre.yaml", "reader.token")):
            self.assertNotIn((self.dir / secret).read_text(), (self.dir / told).read_text() + self.printed())
        self.assertEqual([p.name for p in self.dir.iterdir() if p.stat().st_mode & 0o077], [], "nobody else reads any of it")

        code, said = self.command()
        self.assertEqual((code, "已在运行" in said), (3, True), said)
        was = self.running()
        for name in ("node00", "postgres"):
            os.kill(was[name], signal.SIGKILL)
        peers.wait_for(lambda: all(self.running()[name] != was[name] for name in ("node00", "postgres")), SECONDS, "they are back")
        self.wait_shipped(before)
        before = self.wait_shipped()
        self.ctrl_c()

        self.up()
        self.wait_shipped(before)
        self.assertEqual([row["fork"] for row in self.nodes().values()], [None] * 4)
        self.assertEqual(self.command("down")[0], 0)
        self.assertEqual(self.process.wait(timeout=SECONDS), 0)
        self.assert_nothing_runs()

    def test_taken_ports_and_folders_are_refused_before_anything_begins(self):
        taken = peers.Listener("127.0.0.1", 8402)
        self.addCleanup(taken.close)
        code, said = self.command()
        self.assertEqual((code, "127.0.0.1:8402" in said, "什么也没有启动" in said), (3, True, True), said)
        self.assertFalse((self.dir / "postgres").exists())
        for wrong in ("many", "70000"):
            self.assertEqual(self.command("--port", wrong)[0], 2)
        self.assertEqual(self.command("--lines")[0], 2)
        code, said = self.command("down")
        self.assertEqual((code, "没有在运行" in said), (0, True), said)

    def test_a_beginning_that_fails_says_why_and_leaves_nothing(self):
        data = self.dir / "postgres/data"
        data.mkdir(parents=True)
        (data / "somebody's").write_text("not a database")
        code, said = self.command()
        self.assertNotEqual(code, 0)
        self.assertIn("not empty", said)
        self.assertEqual((data / "somebody's").read_text(), "not a database")
        self.assert_nothing_runs()

    def test_whom_a_run_that_was_killed_has_left_is_ended_by_down(self):
        self.up()
        self.process.kill()
        self.process.wait()
        self.assertIn("node00", self.running())
        code, said = self.command("down")
        self.assertEqual(code, 0, said)
        self.assert_nothing_runs()


if __name__ == "__main__":
    unittest.main()
