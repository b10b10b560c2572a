"""Nobody outside blinds the monitor: slow clients, readers that never read, a disk that hangs, tokens in trailers."""

import concurrent.futures
import json
import pathlib
import resource
import shutil
import socket
import subprocess
import time
import unittest

import subject
from peers import wait_for
from subject import Daemon

HERE = pathlib.Path(__file__).resolve().parent
PEOPLE = """
api:
  people:
    - { name: 王工, token: wang-gong-0123456789, may: [request, approve, reload, annotate] }
    - { name: 李工, token: li-gong-0123456789, may: [request] }
"""
WANG = {"Authorization": "Bearer wang-gong-0123456789"}
LI = {"Authorization": "Bearer li-gong-0123456789"}


def connect(says, port=8080, source="127.0.0.1", buffer=None):
    one = socket.socket()
    if buffer:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    one.bind((source, 0))
    one.connect(("127.0.0.1", port))
    one.sendall(says.encode())
    return one


def everything(one, seconds=10):
    """What comes until the other side closes."""
    one.settimeout(seconds)
    out = b""
    try:
        while piece := one.recv(65536):
            out += piece
    except OSError:
        pass
    return out.decode(errors="replace")


class Room(unittest.TestCase):
    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.daemon = Daemon(self.folder / self._testMethodName)
        self.addCleanup(self.daemon.kill)
        self.crowd = []
        self.addCleanup(lambda: [one.close() for one in self.crowd])

    def configure(self, lines=3, extra=PEOPLE):
        self.daemon.configure([{"id": f"L{n}", "name": f"城关镇第{n}村卫生室政务外网专线", "checks": "icmp",
                                "address": f"127.{20 + n // 60000}.{n // 250 % 240}.{n % 250 + 1}"} for n in range(lines)], extra,
                              defaults="interval: 30s, timeout: 1s" if lines > 100 else "interval: 1s, timeout: 1s")

    def vital(self, times=20, within=5.0):
        """Scrapes and probes of health, each answered in time; the slowest."""
        slowest = 0.0
        for _ in range(times):
            for path in ("/healthz", "/readyz", "/metrics"):
                began = time.monotonic()
                status, text = self.daemon.get(path)
                slowest = max(slowest, time.monotonic() - began)
                self.assertIn(status, (200, 503) if path == "/readyz" else (200,), f"{path}: {text[:200]}")
        self.assertLess(slowest, within)
        return slowest

    def turned_away(self, reason):
        return self.daemon.metric("changtong_http_turned_away_total", reason=reason)


class Crowd(Room):
    def test_two_thousand_slow_clients_take_no_scrape_away(self):
        self.configure()
        self.daemon.start()
        self.crowd = [connect("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ") for _ in range(2000)]
        self.vital(times=40)
        self.assertEqual(self.daemon.get("/api/v1/summary")[0], 200)
        away = self.turned_away("full") + self.turned_away("peer")
        self.assertGreater(away, 1500)
        self.assertLess(self.daemon.metric("changtong_http_connections"), 400)
        self.assertRegex(self.daemon.log.read_text(), r"拒绝 127\.0\.0\.1：")
        # who still drips has five seconds for its whole header
        began = time.monotonic()
        while self.crowd and time.monotonic() - began < 12:
            for one in list(self.crowd):
                try:
                    one.sendall(b"a")
                except OSError:
                    self.crowd.remove(one)
            time.sleep(0.2)
        self.assertEqual(len(self.crowd), 0, "dribbling a header kept a connection open")
        self.assertGreater(self.turned_away("slow_header"), 0)

    def test_readers_that_never_read_hold_no_more_than_the_bound(self):
        self.configure(lines=5_000)
        self.daemon.start(ready=60)
        whole = len(self.daemon.get("/api/v1/lines?limit=5000")[1].encode())
        self.assertGreater(whole, 1_500_000)
        self.vital(times=2)

        def memory():
            text = pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text()
            return int(text.split("VmRSS:")[1].split()[0]) * 1024

        before = memory()
        ask = "GET /api/v1/lines?limit=5000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        self.crowd = [connect(ask, source=f"127.0.{1 + n % 8}.1", buffer=8192) for n in range(250)]
        most, ends = 0, time.monotonic() + 6
        while time.monotonic() < ends:
            self.vital(times=1)
            most = max(most, memory())
        self.assertLess(most - before, 200_000_000, f"{whole} bytes for each of 250 readers")
        self.assertLessEqual(self.daemon.metric("changtong_http_bytes_in_flight"), 64 << 20)
        self.assertGreater(self.turned_away("memory") + self.turned_away("busy") + self.turned_away("peer"), 100)
        wait_for(lambda: self.turned_away("slow_reader") > 0, 20, "a reader that never reads is cut off")
        wait_for(lambda: self.daemon.metric("changtong_http_bytes_in_flight") == 0, 40, "what they held is free again")
        status, text = self.daemon.get("/api/v1/lines?limit=5000")
        self.assertEqual((status, len(json.loads(text)["lines"])), (200, 5_000))


