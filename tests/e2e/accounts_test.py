"""Users on a running daemon: the first link, logging in and out, two people and a window, what is done on the machine itself, the
audit log. Passwords go in by standard input and are nowhere afterwards."""

import json
import os
import pathlib
import pty
import re
import select
import signal
import stat
import subprocess
import termios
import time
import unittest

import peers
import subject
from subject import Daemon

FIRST, LI, WANG, NEWER = "first-Horse-1", "battery staple li", "battery staple wang", "quite another one"


class Browser:
    """Cookie and CSRF token, as the console keeps them."""

    def __init__(self, daemon):
        self.daemon, self.cookie, self.csrf = daemon, "", ""

    def send(self, path, body=None, csrf=True, headers=None):
        import http.client
        host, port = self.daemon.listen.rsplit(":", 1)
        link = http.client.HTTPConnection(host, int(port), timeout=10)
        headers = {**({"Cookie": f"changtong_session={self.cookie}"} if self.cookie else {}), **(headers or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
            if csrf and self.csrf:
                headers["X-CSRF-Token"] = self.csrf
        link.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers)
        answer = link.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = re.match("changtong_session=([^;]*)", line)[1]
            self.set_cookie = line
        out = json.loads(text) if text.startswith("{") else text
        if isinstance(out, dict) and out.get("csrf"):
            self.csrf = out["csrf"]
        return answer.status, out

    def login(self, name, password):
        return self.send("/api/v1/login", {"name": name, "password": password})


def user(daemon, *words, password=None):
    done = subprocess.run([subject.binary, "user", *words, "--ledger", daemon.ledger], capture_output=True, text=True, timeout=60,
                          input=None if password is None else password + "\n", stdin=subprocess.DEVNULL if password is None else None)
    return done.returncode, done.stdout, done.stderr


class Accounts(unittest.TestCase):
    """One story, its chapters in order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "accounts")
        cls.daemon.configure([{"id": "L1", "address": "127.8.0.1", "checks": "tcp:port=7001"}])
        cls.port = peers.Listener("127.8.0.1", 7001)
        cls.daemon.start()
        cls.daemon.wait_up("L1")

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    def test_01_the_first_link_is_used_once_and_closes_the_door(self):
        link = re.search(r"http://127\.0\.0\.1:8080/console/#/welcome\?key=([0-9a-f]{64})", self.daemon.log.read_text())
        self.assertTrue(link, self.daemon.tail())
        self.assertEqual(self.daemon.get("/api/v1/summary")[0], 200, "nobody can sign in yet")
        admin = Browser(self.daemon)
        self.assertEqual(admin.send("/api/v1/invitation", {"key": link[1], "password": "short"})[0], 400)
        status, who = admin.send("/api/v1/invitation", {"key": link[1], "password": FIRST})
        self.assertEqual((status, who["name"], who["roles"]), (200, "admin", ["administrator"]))
        self.assertIn("HttpOnly", admin.set_cookie)
        self.assertIn("SameSite=Strict", admin.set_cookie)
        self.assertEqual(admin.send("/api/v1/invitation", {"key": link[1], "password": NEWER})[0], 401)
        self.assertEqual(admin.send("/api/v1/summary")[0], 200)
        for path, status in {"/api/v1/summary": 401, "/api/v1/outages": 401, "/api/v1/lines/L1": 401, "/api/v1/nothing": 404,
                             "/healthz": 200, "/readyz": 200, "/metrics": 200, "/api/v1/openapi.json": 401}.items():
            self.assertEqual(self.daemon.get(path)[0], status, path)
        self.assertNotIn("L1", self.daemon.get("/status")[1])

    def test_02_powers_are_apart_and_names_are_peoples(self):
        for roles in ("administrator,auditor", "administrator,operator", "auditor,approver"):
            code, _, err = user(self.daemon, "add", "张三", "--role", roles, password=LI)
            self.assertEqual(code, 2, err)
            self.assertIn("三权分立", err)
        for name, role, secret in (("李工", "operator,approver", LI), ("王工", "approver", WANG), ("审计", "auditor", LI)):
            code, out, err = user(self.daemon, "add", name, "--role", role, password=secret)
            self.assertEqual(code, 0, err)
        for odd, code in {"李 工": 1, "api": 2, "": 2}.items():
            self.assertEqual(user(self.daemon, "add", odd, "--role", "viewer", password=LI)[0], code, odd)
        self.assertEqual(user(self.daemon, "add", "赵工", "--role", "viewer", password="short")[0], 1)
        code, out, _ = user(self.daemon, "list", "--format", "json")
        self.assertEqual({u["name"]: (u["roles"], u["state"]) for u in json.loads(out)},
                         {"admin": ("administrator", "active"), "李工": ("operator,approver", "active"),
                          "王工": ("approver", "active"), "审计": ("auditor", "active")})

    def test_03_two_people_and_a_window(self):
        li, wang, auditor = Browser(self.daemon), Browser(self.daemon), Browser(self.daemon)
        self.assertEqual(li.login("李工", LI)[0], 200)
        self.assertEqual(wang.login("王工", WANG)[0], 200)
        self.assertEqual(auditor.login("审计", LI)[0], 200)
        day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 2 * 86400))
        window = {"id": "W1", "targets": ["L1"], "from": f"{day} 22:00", "to": f"{day} 23:00"}
        self.assertEqual(li.send("/api/v1/windows", window, csrf=False)[0], 403, "no page of ours sent it")
        self.assertEqual(auditor.send("/api/v1/windows", window)[0], 403)
        self.assertEqual(li.send("/api/v1/windows", window)[0], 200)
        self.assertNotEqual(li.send("/api/v1/windows/W1", {"step": "approve"})[0], 200, "one's own request")
        self.assertEqual(wang.send("/api/v1/windows/W1", {"step": "approve"})[0], 200)
        self.assertEqual(wang.send("/api/v1/reload", {})[0], 403)
        listed = wang.send(f"/api/v1/windows?from={day}&to={day}")[1]["windows"][0]
        self.assertEqual((listed["requested_by"], listed["approved_by"]), ("李工", "王工"))
        self.assertEqual(wang.send("/api/v1/logout", {})[1]["signed_in"], False)
        self.assertEqual(wang.send("/api/v1/windows")[0], 401)

    def test_04_what_is_done_on_the_machine_holds_at_once(self):
        li = Browser(self.daemon)
        self.assertEqual(li.login("李工", LI)[0], 200)
        self.assertEqual(user(self.daemon, "disable", "李工")[0], 0)
        self.assertEqual(li.send("/api/v1/summary")[0], 401)
        self.assertEqual(li.login("李工", LI)[0], 401)
        self.assertEqual(user(self.daemon, "enable", "李工")[0], 0)
        self.assertEqual(user(self.daemon, "passwd", "李工", "--must-change", password=NEWER)[0], 0)
        self.assertEqual(li.login("李工", NEWER)[1]["must_change"], True)
        self.assertEqual(li.send("/api/v1/summary")[0], 403)
        self.assertEqual(li.send("/api/v1/password", {"old": NEWER, "new": LI})[0], 200)
        self.assertEqual(li.send("/api/v1/summary")[0], 200)

    def test_05_a_program_reads_and_no_more(self):
        code, token, _ = user(self.daemon, "token", "add", "grafana")
        self.assertEqual(code, 0)
        bearer = {"Authorization": "Bearer " + token.strip()}
        self.assertEqual(self.daemon.request("/api/v1/availability", headers=bearer)[0], 200)
        self.assertEqual(self.daemon.request("/api/v1/reload", "POST", bearer, b"{}")[0], 403)
        self.assertEqual(user(self.daemon, "token", "remove", "grafana")[0], 0)
        self.assertEqual(self.daemon.request("/api/v1/availability", headers=bearer)[0], 401)

    def test_06_guessing_is_slow(self):
        guesser = Browser(self.daemon)
        answers = []
        while 429 not in answers and len(answers) < 14:  # each wait is twice the last: however slow we are, one is longer
            answers.append(guesser.login("王工", f"guess {len(answers)}")[0])
        self.assertEqual(answers[:5], [401] * 5)
        self.assertEqual(answers[-1], 429)
        self.assertEqual(user(self.daemon, "passwd", "王工", password=WANG)[0], 0)

    def test_07_the_audit_log_is_whole_and_says_who(self):
        code, out, err = subject.run("audit", "verify", "--ledger", self.daemon.ledger)
        self.assertEqual(code, 0, out + err)
        code, out, err = subject.run("audit", "show", "--ledger", self.daemon.ledger, "--format", "json")
        rows = [json.loads(line) for line in out.splitlines()]
        seen = {(r["who"], r["peer"], r["what"], r["of"], r["outcome"]) for r in rows}
        for row in (("", "", "user", "invite administrator admin", "ok"), ("admin", "127.0.0.1", "password", "invitation", "ok"),
                    ("李工", "127.0.0.1", "login", "", "ok"),
                    ("李工", "127.0.0.1", "change", "/api/v1/windows", "ok"), ("审计", "127.0.0.1", "change", "/api/v1/windows", "403"),
                    ("王工", "127.0.0.1", "change", "/api/v1/windows/W1", "ok"), ("王工", "127.0.0.1", "logout", "", "ok"),
                    ("王工", "127.0.0.1", "login", "", "wrong_password"), (f"uid {os.getuid()}", "", "user", "disable 李工", "ok"),
                    ("token:grafana", "127.0.0.1", "read", "/api/v1/availability", "ok")):
            self.assertIn(row, seen)
        code, out, err = subject.run("audit", "show", "--ledger", self.daemon.ledger)
        self.assertRegex(out.splitlines()[0], "^ *号 +时间 +姓名 +来自 +事项 +对象 +结果$")
        for words in ("李工 +127.0.0.1 +登录 +- +成功", "审计 +127.0.0.1 +更改 +/api/v1/windows +被拒：没有权限", "王工 +127.0.0.1 +登录 +- +密码不对"):
            self.assertRegex(out, words)
        code, out, err = subject.run("user", "list", "--ledger", self.daemon.ledger)
        self.assertRegex(out.splitlines()[0], "^姓名 +角色 +状态$")
        self.assertRegex(out, "\n王工 +审批员（approver）")
        log = pathlib.Path(f"{self.daemon.ledger}.audit")
        kept = log.read_bytes()
        log.write_bytes(kept.replace("disable 李工".encode(), "disable 王工".encode()))
        self.assertEqual(subject.run("audit", "verify", "--ledger", self.daemon.ledger)[0], 1)
        log.write_bytes(kept)

    def test_08_no_secret_lies_about(self):
        for file in self.daemon.folder.iterdir():
            if file.name.endswith((".users", ".audit")):
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600, file)
            if file.is_file():
                for secret in (FIRST, LI, WANG, NEWER):
                    self.assertNotIn(secret.encode(), file.read_bytes(), file)
        self.assertIn("$argon2id$", pathlib.Path(f"{self.daemon.ledger}.users").read_text())

    def test_09_a_terminal_is_asked_twice_and_shows_nothing(self):
        ours, theirs = pty.openpty()
        typing = subprocess.Popen([subject.binary, "user", "add", "赵工", "--role", "viewer", "--ledger", self.daemon.ledger],
                                  stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True)
        os.close(theirs)
        shown = b""

        def hear(until):
            nonlocal shown
            while not shown.endswith(until) and select.select([ours], [], [], 20)[0]:
                shown += os.read(ours, 1024)
            self.assertTrue(shown.endswith(until), shown)

        for prompt in (b"password: ", b"more: "):
            hear(prompt)
            os.write(ours, b"typed by a person\n")
        hear(b"\r\n")
        self.assertEqual(typing.wait(20), 0)
        self.assertNotIn(b"typed by", shown)
        os.close(ours)
        typing.stdout.close()
        self.assertEqual(Browser(self.daemon).login("赵工", "typed by a person")[0], 200)

    def test_09_whoever_breaks_off_sees_again_what_is_typed(self):
        ours, theirs = pty.openpty()
        typing = subprocess.Popen([subject.binary, "user", "add", "钱工", "--role", "viewer", "--ledger", self.daemon.ledger],
                                  stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs)
        shown = b""
        while not shown.endswith(b"password: ") and select.select([ours], [], [], 20)[0]:
            shown += os.read(ours, 1024)
        self.assertFalse(termios.tcgetattr(theirs)[3] & termios.ECHO)
        typing.send_signal(signal.SIGINT)
        self.assertEqual(typing.wait(20), -signal.SIGINT)
        self.assertTrue(termios.tcgetattr(theirs)[3] & termios.ECHO)
        os.close(ours)
        os.close(theirs)

    def test_09_the_rest_of_a_line_that_is_too_long_is_no_answer(self):
        ours, theirs = pty.openpty()
        typing = subprocess.Popen([subject.binary, "user", "add", "孙工", "--role", "viewer", "--ledger", self.daemon.ledger],
                                  stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs)
        shown = b""

        def hear(until):
            nonlocal shown
            while until not in shown and select.select([ours], [], [], 20)[0]:
                shown += os.read(ours, 1024)
            self.assertIn(until, shown)

        hear(b"password: ")
        os.write(ours, b"x" * 300 + b"\n")
        hear(b"more: ")
        os.write(ours, b"x" * 300 + b"\n")
        self.assertEqual(typing.wait(20), 1)
        while select.select([ours], [], [], 0)[0]:
            shown += os.read(ours, 4096)
        self.assertNotIn("两次输入不同".encode(), shown, "both were the same, and too long")
        os.close(ours)
        os.close(theirs)

    def test_09_what_whoever_started_it_ignores_breaks_nothing_off(self):
        ours, theirs = pty.openpty()
        typing = subprocess.Popen([subject.binary, "user", "add", "周工", "--role", "viewer", "--ledger", self.daemon.ledger],
                                  stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs,
                                  preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        shown = b""
        for prompt in (b"password: ", b"more: "):
            while prompt not in shown and select.select([ours], [], [], 20)[0]:
                shown += os.read(ours, 1024)
            self.assertIn(prompt, shown)
            typing.send_signal(signal.SIGINT)
            os.write(ours, b"typed by a person\n")
        self.assertEqual(typing.wait(20), 0)
        self.assertTrue(termios.tcgetattr(theirs)[3] & termios.ECHO)
        os.close(ours)
        os.close(theirs)

    def test_09_the_last_administrator_stays(self):
        for words in (("disable", "admin"), ("role", "admin", "--role", "viewer"), ("remove", "admin")):
            code, _, err = user(self.daemon, *words)
            self.assertEqual(code, 1)
            self.assertIn("最后一个能登录的管理员", err)
        self.assertEqual(user(self.daemon, "disable", "admin", "--even-the-last")[0], 0)
        self.assertEqual(user(self.daemon, "enable", "admin")[0], 0)

    def test_09_a_line_without_an_end_is_not_waited_for(self):
        with open("/dev/zero", "rb") as endless:
            done = subprocess.run([subject.binary, "user", "passwd", "李工", "--ledger", self.daemon.ledger], stdin=endless, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_10_users_and_log_outlive_a_kill(self):
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.daemon.get("/api/v1/summary")[0], 401)
        self.assertNotIn("welcome", self.daemon.tail(4))
        self.assertEqual(Browser(self.daemon).login("李工", LI)[0], 200)
        self.assertEqual(subject.run("audit", "verify", "--ledger", self.daemon.ledger)[0], 0)


    def test_11_without_its_file_of_users_nothing_starts(self):
        self.daemon.kill()
        users = pathlib.Path(f"{self.daemon.ledger}.users")
        kept = users.read_bytes()
        users.unlink()
        code, _, err = subject.run("serve", "--config", self.daemon.config)
        self.assertEqual(code, 3, err)
        self.assertIn("用户文件不见了", err)
        self.assertIn(".users.were", err)
        self.assertEqual(subject.run("check", "--config", self.daemon.config)[0], 1)
        users.write_bytes(kept)
        self.daemon.start()
        self.assertEqual(self.daemon.get("/api/v1/summary")[0], 401)


class Proxied(unittest.TestCase):
    """Behind a proxy at 127.0.0.9 that says who asks, and whom it signed in."""

    def test_only_its_word_counts_and_only_of_users_who_are_there(self):
        daemon = Daemon(self.folder / "proxied")
        daemon.configure([{"id": "L1", "address": "127.8.0.3", "checks": "tcp:port=7001"}],
                         extra='api: { trusted_proxies: ["127.0.0.9"], proxy_user_header: X-Remote-User }\n')
        daemon.start()
        try:
            self.assertEqual(user(daemon, "add", "wang", "--role", "administrator", password=NEWER)[0], 0)

            def ask(headers, source, path="/api/v1/session", body=None):
                import http.client
                host, port = daemon.listen.rsplit(":", 1)
                link = http.client.HTTPConnection(host, int(port), timeout=10, source_address=(source, 0))
                link.putrequest("GET" if body is None else "POST", path)
                for name, value in headers:
                    link.putheader(name, value)
                if body is not None:
                    link.putheader("Content-Length", str(len(body)))
                    link.putheader("Content-Type", "application/json")
                link.endheaders(body)
                answer = link.getresponse()
                return answer.status, json.loads(answer.read())

            wang = ("X-Remote-User", "wang")
            known = ask([wang, ("X-Forwarded-For", "203.0.113.66, 2001:db8::7")], "127.0.0.9")[1]
            self.assertEqual((known["name"], known["roles"]), ("wang", ["administrator"]))
            csrf = ("X-CSRF-Token", known["csrf"])
            client = ("X-Forwarded-For", "2001:db8::7")
            self.assertEqual(ask([wang, client, csrf], "127.0.0.9", "/api/v1/reload", b"{}")[0], 200)
            self.assertEqual(ask([wang, client], "127.0.0.9", "/api/v1/reload", b"{}")[0], 403, "no page of ours sent it")
            for headers, source in (([wang, client, csrf], "127.0.0.1"), ([wang, wang, client, csrf], "127.0.0.9"),
                                    ([("X-Remote-User", ""), client, csrf], "127.0.0.9"), ([("X-Remote-User", "nobody"), client, csrf], "127.0.0.9"),
                                    ([client, csrf], "127.0.0.9")):
                self.assertEqual(ask(headers, source)[1]["signed_in"], False, (headers, source))
                self.assertEqual(ask(headers, source, "/api/v1/reload", b"{}")[0], 401, (headers, source))
            self.assertEqual(ask([client], "127.0.0.9", "/api/v1/login", b'{"name": "wang", "password": "wrong"}')[0], 401)
            rows = [json.loads(line) for line in subject.run("audit", "show", "--ledger", daemon.ledger, "--format", "json")[1].splitlines()]
            seen = {(r["who"], r["peer"], r["what"], r["of"], r["outcome"]) for r in rows}
            for row in (("wang", "2001:db8::7", "login", "proxy", "ok"), ("wang", "2001:db8::7", "change", "/api/v1/reload", "ok"),
                        ("wang", "2001:db8::7", "login", "", "wrong_password"), ("nobody", "2001:db8::7", "login", "", "unknown_user")):
                self.assertIn(row, seen)
            self.assertEqual(user(daemon, "disable", "wang", "--even-the-last")[0], 0)
            self.assertEqual(ask([wang, client], "127.0.0.9")[1]["signed_in"], False)
        finally:
            daemon.kill()


class Older(unittest.TestCase):
    """A configuration of 0.3.0."""

    def test_starts_with_a_warning_and_its_tokens_work(self):
        daemon = Daemon(self.folder / "older")
        daemon.configure([{"id": "L1", "address": "127.8.0.2", "checks": "tcp:port=7001"}],
                         extra="api: { people: [ { name: 李工, token: li-token-0123456789, may: [reload] } ] }\n")
        daemon.start()
        try:
            log = daemon.log.read_text()
            self.assertEqual(log.count("没有用户"), 1)
            self.assertNotIn("welcome?key", log)
            self.assertEqual(daemon.get("/api/v1/summary")[0], 200)
            bearer = {"Authorization": "Bearer li-token-0123456789"}
            self.assertEqual(daemon.request("/api/v1/reload", "POST", bearer, b"{}")[0], 200)
            self.assertEqual(user(daemon, "add", "王工", "--role", "administrator", password=NEWER)[0], 0)
            self.assertEqual(daemon.get("/api/v1/summary")[0], 401)
            self.assertEqual(daemon.request("/api/v1/summary", headers=bearer)[0], 200, "a person's token reads as before")
            self.assertEqual(daemon.request("/api/v1/reload", "POST", bearer, b"{}")[0], 200)
            # once they are users too, the token is no way around what their roles deny them
            self.assertEqual(user(daemon, "add", "李工", "--role", "operator", password=NEWER)[0], 0)
            self.assertEqual(daemon.request("/api/v1/reload", "POST", bearer, b"{}")[0], 403)
            self.assertEqual(daemon.request("/api/v1/summary", headers=bearer)[0], 200)
            code, out, err = subject.run("check", "--config", daemon.config)
            self.assertEqual((code, "李工" in out, "reload" in out), (0, True, True), out + err)
            self.assertEqual(user(daemon, "disable", "李工")[0], 0)
            self.assertEqual(daemon.request("/api/v1/summary", headers=bearer)[0], 401)
        finally:
            daemon.kill()
