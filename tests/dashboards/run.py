"""Runs the dashboards' tests in namespaces of their own (loopback alone) where that is possible, else beside what runs here.

    python3 tests/dashboards/run.py --binary build/release/changtong --keep FOLDER [--report FILE] [MODULE…]

Needs dashboards/grafana/build (npm ci && npx tsc -p . in dashboards/grafana; the stage `dashboards` of tests/run does it).
"""

import argparse
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
found = importlib.util.spec_from_file_location("e2e_run", HERE.parent / "e2e/run.py")
e2e = importlib.util.module_from_spec(found)  # reports and namespaces
found.loader.exec_module(e2e)


def inner(options):
    if options.namespaced:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ["CHANGTONG_BINARY"] = options.binary
    os.environ["CHANGTONG_KEEP"] = str(options.keep)
    result = e2e.Recorder(str(options.keep / "log"))
    unittest.defaultTestLoader.loadTestsFromNames(options.modules).run(result)
    (options.keep / "report.json").write_text(json.dumps(result.rows, ensure_ascii=False, indent=1))
    return 0 if all(r["outcome"] != "failed" for r in result.rows) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=lambda p: str(pathlib.Path(p).resolve()))
    parser.add_argument("--keep", required=True, type=lambda p: pathlib.Path(p).resolve(), help="folder for logs")
    parser.add_argument("--report")
    parser.add_argument("--namespaced", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--inner", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("modules", nargs="*", default=["still_test", "deploy_test", "proof_test"])
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.inner:
        return inner(options)
    report = options.keep / "report.json"
    report.unlink(missing_ok=True)
    own = [sys.executable, str(HERE / "run.py"), "--inner", "--binary", options.binary, "--keep", str(options.keep), *options.modules]
    command = own if e2e.cannot() else e2e.namespaced([*own, "--namespaced"])
    code = subprocess.run(command, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}).returncode
    rows = json.loads(report.read_text()) if report.exists() else []
    if not rows:
        rows = [{"name": "dashboards", "outcome": "failed", "reason": f"ended without a report ({code})", "log": ""}]
    if options.report:
        pathlib.Path(options.report).write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    count = {o: sum(r["outcome"] == o for r in rows) for o in ("passed", "failed", "skipped")}
    print(f"dashboards: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
