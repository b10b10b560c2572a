"""The stages of tests/run: builds the trees, runs every test program, counts what passed and what failed.

A stage adds test cases to the sums; building is a stage too, and one that fails counts as one failed case, so that the
closing line can never read "0 failed" when something did not run. Everything a stage writes goes to build/test-logs/,
and what failed is shown. Standard library only.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOGS = BUILD / "test-logs"
JOBS = int(os.environ.get("CHANGTONG_JOBS") or os.cpu_count() or 2)

# What has threads, and so is worth the thread sanitizer. Programs are named after tests/CMakeLists.txt.
THREADED = ["accounts", "host", "schedule", "ledger", "http", "api", "metrics", "simulate", "scenarios", "collectors", "net"]

# End-to-end modules that are also played by the daemon built with a sanitizer: all its threads together, and short.
SANITIZED = ["reload_test", "own_fault_test"]

# Fuzz targets by what they decode; the targets of one group share its 30 seconds.
FUZZ_GROUPS = {
    "packets": ["icmp", "snmp", "ber", "agent", "wire", "udp"],
    "web": ["web", "http", "url", "request", "command", "api", "chunked", "html", "tls", "page", "metrics", "alert"],
    "files": ["yaml", "csv", "settings", "config", "arguments", "spec", "duration"],
    "books": ["entry", "ledger", "journal", "trace", "record", "civil", "memory", "seal", "extract", "pack", "recalled",
              "hostile"],
}
FUZZ_SECONDS = 30

# Modules and pages that fail beside others and a build are asked once more with the machine to themselves; more than these
# are no accident of a busy machine.
MOST_REPEATED = 2

MOST_TIDY = 40  # files that the normal run gives to clang-tidy, however many have changed; a file takes it 2 to 5 s

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:strict_string_checks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": f"halt_on_error=0:second_deadlock_stack=1:suppressions={ROOT}/tests/tsan.supp",
    "ASAN_SYMBOLIZER_PATH": shutil.which("llvm-symbolizer-19") or "",
}

ahead = {}  # trees that are being built behind other stages, with their process
running = set()  # processes to end when we are
stopping = False  # set by the first Ctrl-C: nothing new is started


class Stage:
    def __init__(self, name):
        self.name = name
        self.passed = self.failed = self.skipped = 0
        self.seconds = 0.0
        self.notes = []  # shown in the table
        self.failures = []  # names of what failed, with their log file

    def fail(self, what, log=None, count=1):
        self.failed += count
        self.failures.append((what, log))


def run(command, log, timeout, env=None, show=False):
    """Runs a command in its own process group, everything it writes in `log`; returns its exit code, or None after
    the time limit. With `show`, lines are copied to our output as they come."""
    if stopping:
        return None
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with open(log, "wb") as out:
        process = subprocess.Popen([str(c) for c in command], cwd=ROOT, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE if show else out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **SANITIZER_OPTIONS, **(env or {})}, start_new_session=True)
        running.add(process)
        try:
            if show:
                for line in process.stdout:
                    out.write(line)
                    sys.stdout.buffer.write(b"    " + line)
                    sys.stdout.flush()
                    if time.monotonic() - began > timeout:
                        raise subprocess.TimeoutExpired(command, timeout)
            return wait(process, log, began + timeout)
        except subprocess.TimeoutExpired:
            end(process)
            out.write(f"\ntests/run: ended after its time limit of {timeout} s\n".encode())
            return None
        finally:
            if process.poll() is not None:
                running.discard(process)


def wait(process, log, deadline):
    """Waits, and every half minute shows how far the log has come, so that a long build is seen to live."""
    while True:
        try:
            return process.wait(timeout=max(0.1, min(30.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                raise
            steps = [line for line in log.read_text(errors="replace").splitlines() if line.startswith("[")]
            if steps and "%" not in steps[-1] and "/" in steps[-1].split("]")[0]:
                say("    " + steps[-1][:110])


def interrupted(*_):
    """Ctrl-C or SIGTERM: children have their own process groups, so they hear it from us."""
    global stopping
    if stopping:
        return
    stopping = True
    for process in list(running):
        end(process)
    raise KeyboardInterrupt


def end(process):
    """Asks the whole group to end, then insists."""
    for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            pass
        try:
            process.wait(timeout=patience)
            return
        except subprocess.TimeoutExpired:
            continue


def give_way():
    """In a child: what begins here runs where nobody else wants the processor. Sessions are weighed before processes
    where the kernel groups them, so both are told."""
    os.nice(19)
    try:
        pathlib.Path("/proc/self/autogroup").write_text("19")
    except OSError:
        pass


def build_ahead(tree):
    """Begins to build a tree behind stages that wait more than they compute; `build` waits for it and has the last word."""
    log = LOGS / f"{tree}-ahead.log"
    command = f"cmake --preset {tree} -DCHANGTONG_TESTS=ON -Wno-dev && exec ninja -C '{BUILD / tree}' -j {JOBS} -k 0"
    with open(log, "wb") as out:
        ahead[tree] = subprocess.Popen(["sh", "-c", command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, preexec_fn=give_way, start_new_session=True,
                                       env={**os.environ, "NINJA_STATUS": "[%f/%t %es] "})
    running.add(ahead[tree])


@contextlib.contextmanager
def machine_alone():
    """Nothing is built meanwhile."""
    def tell(signum):
        for begun in ahead.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(begun.pid, signum)

    tell(signal.SIGSTOP)
    try:
        yield
    finally:
        tell(signal.SIGCONT)


def build(stage, tree, options, targets=()):
    """Configures and builds one tree, all of it or what is named; true if it is there to be tested."""
    folder = BUILD / tree
    if tree in ahead:
        begun = ahead.pop(tree)
        try:
            wait(begun, LOGS / f"{tree}-ahead.log", time.monotonic() + 2400)
        except subprocess.TimeoutExpired:
            end(begun)
        running.discard(begun)
    log = LOGS / f"{tree}-build.log"
    status = {"NINJA_STATUS": "[%f/%t %es] "}
    if run(["cmake", "--preset", tree, "-DCHANGTONG_TESTS=ON", "-Wno-dev", *options], log, 300, status) != 0:
        stage.fail(f"configure {tree}", log)
        return False
    quiet = not sys.stdout.isatty()  # a log need not hold every compiled file twice
    code = run(["ninja", "-C", folder, "-j", JOBS, "-k", "0", *targets], log, 2400, status, show=not quiet)
    if code != 0:
        stage.fail(f"build {tree}", log)
        return False
    stage.passed += 1
    return True


def count_gtest(stage, program, code, report, log):
    """Adds the cases of one gtest program. Without a report (a crash, a time limit) what the log shows has passed."""
    try:
        suites = json.loads(report.read_text())["testsuites"]
    except (OSError, ValueError, KeyError):
        text = log.read_text(errors="replace")
        stage.passed += text.count("[       OK ]")
        stage.fail(f"{program}: ended without a report (exit code {code})", log)
        return
    failed = 0
    for suite in suites:
        for case in suite["testsuite"]:
            name = f'{program}: {suite["name"]}.{case["name"]}'
            if case.get("failures"):
                failed += 1
                stage.fail(name, log)
            elif case.get("result") == "SKIPPED" or case.get("status") == "NOTRUN":
                stage.skipped += 1
                stage.notes.append(f"skipped: {name}")
            else:
                stage.passed += 1
    if code != 0 and failed == 0:
        stage.fail(f"{program}: every case passed, yet the exit code is {code} (a leak or a race?)", log)


# Properties whose every case asks a real database are slow: so many of them in a normal run, all with --long.
CASES = {"centre_test": 30}


def unit(stage, tree, wanted=None, timeout=300, all_cases=False):
    programs = sorted(p for p in (BUILD / tree / "tests").glob("*_test") if p.is_file() and os.access(p, os.X_OK))
    if wanted is not None:
        programs = [p for p in programs if p.name.removesuffix("_test") in wanted]
    if not programs:
        stage.fail(f"no test program in build/{tree}/tests")
        return

    def one(program):
        report = LOGS / f"{tree}-{program.name}.json"
        report.unlink(missing_ok=True)
        log = LOGS / f"{tree}-{program.name}.log"
        began = time.monotonic()
        cases = None if all_cases else CASES.get(program.name)
        env = {"RC_PARAMS": f"max_success={cases}"} if cases else None
        code = run([program, f"--gtest_output=json:{report}", "--gtest_brief=0"], log, timeout, env)
        return program, code, report, log, time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(max_workers=JOBS) as pool:
        for program, code, report, log, seconds in pool.map(one, programs):
            before = stage.failed
            count_gtest(stage, program.name, code, report, log)
            say(f"    {'ok  ' if stage.failed == before else 'FAIL'} {program.name}  {seconds:.1f} s")


def group_of(name):
    for group, beginnings in FUZZ_GROUPS.items():
        if any(name.startswith(b) for b in beginnings):
            return group
    return "other"


def fuzz(stage, tree):
    """Every target with its corpus (a copy: the sources stay as they are), the targets of a group sharing its time."""
    groups = {}
    for target in sorted(p for p in (BUILD / tree / "tests").glob("*_fuzz") if os.access(p, os.X_OK)):
        groups.setdefault(group_of(target.name), []).append(target)
    if not groups:
        stage.fail("no fuzz target was built")
        return

    def one_group(group):
        results = []
        for target in groups[group]:
            name = target.name.removesuffix("_fuzz")
            work = LOGS / "fuzz" / name
            shutil.rmtree(work, ignore_errors=True)
            (work / "new").mkdir(parents=True)
            (work / "found").mkdir()
            seconds = max(3, FUZZ_SECONDS // len(groups[group]))
            corpus = ROOT / "tests/fuzz/corpus" / name
            log = work / "log"
            command = [target, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
                       f"-artifact_prefix={work}/found/", work / "new"] + ([corpus] if corpus.is_dir() else [])
            results.append((name, run(command, log, seconds + 120), log, corpus.is_dir()))
        return results

    with concurrent.futures.ThreadPoolExecutor(max_workers=JOBS) as pool:
        for group, results in zip(groups, pool.map(one_group, groups)):
            for name, code, log, has_corpus in results:
                if code != 0:
                    stage.fail(f"fuzz {name} (exit code {code}; the input is in {log.parent}/found)", log)
                elif not has_corpus:
                    stage.fail(f"fuzz {name}: no corpus in tests/fuzz/corpus/{name}")
                else:
                    stage.passed += 1
            say(f"    {group}: " + ", ".join(name for name, *_ in results))


def modules_of(centre):
    """Those of the stage `centre`, named so, which take their time with a database and its disks, or all others."""
    return sorted(p.stem for p in (ROOT / "tests/e2e").glob("*_test.py") if p.stem.startswith("centre_") == centre)


def end_to_end(stage, options, modules, tree="release"):
    name = stage.name
    report = LOGS / f"{name}.json"
    report.unlink(missing_ok=True)
    log = LOGS / f"{name}.log"

    def command(report, keep, jobs, modules):
        return [sys.executable, ROOT / "tests/e2e/run.py", "--binary", BUILD / tree / "changtong", "--report", report,
                "--keep", keep, "--jobs", jobs, *(["--allow-skip"] if options.allow_skip else []), *modules]

    # most of a module is waiting for clocks: one more at a time than there are processors
    code = run(command(report, LOGS / name, JOBS + 1, modules), log, 3600 if options.long else 2100, show=True)
    rows = cases_of(report)
    wrong = sorted({row["name"].split(".")[0] for row in rows if row["outcome"] == "failed"})
    if code == 1 and tree == "release" and 0 < len(wrong) <= MOST_REPEATED:  # what a sanitizer says once is true
        stage.notes += [f'failed beside others: {r["name"]}: {(r["reason"].splitlines() or [""])[-1]}' for r in rows if r["outcome"] == "failed"]
        again = LOGS / f"{name}-again.json"
        again.unlink(missing_ok=True)
        with machine_alone():
            code = run(command(again, LOGS / f"{name}-again", 1, wrong), LOGS / f"{name}-again.log", 1200, show=True)
        report.write_text(json.dumps([r for r in rows if r["name"].split(".")[0] not in wrong] + cases_of(again), ensure_ascii=False))
    count_cases(stage, report, code, log)


def books(stage, tree, worlds, fresh=False):
    """The second implementation: its own tests, then random worlds through both."""
    log = LOGS / f"{stage.name}-oracle.log"
    for own in ("oracle_test.py", "verify_pack_test.py"):
        code = run([sys.executable, ROOT / "tests/scenarios" / own], log, 120)
        ran = re.search(r"^Ran (\d+) tests", log.read_text(errors="replace"), re.MULTILINE)
        if code == 0 and ran:
            stage.passed += int(ran[1])
        else:
            stage.fail(own, log)
    play(stage, tree, "compare.py", "differ", worlds, "our books and the second implementation's differ", fresh)


def observers(stage, tree, worlds, ledgers, fresh):
    """Books of several observers laid together: their pieces, then whole ledgers, against the second implementation."""
    play(stage, tree, "merged_worlds.py", "differ", worlds, "our merge and the second implementation's differ", fresh)
    play(stage, tree, "merged_compare.py", "differ", ledgers, "our merged books and the second implementation's differ", fresh)


def truth(stage, tree, worlds, fresh):
    """Cuts that are known to be true, seen by a simulated monitor: none is missed, none of our own is a line's."""
    play(stage, tree, "known_truth.py", "wrong", worlds, "an outage that was none, or a cut that was missed", fresh)


