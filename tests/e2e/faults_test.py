"""Disk, lock, damage, format, clock, standstill, and SIGKILL inside a commit: nothing acknowledged is lost, the line is
never blamed, and what nobody observed or kept is in the books.

The stories take their time side by side, each with a daemon of its own; the cases then look at what came of them."""

import concurrent.futures
import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import threading
import time
import unittest

import peers
import subject
import truth
from subject import Daemon

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Story:
    """A daemon that watches three ports on addresses of its own."""

    number = 0

    def __init__(self, folder, name):
        Story.number += 1
        self.net = Story.number
        self.daemon = Daemon(folder / name, listen=f"127.0.0.1:{8100 + self.net}")
        self.ports = {f"L{n}": peers.Listener(f"127.20.{self.net}.{n}", 7001) for n in (1, 2, 3)}
        self.breaks = []

    def configure(self):
        self.daemon.configure([{"id": line, "address": port.where[0], "checks": "tcp:port=7001,reset=bad"}
                               for line, port in self.ports.items()],
                              defaults="interval: 500ms, timeout: 400ms, fast_interval: 200ms")

    def start(self, **how):
        self.begin = time.time()
        self.daemon.start(**how)
        self.daemon.wait_up(*self.ports)

    def break_line(self, line):
        self.breaks.append(truth.Break(line, truth.at(self.ports[line].close)))

    def mend_line(self, line):
        self.breaks[-1].up = truth.at(self.ports[line].open)

    def samples(self):
        return sum(v for (name, _), v in self.daemon.metrics().items() if name == "changtong_samples_total")

    def end(self):
        self.exit_code = self.daemon.stop()
        self.log = self.daemon.log.read_text()

    def read_books(self):
        self.figures, self.outages = self.daemon.availability(self.begin), self.daemon.outages(self.begin)
        self.verified = self.daemon.verify()
        return self


def ledger_away(story, take_away, give_back):
    """A break that begins and ends while the ledger takes no commits, as people see it; then the ledger is back."""
    daemon = story.daemon
    time.sleep(1)
    take_away()
    peers.wait_for(lambda: daemon.metric("changtong_ledger_writable") == 0, 10, "the ledger's own alarm\n" + daemon.tail())
    story.readyz_away = daemon.get("/readyz")
    before = story.samples()
    story.break_line("L1")
    daemon.wait_down("L1")
    story.announced_after = time.time() - story.breaks[-1].down.before
    story.line_away = daemon.json("/api/v1/lines/L1")
    story.queued = daemon.metric("changtong_ledger_queue_records")
    time.sleep(2)
    story.mend_line("L1")
    daemon.wait_up("L1")
    story.probed = story.samples() - before
    time.sleep(1)
    give_back()
    peers.wait_for(daemon.ready, 20, "the ledger is back\n" + daemon.tail())
    peers.wait_for(lambda: daemon.metric("changtong_ledger_queue_records") == 0, 10, "the queue is empty")
    time.sleep(1)
    story.end()
    return story.read_books()


def disk_full(folder):
    story = Story(folder, "disk")
    disk = story.daemon.folder / "small"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", disk], check=True)
    story.daemon.ledger = disk / "ledger.db"
    story.configure()
    story.start()
    ballast = disk / "ballast"

    def fill():
        with open(ballast, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(4096))
            except OSError:
                pass

    return ledger_away(story, fill, ballast.unlink)


def locked(folder):
    story = Story(folder, "lock")
    story.configure()
    story.start()
    other = sqlite3.connect(story.daemon.ledger, isolation_level=None, check_same_thread=False)

    def lock():
        other.execute("BEGIN IMMEDIATE")
        story.locked_at = time.monotonic()

    def release():
        time.sleep(max(0.0, 10 - (time.monotonic() - story.locked_at)))
        other.execute("ROLLBACK")
        other.close()

    return ledger_away(story, lock, release)


def flip(path, page, size=4096, begin=100):
    """Turns over every bit of most of a page (counted from 0)."""
    with open(path, "r+b") as f:
        f.seek(page * size + begin)
        old = f.read(size - begin)
        f.seek(page * size + begin)
        f.write(bytes(b ^ 0xff for b in old))


def pages(path):
    return os.path.getsize(path) // 4096


