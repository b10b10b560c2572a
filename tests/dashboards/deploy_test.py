"""deploy/observability as a new user runs it, with Debian's Prometheus and Alertmanager: the addresses that it prints exist, its
test message arrives, passwords stay unread, and --system keeps what it replaces. And the page of received notifications by itself."""

import contextlib
import email
import email.policy
import json
import os
import pathlib
import re
import signal
import socket
import socketserver
import stat
import subprocess
import sys
import threading
import unittest
import urllib.error
import urllib.request

import stand
from stand import ROOT, get, wait_for

PAGE, PROMETHEUS, ALERTMANAGER, NOBODY = "127.0.0.1:21595", "127.0.0.1:21590", "127.0.0.1:21593", "127.0.0.1:21580"
NOTICES = ROOT / "deploy/alertmanager/notices.py"
FOLDER = pathlib.Path(os.environ.get("CHANGTONG_KEEP", "/tmp")) / "deploy"
OBSERVABILITY = [str(ROOT / "deploy/observability"), "--no-install", "--daemon", NOBODY, "--prometheus", PROMETHEUS, "--alertmanager",
                 ALERTMANAGER, "--page", PAGE]
STORE = [str(ROOT / "deploy/metrics-store"), "--no-install", "--listen", "127.0.0.1:21598"]
WRITE = ["--node", "东城甲", "--write", "http://127.0.0.1:21598/api/v1/write"]


def post(body, kind="application/json", size=None):
    """The status with which the page answers."""
    request = urllib.request.Request(f"http://{PAGE}/", data=body, headers={"Content-Type": kind})
    if size is not None:
        request.add_header("Content-Length", str(size))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code


def webhook(count, status="firing", **common):
    alerts = [{"status": status, "labels": {"alertname": "LineDown", "severity": "warning"},
               "annotations": {"summary": f"专线中断：{n}村<b>（V{n}）", "description": "超时无应答"}} for n in range(count)]
    return json.dumps({"status": status, "receiver": "值班", "commonLabels": common, "alerts": alerts, "truncatedAlerts": 0}).encode()


class NoticesTest(unittest.TestCase):
    def setUp(self):
        self.page = subprocess.Popen([sys.executable, str(NOTICES), "serve", "--listen", PAGE], stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)
        wait_for(self.answers, 10, "the page answers")

    def end(self):
        self.page.kill()
        self.page.wait()

    @staticmethod
    def answers():
        with contextlib.suppress(OSError):
            return get(f"http://{PAGE}/")

    def test_it_says_in_chinese_what_came_and_takes_no_markup_from_it(self):
        self.assertIn("还没有收到通知", self.answers())
        self.assertEqual(post(webhook(26, together="运营商 中国移动")), 200)
        self.assertEqual(post(webhook(1, "resolved")), 200)
        page = self.answers()
        self.assertIn("运营商 中国移动：专线中断 26 条", page)
        self.assertIn("专线中断：0村&lt;b&gt;（V0）（已恢复）", page)
        self.assertNotIn("<b>（V0", page)
        self.assertLess(page.index("已恢复"), page.index("运营商 中国移动"), "the newest is the first")

    def test_it_keeps_the_last_ones_alone_and_a_part_of_a_storm(self):
        for n in range(205):
            self.assertEqual(post(webhook(1, together=f"乡镇 {n}")), 200)
        self.assertEqual(post(webhook(3000)), 200)
        told = json.loads(get(f"http://{PAGE}/notices.json"))
        self.assertEqual((told["total"], len(told["notices"])), (206, 200))
        self.assertEqual((told["notices"][0]["count"], len(told["notices"][0]["alerts"])), (3000, 100))
        self.assertIn("另有 2900 条，未列出", self.answers())

    def test_what_is_no_webhook_is_refused(self):
        self.assertEqual(post(b"{}"), 400)
        self.assertEqual(post(b"[" * 100000), 400)
        self.assertEqual(post(webhook(1), kind="text/plain"), 415)
        self.assertEqual(post(b"", size=9 << 20), 413)
        self.assertIn("还没有收到通知", self.answers())

    def test_those_that_send_nothing_cost_sixteen_places_and_then_it_goes_on(self):
        host, port = PAGE.split(":")
        idle = [socket.create_connection((host, int(port)), timeout=5) for _ in range(40)]
        with self.assertRaises(OSError):
            get(f"http://{PAGE}/")
        for one in idle:
            one.close()
        wait_for(self.answers, 15, "it answers again")

    def test_it_listens_to_this_machine_alone(self):
        for everybody in ("0.0.0.0:21596", "[::]:21596"):
            done = subprocess.run([sys.executable, str(NOTICES), "serve", "--listen", everybody], capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("只监听本机回环地址", done.stderr)


class Foreground(unittest.TestCase):
    def start(self, *more):
        FOLDER.mkdir(parents=True, exist_ok=True)
        log = FOLDER / f"{self.id().rsplit('.')[-1]}.log"
        folder = FOLDER / self.id().rsplit(".")[-1]
        with open(log, "wb") as out:
            process = subprocess.Popen([*OBSERVABILITY, "--dir", str(folder), *more], stdin=subprocess.DEVNULL, stdout=out, stderr=out)

        def end():
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)

        self.addCleanup(lambda: process.poll() is None and end())
        said = wait_for(lambda: re.search("测试消息|端口不能用|has ended", log.read_text()) and log.read_text(), 60, "it has tried the way")
        return process, folder, said, end