def play(stage, tree, script, word, worlds, what, fresh):
    """Random worlds through a script of tests/scenarios, two rows of them at once. `fresh`: not those of every day."""
    half, begin = (worlds + 1) // 2, 100_000 if fresh else 0

    def one(first, count):
        out = LOGS / f"{stage.name}-{script}-{first}.log"
        keep = ["--keep", LOGS / f"{stage.name}-{first}"] if script != "known_truth.py" else []
        run([sys.executable, ROOT / "tests/scenarios" / script, "--binary", BUILD / tree / "changtong", "--worlds", count,
             "--first-seed", first, *keep], out, 2400)
        return out, count

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for out, count in pool.map(one, (begin, begin + half), (half, worlds - half)):
            last = re.search(rf"^(\d+) worlds, (\d+) {word}$", out.read_text(errors="replace"), re.MULTILINE)
            wrong = int(last[2]) if last and int(last[1]) == count else count
            stage.passed += count - wrong
            if wrong:
                stage.fail(f"{wrong} of {count} random worlds: {what}", out, count=wrong)


def dashboards(stage, tree="release"):
    """The boards' source compiled and checked, rules and routes, then the proof on a real Prometheus and Alertmanager."""
    folder = ROOT / "dashboards/grafana"
    log = LOGS / "dashboards.log"
    if shutil.which("npm") is None:
        return stage.fail("npm is missing: apt-get install nodejs npm")
    for command in (["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder],
                    [folder / "node_modules/.bin/tsc", "-p", folder]):
        if run(command, log, 240) != 0:
            return stage.fail(" ".join(str(c) for c in command[:2]), log)
    node_tests(stage, sorted((ROOT / "tests/dashboards").glob("*.test.mjs")), LOGS / "dashboards-lint.log")
    report = LOGS / "dashboards.json"
    report.unlink(missing_ok=True)
    code = run([sys.executable, ROOT / "tests/dashboards/run.py", "--binary", BUILD / tree / "changtong", "--report", report,
                "--keep", LOGS / "dashboards"], log, 600, show=True)
    count_cases(stage, report, code, log)


def console(stage, tree="release"):
    """The web console: its types are those of the daemon's own document, its logic, its build, and each page in a real browser."""
    folder = ROOT / "dashboards/console"
    log = LOGS / "console.log"
    if shutil.which("npm") is None or shutil.which("chromium") is None:
        return stage.fail("npm or chromium is missing: apt-get install nodejs npm chromium")
    npm = ["npm", "--prefix", folder]
    for command in ([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], [*npm, "run", "build"]):
        if run(command, log, 240) != 0:
            return stage.fail(" ".join(str(c) for c in command[3:]), log)
    stage.passed += 1
    report = LOGS / "console-logic.json"
    report.unlink(missing_ok=True)
    code = run([*npm, "test", "--", "--reporter=json", f"--outputFile={report}"], LOGS / "console-logic.log", 120)
    counts = json.loads(report.read_text()) if report.exists() else {}
    stage.passed += counts.get("numPassedTests", 0)
    if code != 0 or not counts.get("numPassedTests"):
        stage.fail("logic of the console", LOGS / "console-logic.log", max(1, counts.get("numFailedTests", 1)))
    kept = LOGS / "console"
    env = {"CHANGTONG_BINARY": str(BUILD / tree / "changtong"), "CHANGTONG_KEEP": str(kept)}
    prefix = own_network()
    files = sorted((ROOT / "tests/console").glob("*.test.mjs"), key=lambda f: -f.stat().st_size)  # the longest first

    def pages(file):
        log = LOGS / f"console-{file.name.split('.')[0]}.log"
        return log, run([*prefix, "node", "--test", file], log, 400, env)

    # They wait more than they work; without a network of its own each, two demos would want the same ports.
    with concurrent.futures.ThreadPoolExecutor(max_workers=2 if prefix else 1) as pool:
        results = dict(zip(files, pool.map(pages, files)))
    wrong = [file for file, (_, code) in results.items() if code != 0]
    for file in wrong if len(wrong) <= MOST_REPEATED else []:
        stage.notes.append(f"failed beside others: {file.name}: {'; '.join(what_failed(results[file][0]))}")
        shutil.copy(results[file][0], results[file][0].with_suffix(".first.log"))
        with machine_alone():
            results[file] = pages(file)
    for file, (log, code) in results.items():
        count_nodes(stage, [file], log, code)


def answers(stage, tree="release"):
    """openapi.json against OpenAPI's own schema, and every answer of the API's tests against openapi.json."""
    folder = ROOT / "tests/publish/answers"
    log = LOGS / "answers.log"
    told = LOGS / "answers.jsonl"
    told.unlink(missing_ok=True)
    if shutil.which("npm") is None:
        return stage.fail("npm is missing: apt-get install nodejs npm")
    if run([BUILD / tree / "tests/api_test"], LOGS / "answers-api_test.log", 300, {"CHANGTONG_ANSWERS": str(told)}) != 0:
        return stage.fail("api_test", LOGS / "answers-api_test.log")
    if run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder], log, 240) != 0:
        return stage.fail("npm ci", log)
    node_tests(stage, [folder / "answers.test.mjs"], log, {"CHANGTONG_ANSWERS": str(told)})


