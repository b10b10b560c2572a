"""What curl and a browser make of each odd site, beside what the tests expect of ours.

Needs curl and chromium (Debian packages); the test itself needs neither. Everything happens in namespaces of its own.
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 8


class Browser:
    """One headless chromium, spoken to over its pipe; each visit has a profile of its own."""

    def __init__(self, folder):
        ours_out, theirs_in = os.pipe()[::-1]
        theirs_out, ours_in = os.pipe()[::-1]
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
                   f"--user-data-dir={folder}/profile",
                   "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,DnsOverHttps", "--lang=zh-CN",
                   "about:blank"]
        script = f"exec 3<&{theirs_in} 4>&{theirs_out}; exec \"$@\""
        self.process = subprocess.Popen(["bash", "-c", script, "bash", *command], pass_fds=(theirs_in, theirs_out),
                                        stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=open(folder / "chromium.log", "wb"))
        os.close(theirs_in)
        os.close(theirs_out)
        self.out, self.into = os.fdopen(ours_out, "wb", 0), os.fdopen(ours_in, "rb", 0)
        self.number, self.lock, self.waiting, self.sessions = 0, threading.Lock(), {}, {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        kept = b""
        while more := self.into.read(1 << 20):
            *messages, kept = (kept + more).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self.waiting.pop(message["id"]).put(message)
                elif message.get("sessionId") in self.sessions:
                    self.sessions[message["sessionId"]].append(message)

    def ask(self, method, session=None, seconds=SECONDS + 4, **parameters):
        answer = queue.Queue()
        with self.lock:
            self.number += 1
            number = self.number
            self.waiting[number] = answer
            self.out.write(json.dumps({"id": number, "method": method, "params": parameters,
                                       **({"sessionId": session} if session else {})}).encode() + b"\0")
        message = answer.get(timeout=seconds)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def visit(self, case):
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        events = self.sessions[session] = []
        try:
            self.ask("Network.enable", session)
            self.ask("Page.enable", session)
            if case.settings.get("headers"):
                self.ask("Network.setExtraHTTPHeaders", session, headers=case.settings["headers"])
            if case.settings.get("user_agent"):
                self.ask("Network.setUserAgentOverride", session, userAgent=case.settings["user_agent"])
            return self._visit(case, session, events)
        finally:
            self.ask("Target.disposeBrowserContext", browserContextId=context)

    def _visit(self, case, session, events):
        try:
            problem = self.ask("Page.navigate", session, seconds=SECONDS, url=case.url).get("errorText", "")
        except queue.Empty:
            return "bad", "no answer"
        if problem:
            return "bad", problem
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and not any(e["method"] == "Page.loadEventFired" for e in events):
            time.sleep(.05)
        loaded = any(e["method"] == "Page.loadEventFired" for e in events)
        time.sleep(.8)  # pages that send on
        main = [e for e in events if e.get("params", {}).get("type") == "Document"]
        answers = [e["params"]["response"] for e in main if e["method"] == "Network.responseReceived"]
        failures = [e["params"]["errorText"] for e in main if e["method"] == "Network.loadingFailed"]
        code = answers[-1]["status"] if answers else 0
        script = "document.documentElement.outerHTML.slice(0, 200000) + document.documentElement.innerText.slice(0, 200000)"
        text = self.ask("Runtime.evaluate", session, expression=script)["result"].get("value", "")
        note = f"{code}{'' if loaded else ' endless'}{' ' + failures[-1] if failures else ''}"
        if code >= 400 or not loaded or any("chrome-error" in r["url"] for r in answers):
            return "bad", note
        if not all(t in text for t in texts(case, "contains")) or any(t in text for t in texts(case, "forbids")):
            return "bad", note + " text"
        return ("part" if failures else "good"), note

    def close(self):
        self.process.kill()
        self.process.wait()


def texts(case, key):
    return [case.settings[key]] if key in case.settings else []


def curl(case, root, folder):
    """What arrives, by status alone: curl knows no character sets."""
    command = ["curl", "-sS", "-L", "--compressed", "-b", "", "-m", str(SECONDS), "-o", "/dev/null", "-w",
               "%{http_code} %{num_redirects}"]
    command += ["--cacert", str(root)] if "ca" in case.settings else []
    for name, value in case.settings.get("headers", {}).items():
        command += ["-H", f"{name}: {value}"]
    command += ["-A", case.settings["user_agent"]] if "user_agent" in case.settings else []
    tls = case.settings.get("tls", {})
    command += ["-k"] if tls.get("verify") == "no" else []
    command += [f"--tlsv{tls['min']}", "--ciphers", "DEFAULT:@SECLEVEL=0"] if "min" in tls else []
    done = subprocess.run([*command, "--", case.url], capture_output=True, text=True, errors="replace")
    code = int(done.stdout.split()[0]) if done.stdout.strip() else 0
    why = done.stderr.strip().splitlines()[0][:60] if done.stderr.strip() else str(code)
    return ("good" if done.returncode == 0 and 200 <= code < 400 else "bad"), why


def trust(root):
    """Chromium believes `root`, as an administrator's policy says; the folder is ours alone."""
    folder = pathlib.Path("/etc/chromium/policies/managed")
    if pathlib.Path("/etc/chromium").exists():
        subprocess.run(["mount", "-t", "tmpfs", "none", "/etc/chromium"], check=True)
    folder.mkdir(parents=True, exist_ok=True)
    der = subprocess.run(["openssl", "x509", "-in", str(root), "-outform", "DER"], capture_output=True, check=True).stdout
    (folder / "root.json").write_text(json.dumps({"CACertificates": [base64.b64encode(der).decode()]}))