class ForegroundTest(Foreground):
    def test_what_it_prints_exists_and_its_test_message_has_arrived(self):
        _, folder, said, end = self.start()
        self.assertIn(f"测试消息已经到达 a test message has arrived: http://{PAGE}/", said)
        self.assertIn(f"{NOBODY} 还没有应答", said)
        printed = re.findall(r"http://127\.0\.0\.1:215\d\d/\S*", said)
        self.assertEqual(len(set(printed)), 2, said)
        for address in printed:
            self.assertTrue(get(address), address)
        command = re.search(r"(amtool --alertmanager\.url=\S+ alert query)", said)[1]
        self.assertIn("ChangtongTest", subprocess.run(command.split(), capture_output=True, text=True, timeout=20).stdout)
        self.assertIn("测试消息", get(f"http://{PAGE}/"))
        self.assertEqual(stat.S_IMODE((folder / "alertmanager.yml").stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        end()
        free = subprocess.run([sys.executable, str(NOTICES), "free", PAGE, PROMETHEUS, ALERTMANAGER], capture_output=True, text=True)
        self.assertEqual(free.returncode, 0, "nothing of it runs on: " + free.stderr)

    def test_taken_ports_are_said_before_anything_is_started(self):
        with socket.create_server(("127.0.0.1", 21590)):
            process, _, said, _ = self.start()
            self.assertEqual(process.wait(timeout=20), 3)
        self.assertIn("127.0.0.1:21590", said)
        self.assertIn("端口不能用", said)

    def test_receivers_that_are_wrong_are_said_and_nothing_is_started(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        wrong = FOLDER / "wrong.yml"
        wrong.write_text("route: { receiver: nobody }\n")
        done = subprocess.run([*OBSERVABILITY, "--dir", str(FOLDER / "wrong"), "--receivers", str(wrong)], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 3)
        self.assertIn('undefined receiver "nobody"', done.stderr)

    def test_where_changtong_tells_prometheus_tells_only_what_it_does_not(self):
        _, folder, _, _ = self.start("--alerts", "changtong", "--interval", "1s", "--daemon", "127.0.0.1:21581")
        wait_for(lambda: json.loads(get(f"http://{ALERTMANAGER}/api/v2/alerts?filter=alertname=DaemonAbsent")), 90, "its absence is told")
        settings = json.loads(get(f"http://{PROMETHEUS}/api/v1/status/config"))["data"]["yaml"]
        self.assertIn("action: drop", settings)
        self.assertRegex(settings, rf"- {NOBODY}\n\s+- 127\.0\.0\.1:21581\n")


class OptionsTest(Foreground):
    """What cannot work is refused with a sentence before anything is started."""

    def refused(self, script, *options):
        done = subprocess.run([*script, "--dir", str(FOLDER / "refused"), *options], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        return done.stderr

    def password(self, text):
        FOLDER.mkdir(parents=True, exist_ok=True)
        file = FOLDER / "write.password"
        file.write_bytes(text)
        return str(file)

    def test_users_and_passwords_that_no_login_can_have(self):
        for script, user, password in ((STORE, "--user", "--password"), ([*OBSERVABILITY, *WRITE], "--write-user", "--write-password")):
            for text, said in ((b"", "密码文件是空的"), (b"\r\n", "密码文件是空的"), (b"a\nb\n", "各为一行"), (b" a\n", "空格开头")):
                self.assertIn(said, self.refused(script, user, "nodes", password, self.password(text)))
            self.assertIn("不能含冒号", self.refused(script, user, "no:des", password, self.password(b"geheim")))

    def test_times_names_and_passwords_in_an_address(self):
        for script in (STORE, OBSERVABILITY):
            self.assertIn("--interval", self.refused(script, "--interval", "0s"))
            self.assertIn("--keep", self.refused(script, "--keep", "for ever"))
        self.assertIn("美元号", self.refused([*OBSERVABILITY, *WRITE], "--node", "$HOME"))
        said = self.refused(OBSERVABILITY, "--node", "东城甲", "--write", "https://u:geheim@192.0.2.1/write")
        self.assertIn("--write-password", said)
        self.assertNotIn("geheim", said)

    def test_a_name_is_taken_as_it_is_and_a_password_in_the_clear_is_warned_of(self):
        _, folder, said, _ = self.start("--node", "东城&甲|乙/1", "--write", "http://192.0.2.1:9/write", "--write-user", "nodes", "--write-password",
                                        self.password(b"geheim\r\n"))
        self.assertIn("密码在网上是明文", said)
        self.assertIn("node: 东城&甲|乙/1\n", json.loads(get(f"http://{PROMETHEUS}/api/v1/status/config"))["data"]["yaml"])
        self.assertEqual((folder / "centre.password").read_bytes(), b"geheim")
        self.assertEqual(stat.S_IMODE((folder / "centre.password").stat().st_mode), 0o600)


class Mail(socketserver.StreamRequestHandler):
    """As much of a mail server as Alertmanager talks to, without TLS."""

    def handle(self):
        say = lambda line: self.wfile.write(line.encode() + b"\r\n")
        say("220 mail")
        body = None
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if body is not None:
                if line == ".":
                    self.server.got.append("\n".join(body))
                    body = None
                    say("250 taken")
                else:
                    body.append(line)
            elif line.upper().startswith("DATA"):
                body = []
                say("354 go on")
            elif line.upper().startswith("QUIT"):
                return say("221 bye")
            else:
                say("250 mail")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class MailTest(Foreground):
    def test_the_example_of_a_mail_receiver_brings_a_chinese_mail(self):
        head, rest = (ROOT / "deploy/alertmanager/alertmanager.yml").read_text().split("\n#   - name: 值班\n")
        example = [line[1:] for line in rest.split("#     webhook_configs")[0].splitlines() if "auth_" not in line]
        receivers = FOLDER / "mail.yml"
        FOLDER.mkdir(parents=True, exist_ok=True)
        receivers.write_text("\n".join([head, "receivers:", "   - name: 值班", *example, "         require_tls: false",
                                        *(f"   - name: {n}" for n in ("值班紧急", "运维", "日报"))]).replace("mail.example.gov.cn:465", "127.0.0.1:21597"))
        with MailServer(("127.0.0.1", 21597), Mail) as server:
            server.got = []
            threading.Thread(target=server.serve_forever, daemon=True).start()
            _, _, said, _ = self.start("--receivers", str(receivers))
            server.shutdown()
        self.assertIn("测试消息已由 Alertmanager 送出", said)
        mail = email.message_from_string(server.got[0], policy=email.policy.default)
        self.assertEqual((mail["Subject"], mail["To"]), ("测试消息", "duty@example.gov.cn"))
        self.assertIn("通知的路是通的", mail.get_body(("plain",)).get_content())


SYSTEM = """
set -eu
cp -a /etc/prometheus /etc/default /tmp/original/
for folder in /etc/prometheus /etc/default /etc/systemd/system /run; do mount -t tmpfs none $folder; done
mkdir -p /run/systemd/system /run/above /run/work
mount -t overlay none -o lowerdir=/usr/local/lib,upperdir=/run/above,workdir=/run/work /usr/local/lib
cp -a /tmp/original/prometheus/. /etc/prometheus/
echo "old: true" >/etc/prometheus/prometheus.yml
echo 'ARGS="--of-before"' >/etc/default/prometheus
chmod 0644 /etc/default/prometheus
"""
SYSTEMCTL = """#!/bin/bash
echo "$*" >>"$STORY/calls"
if [[ $1 != restart ]]; then exit 0; fi
for unit in "${@:2}"; do
  if [[ -e $STORY/$unit.pid ]]; then kill "$(cat "$STORY/$unit.pid")"; sleep 1; fi
  command=()
  case $unit in
    changtong-notices) read -ra command < <(sed -n s/^ExecStart=//p /etc/systemd/system/changtong-notices.service) ;;
    prometheus) command=(--config.file=/etc/prometheus/prometheus.yml --storage.tsdb.path="$STORY/data/prometheus") ;;
    prometheus-alertmanager) command=(--config.file=/etc/prometheus/alertmanager.yml --storage.path="$STORY/data/alertmanager") ;;
  esac
  if [[ $unit != changtong-notices ]]; then
    . "/etc/default/$unit"
    read -ra command <<<"$unit $ARGS ${command[*]}"
  fi
  setpriv --reuid=prometheus --regid=prometheus --clear-groups "${command[@]}" >>"$STORY/data/$unit.log" 2>&1 &
  echo $! >"$STORY/$unit.pid"
done
"""


@unittest.skipIf(os.geteuid() != 0, "makes a system of its own and needs root")
class SystemTest(unittest.TestCase):
    """/etc and systemctl are the test's own; the programs are real and run as Debian's user."""

    @classmethod
    def setUpClass(cls):
        story = FOLDER / "system"
        subprocess.run(["rm", "-rf", str(story)], check=True)
        (story / "bin").mkdir(parents=True)
        (story / "data").mkdir()
        (story / "data").chmod(0o777)
        for folder in (story, *story.parents):
            if folder.stat().st_mode & 0o001 == 0:
                raise unittest.SkipTest(f"{folder} is closed to Debian's user")
        (story / "bin/systemctl").write_text(SYSTEMCTL)
        (story / "bin/systemctl").chmod(0o755)
        secret = story / "mine.yml"
        secret.write_text((ROOT / "deploy/alertmanager/alertmanager.yml").read_text().replace(
            "http://127.0.0.1:9095/", f"http://someone:geheim@{PAGE}/"))
        run = " ".join([*OBSERVABILITY, "--system"])
        states = "for f in $(find /etc/prometheus /etc/default /etc/systemd/system /usr/local/lib/changtong -type f); do stat -c '%a %U %n' $f; done"
        script = SYSTEM.replace("/tmp/original", str(story / "original")) + f"""
{run} >{story}/first.out 2>&1
({states}) >{story}/first.files
cp -r /etc/prometheus /etc/default {story}/first/
sed -i 's/repeat_interval: 4h/repeat_interval: 3h/' /etc/prometheus/alertmanager.yml
{run} --keep 10d >{story}/second.out 2>&1
grep -c 'repeat_interval: 3h' /etc/prometheus/alertmanager.yml >{story}/second.kept
{run} --receivers {secret} >{story}/third.out 2>&1 || echo "ended with $?" >>{story}/third.out
({states}) >{story}/third.files
cp -r /etc/prometheus /etc/default {story}/third/
"""
        for part in ("original", "first", "third"):
            (story / part).mkdir()
        done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL", "bash", "-c", script],
                              env={**os.environ, "STORY": str(story), "PATH": f"{story}/bin:{os.environ['PATH']}"}, capture_output=True,
                              text=True, timeout=240)
        cls.story, cls.said = story, done.stderr
        if done.returncode != 0:
            raise AssertionError(done.stderr + "".join(p.read_text() for p in sorted(story.glob("*.out"))))

    def text(self, name):
        return (self.story / name).read_text()

    def mode_of(self, listing, file):
        return re.search(rf"^(\d+ \w+) {re.escape(file)}$", self.text(listing), re.MULTILINE)[1]

    def test_a_message_has_arrived(self):
        self.assertIn(f"测试消息已经到达 a test message has arrived: http://{PAGE}/", self.text("first.out"))
        self.assertIn("enable changtong-notices", self.text("calls"))

    def test_what_was_replaced_is_kept_for_root_alone(self):
        self.assertEqual(self.text("first/prometheus/prometheus.yml.before-changtong"), "old: true\n")
        self.assertEqual(self.text("first/default/prometheus.before-changtong"), 'ARGS="--of-before"\n')
        self.assertEqual((self.story / "first/prometheus/alertmanager.yml.before-changtong").read_bytes(),
                         (self.story / "original/prometheus/alertmanager.yml").read_bytes())
        for file in ("prometheus/prometheus.yml", "prometheus/alertmanager.yml", "default/prometheus"):
            self.assertEqual(self.mode_of("first.files", f"/etc/{file}.before-changtong"), "600 root")

    def test_a_second_time_keeps_what_the_first_wrote_beside_what_was_there_before(self):
        self.assertEqual(self.text("third/default/prometheus.before-changtong"), 'ARGS="--of-before"\n')
        later = [p for p in (self.story / "third/default").glob("prometheus.before-changtong.*")]
        self.assertTrue(any("retention.time=400d" in p.read_text() for p in later), later)

    def test_receivers_that_somebody_has_edited_stay(self):
        self.assertEqual(self.text("second.kept"), "1\n")
        self.assertIn("保留现有 /etc/prometheus/alertmanager.yml", self.text("second.out"))

    def test_receivers_with_passwords_are_for_alertmanager_alone(self):
        self.assertEqual(self.mode_of("third.files", "/etc/prometheus/alertmanager.yml"), "600 prometheus")
        readable = [line for line in self.text("third.files").split("\n") if line and line.split()[0][-1] != "0"]
        for line in readable:
            copy = str(self.story / "third") + line.split()[2].removeprefix("/etc")
            if pathlib.Path(copy).exists():
                self.assertNotIn("geheim", pathlib.Path(copy).read_text(), line)
        self.assertNotIn("ended with", self.text("third.out"), "Alertmanager reads it all the same")


if __name__ == "__main__":
    unittest.main()