def own_network():
    """What a command is preceded by to have a loopback of its own, where that is possible; else nothing."""
    prefix = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return prefix if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0 else []


def node_tests(stage, files, log, env=None, timeout=120):
    count_nodes(stage, files, log, run(["node", "--test", *files], log, timeout, env))


def count_nodes(stage, files, log, code):
    text = log.read_text(errors="replace")
    counts = dict(re.findall(r"^# (pass|fail) (\d+)$", text, re.MULTILINE))
    stage.passed += int(counts.get("pass", 0))
    if code != 0 or not int(counts.get("pass", 0)):
        stage.fail(f"node --test {files[0].parent.relative_to(ROOT)}: {'; '.join(what_failed(log)) or f'exit code {code}'}", log)


def what_failed(log):
    """Names and reasons of a run of node's tests, the first few."""
    text = log.read_text(errors="replace")
    wrong = re.findall(r"^ *not ok \d+ - (.*)$", text, re.MULTILINE)
    return (wrong + re.findall(r"^ *error: (?!\|-)(.*)$", text, re.MULTILINE))[:6]


def cases_of(report):
    """The rows of a report as tests/e2e/run.py writes it; none where it did not come to that."""
    try:
        return json.loads(report.read_text())
    except (OSError, ValueError):
        return []


