"""Runs the end-to-end tests: every module in namespaces of its own, a report of every case.

    python3 tests/e2e/run.py --binary build/release/changtong [--report FILE] [--keep FOLDER] [MODULE…]
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MODULE_SECONDS = 600 if os.environ.get("CHANGTONG_LONG", "") in ("", "0") else 1800
# Begin first, in this order, so that nobody waits for one of them at the end.
LONGEST = ("where_cut_test", "centre_nats_test", "crash_test", "alerts_quiet_test", "interfaces_test", "agents_v3_test", "uplink_test", "alerts_test",
           "alerts_told_test", "faults_test", "profiles_snmpsim_test", "wan_test", "sites_test", "traps_test", "door_test", "demo_test", "centre_test", "centre_failover_test")


class Recorder(unittest.TestResult):
    """Keeps one row a case and says what happens as it happens."""

    def __init__(self, log):
        super().__init__()
        self.rows, self.log, self.began, self.parts = [], log, 0.0, []

    def startTest(self, test):
        super().startTest(test)
        self.began, self.parts = time.monotonic(), []

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.parts.append(f"{subtest.params}\n" + self._exc_info_to_string(err, test)[-1500:])

    def stopTest(self, test):
        # a case with failed parts is one failed case; unittest tells us of the parts alone
        if self.parts:
            self._row(test, "failed", f"{len(self.parts)} parts failed, the first ones:\n" + "\n".join(self.parts[:4]))
        super().stopTest(test)

    def _row(self, test, outcome, reason=""):
        name = test.id().removeprefix("__main__.")
        self.rows.append({"name": name, "outcome": outcome, "reason": reason, "log": self.log,
                          "seconds": round(time.monotonic() - self.began, 1) if self.began else 0})
        print(f"{outcome:>8}  {name}" + (f"\n{reason}" if outcome == "failed" else ""), flush=True)

    def addSuccess(self, test):
        self._row(test, "passed")

    def addFailure(self, test, err):
        self._row(test, "failed", self._exc_info_to_string(err, test)[-6000:])

    addError = addFailure

    def addSkip(self, test, reason):
        self._row(test, "skipped", reason)


def inner(options):
    """In the namespaces of one module."""
    sys.path.insert(0, str(HERE))
    import subject
    subject.binary = options.binary
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    suite = unittest.defaultTestLoader.loadTestsFromName(options.inner)
    for group in suite:
        for case in group if isinstance(group, unittest.TestSuite) else [group]:
            type(case).folder = pathlib.Path(options.keep)
    result = Recorder(options.log)
    suite.run(result)
    pathlib.Path(options.report).write_text(json.dumps(result.rows, ensure_ascii=False, indent=1))
    return 0 if all(r["outcome"] != "failed" for r in result.rows) else 1


def namespaced(command):
    # /run/netns is ours alone, so that named namespaces end with us; everything dies with the first process
    script = "mount --make-rprivate / && mkdir -p /run/netns && mount -t tmpfs none /run/netns && exec \"$@\""
    return ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL", "sh", "-c", script, "sh",
            *command]


def cannot():
    """Why namespaces are not possible here; empty if they are."""
    if os.geteuid() != 0:
        return "the end-to-end tests make network namespaces and need root"
    tried = subprocess.run(namespaced(["ip", "netns", "add", "try"]), capture_output=True, text=True)
    return f"namespaces are not possible here: {tried.stderr.strip()}" if tried.returncode != 0 else ""


def outer_one(module, options):
    folder = options.keep / module
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    report, log = folder / "report.json", folder / "log"
    command = namespaced([sys.executable, str(HERE / "run.py"), "--inner", module, "--binary", str(options.binary),
                          "--report", str(report), "--keep", str(folder), "--log", str(log)])
    began = time.monotonic()
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        try:
            code = process.wait(timeout=MODULE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = "time limit"
    rows = json.loads(report.read_text()) if report.exists() else []
    if not rows:
        rows = [{"name": module, "outcome": "failed", "reason": f"ended without a report ({code})", "log": str(log)}]
    return module, rows, time.monotonic() - began


def outer(options):
    modules = sorted(options.modules or (p.stem for p in HERE.glob("*_test.py")), key=lambda m: (LONGEST.index(m) if m in LONGEST else len(LONGEST), m))
    began = time.monotonic()
    reason = cannot()
    if reason:
        print(reason)
        rows = [{"name": m, "outcome": "skipped" if options.allow_skip else "failed", "reason": reason} for m in modules]
    else:
        rows = []
        with concurrent.futures.ThreadPoolExecutor(max_workers=options.jobs) as pool:
            for done in concurrent.futures.as_completed([pool.submit(outer_one, m, options) for m in modules]):
                module, cases, seconds = done.result()
                rows += cases
                print(f"{module}: {seconds:.0f} s", flush=True)
                for case in cases:
                    print(f"  {case['outcome']:>8}  {case['name']}  {case.get('seconds', 0)} s", flush=True)
                    if case["outcome"] == "failed":
                        print("\n".join("            " + line for line in case["reason"].splitlines()), flush=True)
    if options.report:
        pathlib.Path(options.report).write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{time.monotonic() - began:.0f} s, processors were busy for {used.ru_utime + used.ru_stime:.0f} s")
    count = {o: sum(r["outcome"] == o for r in rows) for o in ("passed", "failed", "skipped")}
    print(f"end to end: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or not rows else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=lambda p: str(pathlib.Path(p).resolve()))
    parser.add_argument("--report")
    parser.add_argument("--keep", type=lambda p: pathlib.Path(p).resolve(), help="folder for logs and ledgers")
    parser.add_argument("--jobs", type=int, default=2, help="modules at the same time")
    parser.add_argument("--allow-skip", action="store_true", help="skipped instead of failed where root is missing")
    parser.add_argument("--inner", help=argparse.SUPPRESS)
    parser.add_argument("--log", default="", help=argparse.SUPPRESS)
    parser.add_argument("modules", nargs="*")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.inner:
        return inner(options)
    options.keep = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="changtong-e2e-"))
    return outer(options)


if __name__ == "__main__":
    sys.exit(main())