def demanded(browser):
    """What follows from the browser's view."""
    return {"part": "bad"}.get(browser, browser)


def compare(names):
    import odd_names
    import odd_sites
    import sites_test
    folder = pathlib.Path(tempfile.mkdtemp(prefix="odd-sites-"))
    world = sites_test.World(folder)
    cases = [c for c in odd_sites.load().values() if c.url]
    cases += [odd_sites.Case(f"name_{n}", None, "bad" if w == "bad" else "good", odd_names.WHY.get(n, ""), f"http://{n}.test/ok", {}, "")
              for n, w in odd_names.SITES.items()]
    cases = [c for c in cases if not names or c.name in names or c.name.split("_")[0] in names]
    trust(world.root)
    browser = Browser(folder)
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        by_browser = list(pool.map(browser.visit, cases))
        by_curl = list(pool.map(lambda c: curl(c, world.root, folder), cases))
    browser.close()
    world.close()
    print(f"{'site':34}{'curl':6}{'browser':9}{'expected':10}notes")
    against = 0
    for case, (c, c_note), (b, b_note) in zip(cases, by_curl, by_browser):
        differs = demanded(b) != case.expected
        marks = ("  DIFFER" if c != demanded(b) else "") + ("  AGAINST THE BROWSER" + (f": {case.why}" if case.why
            else " WITHOUT A REASON") if differs else "")
        against += differs and not case.why
        print(f"{case.name:34}{c:6}{b:9}{case.expected:10}{c_note} | {b_note}{marks}")
    differ = sum(c[0] != demanded(b[0]) for c, b in zip(by_curl, by_browser))
    print(f"{len(cases)} sites; {differ} where curl and browser differ; {against} expectations against the browser without a reason")
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if against else 0


def differential(names):
    """Makes the namespaces and compares inside them."""
    import run
    if os.environ.get("ODD_INSIDE") == "1":
        return compare(names)
    reason = run.cannot() or next((f"{p} is missing" for p in ("curl", "chromium") if shutil.which(p) is None), "")
    if reason:
        print(reason)
        return 3
    return subprocess.run(run.namespaced([sys.executable, str(HERE / "odd_sites.py"), "differential", *names]),
                          env={**os.environ, "ODD_INSIDE": "1"}).returncode