def count_cases(stage, report, code, log):
    """Adds the cases of a report as tests/e2e/run.py writes it."""
    cases = cases_of(report)
    if not cases:
        stage.fail(f"{stage.name}: ended without a report (exit code {code})", log)
        return
    for case in cases:
        if case["outcome"] == "passed":
            stage.passed += 1
        elif case["outcome"] == "skipped":
            stage.skipped += 1
            stage.notes.append(f'skipped: {case["name"]}: {case["reason"]}')
        else:
            stage.fail(f'{case["name"]}: {case["reason"]}', pathlib.Path(case["log"]) if case.get("log") else log)
    if code != 0 and not stage.failed:
        stage.fail(f"{stage.name}: exit code {code}", log)


def formatting(stage):
    listed = subprocess.run(["git", "ls-files", "*.cpp", "*.h"], cwd=ROOT, capture_output=True, text=True)
    files = [f for f in listed.stdout.split() if (ROOT / f).is_file()]
    if not files:  # not a checkout: a release archive
        files = [str(p) for top in ("daemon", "collectors", "tests") for p in (ROOT / top).rglob("*")
                 if p.suffix in (".cpp", ".h")]
    log = LOGS / "format.log"
    code = run(["clang-format-19", "--dry-run", "--Werror", *files], log, 120)
    if code == 0:
        stage.passed += 1
        return
    wrong = sorted({line.split(":")[0] for line in log.read_text(errors="replace").splitlines() if ": error:" in line})
    stage.fail(f"{len(wrong)} files are not formatted (clang-format-19 -i {' '.join(wrong[:20])})", log)


