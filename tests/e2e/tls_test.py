"""TLS of the daemon's own: what is spoken, renewed by SIGHUP, refused; and what listens beyond loopback without it."""

import http.client
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import unittest

import peers
import subject
from peers import wait_for
from subject import Daemon


def certificate(folder, name, days=30):
    """A self-signed one of 127.0.0.1, with its key."""
    made = pathlib.Path(folder) / f"{name}.pem", pathlib.Path(folder) / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days),
                    "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-out", made[0], "-keyout", made[1]],
                   check=True, capture_output=True)
    return made


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "tls")
        cls.first, cls.second = certificate(cls.daemon.folder, "first"), certificate(cls.daemon.folder, "second")
        for part, suffix in zip(cls.first, ("pem", "key")):
            (cls.daemon.folder / f"server.{suffix}").write_bytes(part.read_bytes())
        cls.daemon.configure([{"id": "L1", "address": "127.8.0.1", "checks": "tcp:port=7001"}],
                             extra="tls: { certificate: server.pem, key: server.key }\n")
        cls.port = peers.Listener("127.8.0.1", 7001)
        cls.daemon.start(ready=0)
        wait_for(lambda: cls.answers(cls.first), 20, "TLS answers\n" + cls.daemon.tail())

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    @classmethod
    def link(cls, trusted):
        return http.client.HTTPSConnection("127.0.0.1", 8080, timeout=10, context=ssl.create_default_context(cafile=trusted[0]))

    @classmethod
    def answers(cls, trusted):
        try:
            one = cls.link(trusted)
            one.request("GET", "/healthz")
            return one.getresponse().status == 200
        except OSError:
            return False

    def figure(self, series):
        one = self.link(self.first)
        one.request("GET", "/metrics")
        return next(float(line.rsplit(" ", 1)[1]) for line in one.getresponse().read().decode().splitlines() if line.startswith(series + " "))

    def test_1_answers_small_large_and_several_on_one_connection(self):
        one = self.link(self.first)
        for path in ("/api/v1/openapi.json", "/metrics", "/healthz"):
            one.request("GET", path)
            answer = one.getresponse()
            body = answer.read()
            self.assertEqual(answer.status, 200, path)
            self.assertEqual(answer.headers["Strict-Transport-Security"], "max-age=31536000")
            if path.endswith(".json"):
                self.assertGreater(len(body), 64 * 1024, "it leaves in pieces")
                json.loads(body)
        one.request("POST", "/api/v1/login", json.dumps({"name": "x", "password": "y" * 100_000}), {"Content-Type": "application/json"})
        self.assertEqual(one.getresponse().status, 401)

    def test_1_who_sends_too_much_hears_so(self):
        """What is unread at a close makes it a reset, and a reset may destroy the answer on its way."""
        for _ in range(20):
            one = self.link(self.first)
            one.putrequest("POST", "/api/v1/login")
            one.putheader("Content-Type", "application/json")
            one.putheader("Content-Length", str(4 << 20))
            one.endheaders()
            for _ in range(16):
                one.send(b"x" * 65536)
            answer = one.getresponse()
            self.assertEqual(answer.status, 413)
            json.loads(answer.read())
            one.close()

    def test_2_the_cookie_stays_inside(self):
        link = self.daemon.log.read_text()
        key = link[link.index("https://127.0.0.1:8080/console/#/welcome?key="):].split("key=")[1].split()[0]
        one = self.link(self.first)
        one.request("POST", "/api/v1/invitation", json.dumps({"key": key, "password": "first Horse 1"}), {"Content-Type": "application/json"})
        answer = one.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertIn("; Secure", answer.headers["Set-Cookie"])
        self.assertTrue(answer.headers["Set-Cookie"].startswith("__Host-changtong_session="))
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        answer.read()
        for sent, status in ((cookie, 200), (cookie.removeprefix("__Host-"), 401)):
            one.request("GET", "/api/v1/summary", headers={"Cookie": sent})
            answer = one.getresponse()
            answer.read()
            self.assertEqual(answer.status, status, sent)

    def test_2_a_list_is_read_over_tls_from_whom_the_system_trusts(self):
        """In a mount namespace of its own, where the daemon's certificate is all that the system's store has."""
        ask = [subject.binary, "window", "list", "--api", "https://127.0.0.1:8080", "--format", "json"]
        store = "/etc/ssl/certs/ca-certificates.crt"
        trusting = ["unshare", "-m", "sh", "-c", f'mount --bind "$0" {store} && exec "$@"', str(self.first[0])]
        heard = subprocess.run([*trusting, *ask], capture_output=True, text=True, timeout=60)
        self.assertEqual((heard.returncode, heard.stdout), (0, "[]\n"), heard.stderr)
        stranger = subprocess.run(ask, capture_output=True, text=True, timeout=60)
        self.assertEqual((stranger.returncode, stranger.stdout), (3, ""), "nobody vouches for it")
        self.assertIn("--ca", stranger.stderr, "and what to do")
        for ca, code in ((self.first[0], 0), (certificate(self.daemon.folder, "another")[0], 3)):
            named = subprocess.run([*ask, "--ca", str(ca)], capture_output=True, text=True, timeout=60)
            self.assertEqual(named.returncode, code, named.stderr)

    def test_3_clear_text_and_old_versions_are_not_spoken(self):
        self.assertEqual(self.daemon.get("/healthz")[0], 0)
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        def failed():
            return self.figure('changtong_http_turned_away_total{reason="handshake"}')

        before = failed()
        with socket.create_connection(("127.0.0.1", 8080), timeout=10) as plain, self.assertRaises(OSError):
            old.wrap_socket(plain)
        wait_for(lambda: failed() > before, 10, "a handshake that fails is counted")
        wait_for(lambda: "TLS 握手失败" in self.daemon.log.read_text(), 10, "the log says it")
        before = failed()
        for _ in range(3):
            socket.create_connection(("127.0.0.1", 8080), timeout=10).close()
        self.assertTrue(self.answers(self.first))
        self.assertEqual(failed(), before, "who only looks whether the port is open")

    def test_3_what_was_recorded_stays_closed(self):
        def shakes_hands(version, ciphers):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.minimum_version = context.maximum_version = version
            if ciphers:
                context.set_ciphers(ciphers + ":@SECLEVEL=0")
            try:
                with socket.create_connection(("127.0.0.1", 8080), timeout=10) as plain, context.wrap_socket(plain) as link:
                    return link.cipher()[0]
            except OSError:
                return None

        self.assertIsNotNone(shakes_hands(ssl.TLSVersion.TLSv1_3, None))
        for good in ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"):
            self.assertEqual(shakes_hands(ssl.TLSVersion.TLSv1_2, good), good)
        for bad in ("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "AES128-SHA"):
            self.assertIsNone(shakes_hands(ssl.TLSVersion.TLSv1_2, bad), bad)

    def test_4_who_never_shakes_hands_leaves_and_holds_up_nobody(self):
        silent = [socket.create_connection(("127.0.0.1", 8080), timeout=20) for _ in range(20)]
        self.assertTrue(self.answers(self.first))
        self.assertEqual(silent[0].recv(1), b"", "closed after the time that a header may take")
        for one in silent:
            one.close()
        self.assertTrue(self.answers(self.first))

    def test_5_a_renewed_certificate_is_read_at_a_reload_and_a_broken_one_is_not_taken(self):
        def put(certificate_of, key_of):
            (self.daemon.folder / "server.pem").write_bytes(certificate_of[0].read_bytes())
            (self.daemon.folder / "server.key").write_bytes(key_of[1].read_bytes())
            self.daemon.process.send_signal(signal.SIGHUP)

        put(self.second, self.first)  # not its key
        wait_for(lambda: "tls.key" in self.daemon.tail(), 10, "the mismatch is told")
        self.assertTrue(self.answers(self.first))
        wait_for(lambda: self.figure("changtong_config_reload_success") == 0, 10, "the reload failed")
        locked = self.daemon.folder / "locked.key"
        subprocess.run(["openssl", "pkey", "-in", self.second[1], "-aes128", "-passout", "pass:secret", "-out", locked], check=True, capture_output=True)
        put(self.second, (None, locked))
        wait_for(lambda: "口令" in self.daemon.tail(), 10, "a passphrase is not asked for, it is told")
        put(self.second, self.second)
        wait_for(lambda: self.answers(self.second), 10, "the new one is shown\n" + self.daemon.tail())
        self.assertFalse(self.answers(self.first))


class TooOpen(unittest.TestCase):
    def daemon(self, name, extra=""):
        daemon = Daemon(self.folder / name, listen="0.0.0.0:8080")
        daemon.configure([{"id": "L1", "address": "127.8.0.1", "checks": "tcp:port=7001"}], extra=extra)
        daemon.listen = "127.0.0.1:8080"
        return daemon

    def refused(self, daemon, *words):
        done = subprocess.run([subject.binary, "serve", "--config", daemon.config, *words], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("--in-clear", done.stderr)
        self.assertFalse(daemon.ledger.exists(), "nothing was begun")

    def begins(self, daemon, *words):
        with open(daemon.log, "ab") as log:
            daemon.process = subprocess.Popen([subject.binary, "serve", "--config", str(daemon.config), *words], stdout=log, stderr=log,
                                              stdin=subprocess.DEVNULL, cwd=daemon.folder)
        try:
            wait_for(daemon.ready, 20, "it begins: " + daemon.tail())
            return daemon.log.read_text()
        finally:
            daemon.kill()

    def test_a_new_installation_has_to_be_told_twice(self):
        silent, half, whole = self.daemon("silent"), self.daemon("half", "listen_in_clear: true\n"), self.daemon("whole", "listen_in_clear: true\n")
        self.refused(silent)
        self.refused(silent, "--in-clear")
        self.refused(half)
        self.assertIn("不限于本机", self.begins(whole, "--in-clear"))
        self.assertIn("不限于本机", self.begins(whole), "from then on it is no new one")

    def test_one_with_tokens_of_before_begins_with_a_warning(self):
        older = self.daemon("older", "api: { people: [ { name: 李工, token: li-token-0123456789, may: [approve] } ] }\n")
        log = self.begins(older)
        self.assertIn("不限于本机", log)
        self.assertIn("没有 TLS", log)