class HangingDisk(Room):
    def test_entries_that_wait_for_a_hanging_commit_hide_neither_health_nor_metrics_nor_the_page(self):
        compiler = next((c for c in map(shutil.which, ("cc", "clang-19", "gcc")) if c), None)
        self.assertIsNotNone(compiler, "no C compiler")
        library, hangs = self.daemon.folder / "hang.so", self.daemon.folder / "hangs"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "hang.c"], check=True)
        self.configure()
        self.daemon.start(wrap=["env", f"LD_PRELOAD={library}", f"HANG_WHILE={hangs}"])
        self.daemon.wait_up("L0")
        hangs.touch()
        self.addCleanup(lambda: hangs.unlink(missing_ok=True))
        body = json.dumps({"target": "L0", "text": "现场查看"}).encode()

        def enter(_):
            began = time.monotonic()
            wanted = connect(f"POST /api/v1/annotations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {WANG['Authorization']}\r\n"
                             f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n" + body.decode())
            return everything(wanted, 60).split("\r\n")[0], time.monotonic() - began

        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            answers = [pool.submit(enter, n) for n in range(10)]
            time.sleep(1)
            ends = time.monotonic() + 8
            while time.monotonic() < ends:
                self.vital(times=1)
                self.assertEqual(self.daemon.get("/")[0], 200)
                time.sleep(0.2)
            status, text = self.daemon.get("/readyz")
            self.assertEqual(status, 503, text)
            self.assertEqual(self.daemon.metric("changtong_ledger_writable"), 0)
            hangs.unlink()
            for answer in answers:
                line, took = answer.result()
                self.assertIn(line.split(" ")[1], ("200", "409", "503"), line)
        wait_for(lambda: self.daemon.get("/readyz")[0] == 200, 20, "ready again")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertIn("told to stop by SIGTERM", self.daemon.log.read_text())
        self.assertEqual(self.daemon.verify()[0], 0)


class Tokens(Room):
    def test_a_trailer_carries_no_token_and_every_refusal_names_the_peer(self):
        self.configure()
        self.daemon.start()
        refused = {r: self.daemon.metric("changtong_http_tokens_refused_total", reason=r)
                   for r in ("missing", "wrong", "not_allowed")}
        self.assertEqual(set(refused.values()), {0})
        trailer = connect("POST /api/v1/reload HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                          f"0\r\nAuthorization: {WANG['Authorization']}\r\n\r\n", source="127.0.0.9")
        self.assertIn(" 401 ", everything(trailer).split("\r\n")[0])
        wrong = {"Authorization": "Bearer wang-gong-0123456788"}
        self.assertEqual(self.daemon.request("/api/v1/reload", "POST", wrong, b"")[0], 401)
        self.assertEqual(self.daemon.request("/api/v1/reload", "POST", LI, b"")[0], 403)
        self.assertEqual(self.daemon.request("/api/v1/reload", "POST", WANG, b"")[0], 200)
        for reason in refused:
            self.assertEqual(self.daemon.metric("changtong_http_tokens_refused_total", reason=reason), 1, reason)
        log = self.daemon.log.read_text()
        self.assertIn("拒绝 127.0.0.9 的 POST /api/v1/reload：没有令牌", log)
        self.assertIn("拒绝 127.0.0.1 的 POST /api/v1/reload：令牌不对", log)
        self.assertIn("李工 没有权限：reload", log)
        self.assertNotIn("gong-0123456788", log)

    def test_what_is_not_known_is_refused_with_its_cause(self):
        self.configure()
        self.daemon.start()
        for path, method, body in (("/metrics?foo=1", "GET", None), ("/api/v1/lines?foo=1", "GET", None),
                                   ("/api/v1/outages?from=abc", "GET", None), ("/api/v1/reload", "POST", b'{"force":true}'),
                                   ("/api/v1/clock", "POST", b'{"force":true}'), ("/api/v1/annotations", "POST", b"{")):
            status, text = self.daemon.request(path, method, WANG, body)
            self.assertEqual(status, 400, path)
            chinese = json.loads(text)["error"]["text"]
            self.assertRegex(chinese, r"：.*[\u4e00-\u9fff]", path)


class Smuggling(Room):
    def test_a_text_with_two_readings_is_refused_and_what_stands_behind_it_is_nobodys(self):
        self.configure()
        self.daemon.start()
        behind = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        post = "POST /api/v1/reload HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for name, text in {
            "length and encoding": post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "encoding and length": post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
            "two lengths": post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
            "a list of lengths": post + "Content-Length: 0, 0\r\n\r\n",
            "unknown encoding": post + "Transfer-Encoding: xchunked\r\n\r\n",
            "a folded header": post + "X: a\r\n b\r\n\r\n",
            "bare line feeds": "GET / HTTP/1.1\nHost: 127.0.0.1\n\n",
            "a NUL": post + "X: a\0b\r\n\r\n",
            "space before the colon": post + "Content-Length : 0\r\n\r\n",
            "chunk extension": post + "Transfer-Encoding: chunked\r\n\r\n0;a=b\r\n\r\n",
        }.items():
            with self.subTest(name):
                answer = everything(connect(text + behind), 3)
                self.assertRegex(answer.split("\r\n")[0], r" (400|501) ")
                self.assertEqual(answer.count("HTTP/1.1 "), 1, answer)
        self.assertGreaterEqual(self.turned_away("malformed"), 10)


class Exposure(Room):
    def test_root_and_listening_beyond_loopback_are_warned_of(self):
        self.daemon.listen = "0.0.0.0:8080"
        self.configure()
        self.daemon.listen = "127.0.0.1:8080"
        self.daemon.start()
        log = self.daemon.log.read_text()
        for words in ("以 root 身份运行", "监听 0.0.0.0，不限于本机", "令牌在网络上以明文传送"):
            self.assertIn(words, log)


class Csv(Room):
    def test_a_file_for_people_has_a_byte_order_mark_and_stdout_has_the_keys(self):
        self.configure()
        begin = time.time() - 5
        self.daemon.start()
        self.daemon.wait_up("L0")
        self.daemon.stop()
        place = self.daemon.folder / "books.csv"
        books = ["availability", "--ledger", self.daemon.ledger, "--from", subject.truth.iso(begin), "--to",
                 subject.truth.iso(time.time() + 1), "--format", "csv"]
        code, out, err = subject.run(*books)
        self.assertEqual(code, 0, err)
        self.assertTrue(out.startswith("key,up_s,"))
        code, out, err = subject.run(*books, "--out", place)
        self.assertEqual((code, out), (0, f"已写入 / written: {place}\n"), err)
        self.assertTrue(place.read_bytes().startswith("\ufeff编号,畅通（秒）,".encode()))
        code, out, err = subject.run(*books, "--out", place, "--headings", "keys")
        self.assertTrue(place.read_bytes().startswith(b"key,up_s,"))
        code, out, err = subject.run(*books, "--out", self.daemon.ledger)
        self.assertEqual(code, 2, "a ledger is never written over")


if __name__ == "__main__":
    unittest.main()