def damaged_while_running(folder):
    """The daemon reads its pages anew once another program has written to the file, and finds them spoilt."""
    story = Story(folder, "damage")
    daemon = story.daemon
    story.configure()
    story.start()
    time.sleep(1)
    daemon.stop()  # a clean stop moves everything into the file itself
    story.start()
    time.sleep(1)
    for page in range(1, pages(daemon.ledger)):
        flip(daemon.ledger, page, begin=0)
    other = sqlite3.connect(daemon.ledger)
    other.execute("PRAGMA user_version=3")
    other.close()
    story.break_line("L1")
    peers.wait_for(lambda: daemon.metric("changtong_ledger_writable") == 0, 15, "the ledger's own alarm\n" + daemon.tail())
    story.readyz_away = daemon.get("/readyz")
    daemon.wait_down("L1")
    before = story.samples()
    time.sleep(2)
    story.probed = story.samples() - before
    story.api = [daemon.get(path)[0] for path in ("/", "/metrics", "/healthz", "/api/v1/outages", "/api/v1/lines",
                                                  "/api/v1/summary")]
    story.alive = daemon.process.poll() is None
    story.end()
    story.verified = daemon.verify()
    daemon.start(ready=0)
    story.start_code = daemon.process.wait(timeout=20)
    story.start_log = daemon.log.read_text()[len(story.log):]
    return story


def standstill(folder):
    story = Story(folder, "standstill")
    story.configure()
    story.start()
    time.sleep(2)
    story.daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(8)
    story.daemon.process.send_signal(signal.SIGCONT)
    time.sleep(3)
    story.late = story.daemon.metric("changtong_late_slots_total")
    story.end()
    return story.read_books()


def clock(folder):
    """The daemon's wall clock, and nothing else of it, is a minute behind, right, 5 s behind, right."""
    story = Story(folder, "clock")
    story.configure()
    offset = story.daemon.folder / "offset"

    def set_clock(text):
        fresh = offset.with_suffix(".new")
        fresh.write_text(text + "\n")
        fresh.rename(offset)

    set_clock("-60s")
    story.start(wrap=["env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME_TIMESTAMP_FILE={offset}",
                      "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_NO_CACHE=1"])
    story.begin -= 61
    for text, seconds in (("-60s", 3), ("+0", 4), ("-5s", 9), ("+0", 4)):
        set_clock(text)
        time.sleep(seconds)
    story.ran = time.time() - story.begin - 61
    story.end()
    return story.read_books()


def torn_commit(ledger):
    """Pages in the write-ahead log behind its last whole commit: a commit was under way when its writer died."""
    log = pathlib.Path(f"{ledger}-wal").read_bytes()
    size, = struct.unpack(">I", log[8:12])
    salt, torn = log[16:24], 0
    for at in range(32, len(log) - 24, 24 + size):
        frame = log[at:at + 24]
        if frame[8:16] != salt:
            break
        torn = 0 if struct.unpack(">I", frame[4:8])[0] else torn + 1
    return torn


class Storm:
    """Two thousand lines that break at the same time, again and again, and a daemon that dies as it writes that down."""

    LINES, LIVES = 2000, 6

    def __init__(self, folder):
        self.daemon = Daemon(folder / "storm", listen="127.0.0.1:8090")
        lines = [{"id": f"S{n}", "address": f"127.21.{n // 200}.{n % 200 + 1}", "checks": "tcp:port=7002,reset=bad"}
                 for n in range(self.LINES)]
        self.daemon.configure(lines, defaults="interval: 1s, timeout: 900ms, fast_interval: 250ms, down_after: 2")
        self.port = peers.Listener("0.0.0.0", 7002)
        self.acknowledged, self.torn, self.verified = [], [], []
        self.dice = random.Random(20260314)
        self.begin = time.time()

    def life(self, after_news):
        """Dies in a commit: in the storm's first ones, or `after_news` in one after it has acknowledged outages."""
        born = time.time()
        told = self.daemon.log.stat().st_size if self.daemon.log.exists() else 0
        self.daemon.start()
        peers.wait_for(lambda: self.lines_up() == self.LINES, 60, "every line is up\n" + self.daemon.tail())
        self.port.close()
        if after_news:
            peers.wait_for(lambda: self.daemon.log.read_bytes()[told:].count(" 断 S".encode()) >= 20, 20, "20 outages announced")
        self.kill_in_commit(f"{self.daemon.ledger}-wal")
        self.port.open()
        self.torn.append(torn_commit(self.daemon.ledger))
        log = self.daemon.log.read_bytes()[told:].decode(errors="replace")
        heard = re.findall(r" 断 (S\d+) \S+（[^）]*）$", log, re.M)  # without 未入账 behind it
        self.acknowledged += [(line, born) for line in heard]
        self.verified.append(self.daemon.verify())

    def lines_up(self):
        # not from the metrics page: reading its tens of thousands of series would keep our own listener from answering
        return self.daemon.json("/api/v1/summary")["total"]["up"]

    def kill_in_commit(self, log):
        """Once the storm is being written: at the next moment at which the log grows."""
        size = os.stat(log).st_size
        for growth in range(self.dice.randint(3, 12)):
            end = time.monotonic() + 10
            while (now := os.stat(log).st_size) == size and time.monotonic() < end:
                pass
            size = now
        self.daemon.kill()


