"""Users whose passwords OpenLDAP's slapd knows: a server of our own on loopback, in its own folder, which takes a bind without a
password for a visitor and says yes. Who comes in, with which roles; names that would be something else in a DN or a filter."""

import json
import pathlib
import signal
import socket
import subprocess
import unittest

import peers
import subject
from accounts_test import Browser, user
from peers import wait_for
from subject import Daemon
from tls_test import certificate

WORDS = {"wang": "battery staple wang", "王工": "battery staple 王", "sun": "battery staple sun", "zhao": "battery staple zhao",
         "li, (x)*": "battery staple li"}
LOCAL, READER = "first-Horse-1", "battery staple reader"

CONF = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
allow bind_anon_cred
pidfile {folder}/slapd.pid
TLSCACertificateFile {pem}
TLSCertificateFile {pem}
TLSCertificateKeyFile {key}
database mdb
suffix "dc=example"
directory {folder}/db
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""


def entry(dn, kind, **values):
    lines = [f"dn: {dn}", f"objectClass: {kind}"]
    lines += [f"{name}: {value}" for name, value in values.items()]
    return "\n".join(lines) + "\n"


def people():
    out = [entry("dc=example", "domain", dc="example"), entry("ou=people,dc=example", "organizationalUnit", ou="people"),
           entry("cn=reader,dc=example", "organizationalRole\nobjectClass: simpleSecurityObject", cn="reader", userPassword=READER)]
    for name, password in WORDS.items():
        escaped = "".join(c if c.isalnum() else "".join(f"\\{b:02x}" for b in c.encode()) for c in name)
        out.append(entry(f"uid={escaped},ou=people,dc=example", "inetOrgPerson", uid=name, cn=name, sn=name, userPassword=password))
    out.append(entry("cn=noc,dc=example", "groupOfNames", cn="noc", member="uid=wang,ou=people,dc=example"))
    return "\n".join(out)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except OSError:
        return False


