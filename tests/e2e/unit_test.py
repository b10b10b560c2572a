"""The daemon under the filter and with the capabilities of deploy/changtong.service, without systemd."""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import peers
import subject
from subject import Daemon

HERE = pathlib.Path(__file__).resolve().parent
UNIT = HERE.parent.parent / "deploy" / "changtong.service"
CENTRE = UNIT.with_name("changtong-centre.service")
FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
TIME_ERROR = 5


def kernel_says():
    """1 synchronised, 0 not, None no answer: what an unconfined program is told."""
    answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    return None if answer < 0 else int(answer != TIME_ERROR)


class Hardened(unittest.TestCase):
    def test_the_program_is_position_independent_with_full_relro_and_no_stack_that_runs(self):
        seen = subprocess.run(["readelf", "--wide", "--file-header", "--program-headers", "--dynamic", subject.binary],
                              capture_output=True, text=True, check=True).stdout
        self.assertRegex(seen, r"Type:\s+DYN")
        self.assertRegex(seen, r"GNU_RELRO")
        self.assertRegex(seen, r"\(FLAGS\)\s+.*BIND_NOW|\(FLAGS_1\)\s+.*NOW")
        self.assertRegex(seen, r"GNU_STACK(\s+0x[0-9a-f]+)+\s+RW\s")
        self.assertNotRegex(seen, r"TEXTREL|RPATH")

    def test_the_unit_keeps_secrets_out_of_cores_and_files_and_bounds_its_memory(self):
        for path in (UNIT, CENTRE):
            lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
            unit = dict(line.split("=", 1) for line in lines)
            self.assertEqual(unit["LimitCORE"], "0")
            self.assertEqual(unit["UMask"], "0077")
            self.assertRegex(unit["MemoryMax"], r"^\d+[MG]$")
            rating = subprocess.run(["systemd-analyze", "--no-pager", "security", "--offline=true", "--threshold=20", str(path)],
                                    capture_output=True, text=True)
            self.assertEqual(rating.returncode, 0, f"the exposure of {path.name} is more than 2.0: " + rating.stdout[-2000:])


def whole(trace):
    """Calls of strace, each on one line: where threads take turns it tells of one in two parts."""
    begun, calls = {}, []
    for line in trace.splitlines():
        thread = line.split(None, 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line
        else:
            calls.append(begun.pop(thread, "") + line if "resumed>" in line else line)
    return calls


class Confined(unittest.TestCase):
    def setUp(self):
        # an ordinary user must reach the program, the filter's script and the ledger's folder
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="changtong-unit-"))
        self.addCleanup(shutil.rmtree, self.place, True)
        self.program = self.place / "changtong"
        shutil.copy(subject.binary, self.program)
        shutil.copy(HERE / "confine.py", self.place)
        self.daemon = Daemon(self.place / "daemon")
        self.addCleanup(self.daemon.kill)
        self.port = peers.Listener("127.30.0.2", 7003)
        self.addCleanup(lambda: self.port.socket and self.port.close())
        self.daemon.configure([{"id": "PING", "address": "127.30.0.1", "checks": "icmp"},
                               {"id": "PORT", "address": "127.30.0.2", "checks": "tcp:port=7003,reset=bad"}],
                              defaults="interval: 500ms, timeout: 400ms, fast_interval: 200ms")

    def start(self, unit, environment=(), trace=()):
        path = self.place / "unit.service"
        path.write_text(unit)
        for each in (self.place, *self.place.rglob("*")):
            each.chmod(0o755 if each.is_dir() or each == self.program else 0o644)
        for each in (self.daemon.folder, *self.daemon.folder.rglob("*")):
            os.chown(each, 65534, 65534)
        self.daemon.start(wrap=[*trace, "env", *environment, "/usr/bin/python3", str(self.place / "confine.py"), str(path)],
                          program=self.program)
        self.daemon.wait_up("PING", "PORT")

    def known(self):
        return self.daemon.metric("changtong_clock_synchronisation_known")

    def test_it_probes_records_answers_and_passes_on_what_the_kernel_says_of_the_clock(self):
        self.start(UNIT.read_text())
        self.assertRegex(self.daemon.log.read_text(), r"(?i)raw socket")
        self.assertEqual(self.daemon.get("/healthz")[0], 200)
        self.assertIn(kernel_says(), (0, 1), "the kernel does not answer this test either")
        self.assertEqual(self.known(), 1)
        self.assertEqual(self.daemon.metric("changtong_clock_synchronised"), kernel_says())
        self.port.close()
        self.daemon.wait_down("PORT")
        self.port.open()
        self.daemon.wait_up("PORT")
        (self.daemon.folder / "lines.csv").write_text((self.daemon.folder / "lines.csv").read_text())
        self.daemon.process.send_signal(1)
        peers.wait_for(lambda: self.daemon.metric("changtong_config_reloads_total", result="ok") == 1, 10, "reloaded")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.daemon.verify()[0], 0)
        self.assertEqual([o["target"] for o in self.daemon.outages(time.time() - 600)], ["PORT"])

    def test_the_filter_refuses_nothing_that_it_asks_for(self):
        traced = self.place / "strace"
        self.start(UNIT.read_text(), trace=["strace", "-f", "-o", str(traced)])
        self.port.close()
        self.daemon.wait_down("PORT")
        self.daemon.get("/metrics")
        traced_pid = subprocess.run(["pgrep", "-P", str(self.daemon.process.pid)], capture_output=True, text=True, check=True).stdout
        os.kill(int(traced_pid), signal.SIGTERM)
        self.assertEqual(self.daemon.process.wait(timeout=20), 0)
        calls = traced.read_text()
        calls = calls[calls.index(f'execve("{self.program}"'):]
        self.assertGreater(calls.count("clock_adjtime"), 1)
        # larger buffers than rmem_max take CAP_NET_ADMIN: asked for, and done without
        calls = [line for line in whole(calls) if "SO_RCVBUFFORCE" not in line and "SO_SNDBUFFORCE" not in line]
        self.assertEqual([line for line in calls if "EPERM" in line or "ENOSYS" in line], [])

    def test_where_adjtimex_is_denied_the_clock_is_not_known_and_a_day_forward_is_not_adopted(self):
        old = "\n".join(line for line in UNIT.read_text().splitlines() if "adjtimex" not in line)
        old = old.replace("[Service]", "[Service]\nProtectClock=yes")
        offset = self.daemon.folder / "offset"
        offset.write_text("+0\n")
        # set before the program alone: the filter is made in true time
        self.start(old, environment=[f"UNIT_LD_PRELOAD={FAKETIME}", f"UNIT_FAKETIME_TIMESTAMP_FILE={offset}",
                                     "UNIT_FAKETIME_DONT_FAKE_MONOTONIC=1", "UNIT_FAKETIME_NO_CACHE=1"])
        self.assertEqual(self.known(), 0)
        self.assertIsNone(self.daemon.metric("changtong_clock_synchronised"))
        fresh = offset.with_suffix(".new")
        fresh.write_text("+86400\n")
        fresh.rename(offset)
        peers.wait_for(lambda: self.daemon.metric("changtong_clock_offset_seconds") > 86000, 10, "the step is noticed")
        time.sleep(3)
        self.assertGreater(self.daemon.metric("changtong_clock_offset_seconds"), 86000)
        self.assertIn("内核没有回答", self.daemon.log.read_text())


if __name__ == "__main__":
    unittest.main()