def killed_in_commit(folder):
    storm = Storm(folder)
    # on a busy machine a kill may come too late for its commit: then there are more lives
    while len(storm.torn) < storm.LIVES or (sum(t > 0 for t in storm.torn) < 2 and len(storm.torn) < 4 * storm.LIVES):
        storm.life(after_news=len(storm.torn) % 2 == 1)
    storm.daemon.start()
    time.sleep(3)
    storm.exit_code = storm.daemon.stop()
    storm.outages = storm.daemon.outages(storm.begin)
    storm.figures = storm.daemon.availability(storm.begin)
    storm.verified.append(storm.daemon.verify())
    return storm


stories = {}


def setUpModule():
    folder = LedgerAway.folder
    with concurrent.futures.ThreadPoolExecutor() as side_by_side:
        told = {f.__name__: side_by_side.submit(f, folder) for f in (disk_full, locked, damaged_while_running, standstill, clock)}
    stories.update(told)
    # alone: it needs the machine to itself to hit a commit
    with concurrent.futures.ThreadPoolExecutor() as alone:
        stories["killed_in_commit"] = alone.submit(killed_in_commit, folder)


class LedgerAway(unittest.TestCase):
    REASONS = {"disk_full": "磁盘已满", "locked": "锁住"}

    def each(self):
        return [(stories[name].result(), reason) for name, reason in self.REASONS.items()]

    def test_its_own_alarm_says_why_and_comes_first(self):
        for story, reason in self.each():
            self.assertEqual(story.readyz_away[0], 503)
            self.assertIn(reason, story.readyz_away[1])
            alarm = re.search(f"error.*{reason}", story.log)
            self.assertIsNotNone(alarm, story.log)
            self.assertLess(alarm.start(), story.log.index("断 L1"))

    def test_the_outage_is_announced_all_the_same_and_marked(self):
        for story, _ in self.each():
            self.assertLess(story.announced_after, 6)
            self.assertIs(story.line_away["unrecorded"], True)
            self.assertRegex(story.log, r"断 L1 .*未入账")
            self.assertGreater(story.queued, 0)

    def test_probing_goes_on(self):
        for story, _ in self.each():
            self.assertGreater(story.probed, 15)

    def test_the_books_are_whole_and_hold_the_true_outage(self):
        for story, _ in self.each():
            self.assertEqual(story.exit_code, 0)
            self.assertEqual(story.verified[0], 0, story.verified)
            self.assertEqual(len(story.outages), 1, story.outages)
            self.assertIsNone(truth.complaint(story.outages[0], story.breaks[0]))
            for key, row in story.figures.items():
                # from the beginning of the period to the first sample; observation itself never stopped
                self.assertLess(row["unknown_s"], 3, key)


class Damage(unittest.TestCase):
    def test_while_it_runs_it_probes_on_raises_its_alarm_and_does_not_crash(self):
        story = stories["damaged_while_running"].result()
        self.assertTrue(story.alive)
        self.assertEqual(story.readyz_away[0], 503)
        self.assertIn("损坏", story.readyz_away[1])
        self.assertGreater(story.probed, 5)
        self.assertRegex(story.log, r"断 L1 .*未入账")
        self.assertEqual(story.api[:3], [200, 200, 200])
        self.assertNotIn(0, story.api)
        self.assertEqual(story.exit_code, 0)

    def test_afterwards_start_and_verify_say_so(self):
        story = stories["damaged_while_running"].result()
        self.assertEqual(story.start_code, 3)
        self.assertIn("损坏", story.start_log)
        self.assertIn(story.verified[0], (1, 3))
        self.assertIn("损坏", story.verified[1] + story.verified[2])

    def test_no_damaged_page_makes_a_command_crash_or_goes_unnoticed(self):
        whole = stories["locked"].result().daemon.ledger
        spoilt = self.folder / "spoilt.db"
        for page in range(1, pages(whole)):
            shutil.copy(whole, spoilt)
            flip(spoilt, page, begin=0)
            told = {c[0]: subject.run(*c, "--ledger", spoilt, *more) for c, more in (
                (("availability",), ("--from", "2026", "--to", "2100")), (("outages",), ("--from", "2026", "--to", "2100")),
                (("ledger", "verify"), ()))}
            with self.subTest(page=page + 1):
                for command, (code, out, err) in told.items():
                    self.assertIn(code, (0, 1, 3), (command, out, err))
                    if code == 3:
                        self.assertIn("损坏", err, command)
                self.assertNotEqual(told["ledger"][0], 0)