def tidy(stage, everything, tree="release"):
    """clang-tidy with the checks of .clang-tidy over what is delivered; a file that it says anything about has failed."""
    compiled = {pathlib.Path(c["file"]) for c in json.loads((BUILD / tree / "compile_commands.json").read_text())}
    sources = sorted(f.relative_to(ROOT).as_posix() for f in compiled
                     if f.is_file() and any(f.is_relative_to(ROOT / top) for top in ("daemon", "collectors")))
    if not sources:
        return stage.fail(f"build/{tree}/compile_commands.json names no file of this folder")
    chosen = sources if everything else chosen_sources(sources)

    def one(source):
        log = LOGS / "tidy" / (source.replace("/", "-") + ".log")
        return source, run(["clang-tidy-19", "-p", BUILD / tree, "--quiet", source], log, 300), log

    with concurrent.futures.ThreadPoolExecutor(max_workers=JOBS) as pool:
        for source, code, log in pool.map(one, chosen):
            if code == 0:
                stage.passed += 1
            else:
                stage.fail(f"clang-tidy {source}", log)
    stage.notes.append(f"{len(chosen)} of {len(sources)} files")


def chosen_sources(sources):
    """Those that changed since the commit before the last (of a header, one file that includes it), and as there is room a
    tenth of all, another one each commit."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.split()

    changed = set(git("diff", "--name-only", "HEAD~1")) | set(git("ls-files", "--others", "--exclude-standard"))
    turn = int((git("rev-list", "--count", "HEAD") or ["0"])[0])
    place = {s: zlib.crc32(s.encode()) for s in sources}
    chosen = {s for s in sources if s in changed or place[s] % 10 == turn % 10}
    text = {s: (ROOT / s).read_text() for s in sources}
    for header in sorted(h for h in changed if h.endswith(".h")):
        users = [s for s in sources if f'#include "{header}"' in text[s]]
        if users and not chosen.intersection(users):
            chosen.add(min(users, key=place.get))
    return sorted(sorted(chosen, key=lambda s: (s not in changed, place[s]))[:MOST_TIDY])


def say(text):
    print(text, flush=True)


def stages(options):
    built = {}

    def tree(name, *flags, targets=()):
        def body(stage):
            built[name] = build(stage, name, flags, targets)
        return body

    def needs(name, body):
        def checked(stage):
            if built.get(name, (BUILD / name / "build.ninja").exists() and options.only):
                body(stage)
            else:
                stage.fail(f"not run: build/{name} was not built")
        return checked

    yield "format", formatting
    yield "build-release", tree("release")
    yield "unit", needs("release", lambda s: unit(s, "release", all_cases=options.long))
    yield "books", needs("release", lambda s: books(s, "release", 20 if options.quick else 750 if options.long else 200, options.long))
    yield "observers", needs("release", lambda s: observers(s, "release", 100 if options.quick else 10_000 if options.long else 1000,
                                                            4 if options.quick else 100 if options.long else 10, options.long))
    yield "truth", needs("release", lambda s: truth(s, "release", 4 if options.quick else 150 if options.long else 15, options.long))
    if options.quick:
        return
    yield "tidy", needs("release", lambda s: tidy(s, options.long or options.only))
    if not options.only:
        build_ahead("asan")  # the next five stages wait for daemons and browsers most of their time
    yield "e2e", needs("release", lambda s: end_to_end(s, options, modules_of(centre=False)))
    yield "centre", needs("release", lambda s: end_to_end(s, options, modules_of(centre=True)))
    yield "answers", needs("release", answers)
    yield "dashboards", needs("release", dashboards)
    yield "console", needs("release", console)
    yield "build-asan", tree("asan")
    yield "unit-asan", needs("asan", lambda s: unit(s, "asan", timeout=600, all_cases=options.long))
    yield "books-asan", needs("asan", lambda s: books(s, "asan", 20))
    yield "e2e-asan", needs("asan", lambda s: end_to_end(s, options, SANITIZED, "asan"))
    yield "fuzz", needs("asan", lambda s: fuzz(s, "asan"))
    yield "build-tsan", tree("tsan", targets=["changtong", *(f"{name}_test" for name in THREADED)])
    yield "unit-tsan", needs("tsan", lambda s: unit(s, "tsan", THREADED, timeout=600))
    yield "e2e-tsan", needs("tsan", lambda s: end_to_end(s, options, SANITIZED, "tsan"))


def tail(path, lines=60):
    text = path.read_text(errors="replace").splitlines()
    interesting = [i for i, line in enumerate(text) if "Failure" in line or "ERROR: " in line or " error: " in line
                   or "WARNING: ThreadSanitizer" in line]
    begin = max(0, min(interesting[0] - 5 if interesting else len(text), len(text) - lines))
    return "\n".join("    | " + line for line in text[begin:begin + 2 * lines])


def print_summary(done, total_seconds):
    shown = set()
    for stage in done:
        for what, log in stage.failures:
            say(f"\nFAILED [{stage.name}] {what}" + (f"\n    log: {log}" if log else ""))
            if log and log not in shown and log.exists():
                shown.add(log)
                say(tail(log))
    say(f"\n{'stage':<16}{'passed':>8}{'failed':>8}{'skipped':>9}{'time':>9}")
    for stage in done:
        say(f"{stage.name:<16}{stage.passed:>8}{stage.failed:>8}{stage.skipped:>9}{stage.seconds:>8.0f}s")
        for note in stage.notes[:10]:
            say(f"    {note}")
    say(f"{'all':<16}{'':>25}{total_seconds:>8.0f}s")
    if stopping:
        say("interrupted: the sums are those of the stages that ended")
    failed = sum(s.failed for s in done)
    for stage in done:  # once more at the end: of a long log people keep the last lines
        for what, _ in stage.failures:
            say(f"FAILED [{stage.name}] {what}")
    say(f"\n{sum(s.passed for s in done)} passed, {failed} failed")
    return 130 if stopping else 1 if failed or not done else 0


def main():
    names = ("format, build-release, unit, books, observers, truth, tidy, e2e, centre, answers, dashboards, console, build-asan, unit-asan, books-asan, e2e-asan, fuzz, build-tsan, "
             "unit-tsan, e2e-tsan")
    parser = argparse.ArgumentParser(prog="tests/run", epilog=f"stages: {names}")
    parser.add_argument("--quick", action="store_true", help="release unit tests and 20 random worlds: no sanitizers, no end-to-end runs")
    parser.add_argument("--long", action="store_true", help="the measured sets in full: 750 fresh worlds against the second "
                        "implementation, 10,000 of several observers, 150 with known true cuts, 20 real cuts of our own uplink, 200 cuts whose cause has to be named, thirty rounds of hardship for a centre; every file by clang-tidy")
    parser.add_argument("--only", metavar="STAGE", action="append", help="run this stage alone (may be repeated); a test "
                        "stage uses the tree as it was last built")
    parser.add_argument("--allow-skip", action="store_true", help="end-to-end cases that need root are skipped, not failed")
    parser.add_argument("--no-install", action="store_true", help="never call apt")
    options = parser.parse_args()
    unknown = set(options.only or []) - set(names.split(", "))
    if unknown:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    sys.stdout.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)

    if options.long:
        os.environ["CHANGTONG_LONG"] = "1"  # tests/e2e reads it
    LOGS.mkdir(parents=True, exist_ok=True)
    done, began = [], time.monotonic()
    for name, body in stages(options):
        if options.only and name not in options.only:
            continue
        say(f"== {name}")
        stage = Stage(name)
        start = time.monotonic()
        try:
            body(stage)
        except KeyboardInterrupt:
            stage.notes.append("interrupted")
        stage.seconds = time.monotonic() - start
        done.append(stage)
        say(f"== {name}: {stage.passed} passed, {stage.failed} failed, {stage.seconds:.0f} s")
        if stopping:
            break
    return print_summary(done, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