class Directory:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "db").mkdir(parents=True)
        self.pem, key = certificate(self.folder, "directory")
        self.conf = self.folder / "slapd.conf"
        self.conf.write_text(CONF.format(folder=self.folder, pem=self.pem, key=key))
        (self.folder / "people.ldif").write_text(people())
        subprocess.run(["slapadd", "-f", self.conf, "-l", self.folder / "people.ldif"], check=True, capture_output=True)
        self.process = None

    def start(self):
        with open(self.folder / "slapd.log", "ab") as log:
            self.process = subprocess.Popen(["slapd", "-f", self.conf, "-d", "0", "-h", "ldap://127.0.0.1:1389 ldaps://127.0.0.1:1636"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(lambda: listens(1636) and listens(1389), 20, "slapd listens")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Ldap(unittest.TestCase):
    """One story, its chapters in order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "ldap")
        cls.directory = Directory(cls.folder / "slapd")
        cls.directory.start()
        cls.configure('url: "ldaps://127.0.0.1:1636", user_dn: "uid={user},ou=people,dc=example"')
        cls.assert_added("陈工", "administrator", password=LOCAL)
        cls.port = peers.Listener("127.8.0.1", 7001)
        cls.daemon.start(ready=0)
        wait_for(lambda: cls.daemon.get("/readyz")[0] == 200, 20, cls.daemon.tail())

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()
        cls.directory.stop()

    @classmethod
    def assert_added(cls, name, role, *more, password=None):
        code, out, err = user(cls.daemon, "add", name, "--role", role, *more, password=password)
        if code != 0:
            raise AssertionError(out + err)

    @classmethod
    def configure(cls, how, ca=None):
        cls.daemon.configure([{"id": "L1", "address": "127.8.0.1", "checks": "tcp:port=7001"}], extra=f"""accounts:
  ldap: {{ {how}, ca: {ca or cls.directory.pem}, roles: [
    {{ group: "cn=noc,dc=example", roles: [operator] }},
    {{ user: 王工, roles: [approver] }},
    {{ user: "li, (x)*", roles: [viewer] }} ] }}
""")

    def reconfigure(self, *how, **more):
        before = self.daemon.log.read_text().count("accounts.ldap")
        self.configure(*how, **more)
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: self.daemon.log.read_text().count("accounts.ldap") > before, 20, "the reload says it\n" + self.daemon.tail())

    def login(self, name, password):
        browser = Browser(self.daemon)
        status, who = browser.login(name, password)
        return status, who.get("roles", who.get("error", {}).get("code")), browser

    def audit(self, name):
        code, out, err = subject.run("audit", "show", "--ledger", self.daemon.ledger, "--who", name, "--format", "json")
        self.assertEqual(code, 0, err)
        return [(line["of"], line["outcome"]) for line in map(json.loads, out.splitlines()) if line["what"] == "login"]

    def test_1_check_says_where_passwords_are_asked(self):
        code, out, err = subject.run("check", "--config", self.daemon.config)
        self.assertEqual(code, 0, out + err)
        self.assertIn("ldaps://127.0.0.1:1636", out)
        self.assertEqual(self.daemon.get("/api/v1/lines")[0], 401)

    def test_2_roles_come_from_group_name_or_the_file_of_users(self):
        self.assertEqual(self.login("wang", WORDS["wang"])[:2], (200, ["operator"]))
        self.assertEqual(self.login("王工", WORDS["王工"])[:2], (200, ["approver"]))
        self.assertEqual(self.login("sun", WORDS["sun"])[:2], (401, "wrong_password"), "known there, and nothing here")
        self.assert_added("zhao", "auditor", "--directory")
        status, roles, browser = self.login("zhao", WORDS["zhao"])
        self.assertEqual((status, roles), (200, ["auditor"]))
        self.assertEqual(browser.send("/api/v1/audit")[0], 200)
        self.assertEqual(user(self.daemon, "disable", "zhao")[0], 0)
        self.assertEqual(browser.send("/api/v1/audit")[0], 401)
        self.assertEqual(self.audit("wang"), [("directory", "ok")])
        self.assertEqual(self.audit("sun"), [("", "no_role")])

    def test_3_a_bind_that_proves_nothing_lets_nobody_in(self):
        """slapd says yes to the first of these."""
        self.assertEqual(self.login("wang", "")[0], 401)
        self.assertEqual(self.login("wang", WORDS["sun"])[0], 401)
        self.assertEqual(self.login("", WORDS["wang"])[0], 401)
        self.assertEqual(self.login("nobody", WORDS["wang"])[0], 401)

    def test_4_a_name_is_nothing_but_a_name(self):
        self.assertEqual(self.login("li, (x)*", WORDS["li, (x)*"])[:2], (200, ["viewer"]))
        for name in ("*", "wang,ou=people", "wang)(uid=*", "WANG", " wang", "wang\u0000", "uid=wang"):
            self.assertEqual(self.login(name, WORDS["wang"])[0], 401, repr(name))
        self.assertEqual(self.login("陈工", WORDS["wang"])[0], 401, "of ours the directory is not asked")

    def test_5_who_is_looked_for_is_found_over_starttls(self):
        (self.daemon.folder / "reader").write_text(READER + "\n")
        looked_for = ('url: "ldap://127.0.0.1:1389", base: "ou=people,dc=example", filter: "(&(objectClass=inetOrgPerson)(uid={user}))", '
                      'bind_dn: "cn=reader,dc=example", bind_password_file: reader')
        self.reconfigure(looked_for)
        self.assertEqual(self.login("wang", WORDS["wang"])[:2], (200, ["operator"]))
        self.assertEqual(self.login("li, (x)*", WORDS["li, (x)*"])[:2], (200, ["viewer"]))
        for name in ("*", "wa*", "WANG", "nobody)(uid=wang"):
            self.assertEqual(self.login(name, WORDS["wang"])[0], 401, name)
        (self.daemon.folder / "reader").write_text("wrong\n")
        self.reconfigure(looked_for)
        self.assertEqual(self.login("wang", WORDS["wang"])[0], 503, "we cannot look: nobody's password is wrong for that")

    def test_6_a_directory_that_nobody_vouches_for_hears_no_password(self):
        stranger = certificate(self.daemon.folder, "stranger")[0]
        for url in ("ldaps://127.0.0.1:1636", "ldap://127.0.0.1:1389"):
            self.reconfigure(f'url: "{url}", user_dn: "uid={{user}},ou=people,dc=example"', ca=stranger)
            self.assertEqual(self.login("wang", WORDS["wang"])[:2], (503, "directory_unavailable"), url)

    def test_7_without_the_directory_our_own_users_sign_in(self):
        self.reconfigure('url: "ldaps://127.0.0.1:1636", user_dn: "uid={user},ou=people,dc=example"')
        status, _, browser = self.login("王工", WORDS["王工"])
        self.assertEqual(status, 200)
        self.directory.stop()
        self.assertEqual(self.login("王工", WORDS["王工"])[:2], (503, "directory_unavailable"))
        self.assertEqual(self.login("陈工", LOCAL)[:2], (200, ["administrator"]))
        self.assertEqual(browser.send("/api/v1/lines")[0], 200, "a session asks nobody")
        self.directory.start()

    def test_8_no_file_holds_a_password(self):
        for file in self.daemon.folder.rglob("*"):
            if file.is_file():
                for password in WORDS.values():
                    self.assertNotIn(password.encode(), file.read_bytes(), file)


if __name__ == "__main__":
    unittest.main()