class Format(unittest.TestCase):
    def test_a_journal_of_a_newer_version_is_refused_by_every_command_and_not_touched(self):
        story = stories["locked"].result()
        daemon = Daemon(self.folder / "newer")
        shutil.copy(story.daemon.ledger, daemon.ledger)
        with sqlite3.connect(daemon.ledger) as db:
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("PRAGMA user_version=99")
        db.close()
        daemon.configure([{"id": "L1", "address": "127.20.9.1", "checks": "icmp"}])
        before = hashlib.sha256(daemon.ledger.read_bytes()).digest()
        span = ("--from", "2026", "--to", "2027")
        for command in (("serve", "--config", daemon.config), ("availability", "--ledger", daemon.ledger, *span),
                        ("outages", "--ledger", daemon.ledger, *span), ("ledger", "verify", "--ledger", daemon.ledger),
                        ("ledger", "rebuild", "--ledger", daemon.ledger), ("ledger", "closings", "--ledger", daemon.ledger),
                        ("ledger", "close", "--ledger", daemon.ledger, "--period", "2026-01", "--by", "王工")):
            with self.subTest(command=command[:2]):
                code, out, err = subject.run(*command)
                self.assertEqual(code, 3, out + err)
                self.assertIn("格式版本 99", err)
                self.assertIn("upgrade the program", err)
                self.assertEqual(hashlib.sha256(daemon.ledger.read_bytes()).digest(), before)


class Standstill(unittest.TestCase):
    def test_the_time_is_unknown_and_no_line_goes_down_by_it(self):
        story = stories["standstill"].result()
        self.assertEqual(story.outages, [])
        self.assertGreater(story.late, 3 * 12)
        for key, row in story.figures.items():
            with self.subTest(line=key):
                self.assertEqual((row["down_s"], row["unconfirmed"]), (0, 0))
                self.assertGreater(row["unknown_s"], 7)
                self.assertLess(row["unknown_s"], 8 + 3.5)

    def test_nobody_is_alarmed_by_it(self):
        story = stories["standstill"].result()
        self.assertNotIn(" 断 ", story.log)
        self.assertLessEqual(len(re.findall(" 未知 ", story.log)), 1, story.log)


class Clock(unittest.TestCase):
    def test_no_line_goes_down_and_no_second_is_counted_twice(self):
        story = stories["clock"].result()
        self.assertEqual(story.outages, [])
        self.assertEqual(story.verified[0], 0, story.verified)
        for key, row in story.figures.items():
            with self.subTest(line=key):
                self.assertEqual(row["down_s"], 0)
                # the minute that no label was given to, the five seconds of the second step, and the start
                self.assertGreater(row["unknown_s"], 64)
                self.assertLess(row["unknown_s"], 70)
                scope = truth.instant(row["scope_to"]) - truth.instant(row["scope_from"])
                self.assertAlmostEqual(row["up_s"] + row["unknown_s"], scope, delta=0.01)
                self.assertLess(row["up_s"], story.ran)

    def test_each_step_is_told(self):
        self.assertEqual(len(re.findall("系统时钟跳变", stories["clock"].result().log)), 3)


class KilledInCommit(unittest.TestCase):
    def test_the_kills_really_fell_into_commits(self):
        storm = stories["killed_in_commit"].result()
        self.assertGreaterEqual(sum(t > 0 for t in storm.torn), 2, storm.torn)

    def test_the_chain_is_whole_after_each(self):
        for code, out, err in stories["killed_in_commit"].result().verified:
            self.assertEqual(code, 0, out + err)

    def test_nothing_acknowledged_is_lost(self):
        storm = stories["killed_in_commit"].result()
        self.assertGreater(len(storm.acknowledged), 50)  # three lives waited for 20 each
        kept = {}
        for outage in storm.outages:
            kept.setdefault(outage["target"], []).append(truth.instant(outage["began"]))
        lost = [(line, born) for line, born in storm.acknowledged if not any(b > born for b in kept.get(line, ()))]
        self.assertEqual(lost, [])

    def test_no_outage_stays_open_and_the_time_between_lives_is_unknown(self):
        storm = stories["killed_in_commit"].result()
        self.assertEqual(storm.exit_code, 0)
        self.assertEqual([o for o in storm.outages if not o.get("ended")], [])
        for row in storm.figures.values():
            self.assertGreater(row["unknown_s"], 0.1 * storm.LIVES)


if __name__ == "__main__":
    unittest.main()
