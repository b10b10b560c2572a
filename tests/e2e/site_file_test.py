"""The file of sites, changed by people over HTTP and by hand: what is written, kept, refused, put back and said."""

import json
import unittest

import subject
from subject import Daemon

PEOPLE = """api:
  people:
    - { name: 王工, token: wang-token-0123456789, may: [reload] }
    - { name: 李工, token: li-token-012345678901, may: [request] }
"""
SITES = "编号,名称,网址,周期,附加报头\nportal,门户,http://127.0.0.1:9/,5s,X-Key: s3cret-header\n"
AT = "/api/v1/inventory/sites"


class SiteFile(unittest.TestCase):
    folder = None  # set by run.py

    def setUp(self):
        self.daemon = Daemon(self.folder / f"site_file_{self._testMethodName}")
        self.csv = self.daemon.folder / "sites.csv"
        self.csv.write_text(SITES)
        self.daemon.configure([{"id": "L1", "address": "127.0.0.1", "checks": "tcp:port=7,reset=good"}],
                              extra="sites: sites.csv\n" + PEOPLE)
        self.daemon.start()
        self.addCleanup(self.daemon.kill)

    def send(self, path, body, who="wang-token-0123456789"):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {who}"}
        status, text = self.daemon.request(AT + path, "POST", headers, json.dumps(body).encode())
        return status, json.loads(text)

    def hash(self):
        return self.daemon.json(AT)["hash"]

    def sites(self):
        return {s["id"]: s for s in self.daemon.json("/api/v1/lines?kind=site")["lines"]}

    def test_a_site_is_added_changed_and_closed_and_what_it_was_is_kept(self):
        add = {"add": [{"id": "edu", "name": "教育局", "url": "http://127.0.0.1:9/edu", "contains": "一\n二"}]}
        status, seen = self.send("/changes/preview", add)
        self.assertEqual((status, seen["problems"], seen["added"][0]["site"]["name"]), (200, [], "教育局"))
        self.assertEqual(self.csv.read_text(), SITES)
        status, done = self.send("/changes", {"hash": seen["hash"], **add})
        self.assertEqual(status, 200, done)
        self.assertEqual(self.sites()["edu"]["name"], "教育局")
        with open(done["copy"]) as copy:
            self.assertEqual(copy.read(), SITES)
        status, done = self.send("/changes", {"hash": done["hash"], "change": [{"id": "edu", "name": "区教育局"},
                                                                               {"id": "portal", "closed": "2099-12-31"}]})
        self.assertEqual(status, 200, done)
        self.assertEqual(self.sites()["edu"]["name"], "区教育局")
        self.assertIn("s3cret-header", self.csv.read_text())
        self.assertEqual(self.daemon.json(AT + "/portal")["site"],
                         {"id": "portal", "name": "门户", "url": "http://127.0.0.1:9/", "interval": "5s", "closed": "2099-12-31"})
        self.assertNotIn("s3cret-header", self.daemon.log.read_text())

    def test_who_may_not_reload_changes_nothing_and_problems_stand_at_their_field(self):
        change = {"hash": self.hash(), "change": [{"id": "portal", "name": "新"}]}
        for path in ("/changes", "/changes/preview"):
            self.assertEqual(self.send(path, change, "li-token-012345678901")[0], 403)
            self.assertEqual(self.send(path, change, "nobody-knows-this-one")[0], 401)
        status, seen = self.send("/changes/preview", {"add": [{"id": "L1", "url": "www.example.gov.cn"}]})
        self.assertEqual((status, sorted(p["field"] for p in seen["problems"])), (200, ["id", "url"]))
        self.assertEqual(self.csv.read_text(), SITES)

    def test_a_change_by_hand_is_told_and_stays(self):
        before = self.hash()
        self.csv.write_text(SITES + "hand,手加的,http://127.0.0.1:9/hand,5s,\n")
        change = {"change": [{"id": "portal", "name": "新门户"}]}
        status, no = self.send("/changes", {"hash": before, **change})
        self.assertEqual((status, no["error"]["code"], no["meanwhile"][0]["id"]), (409, "changed_meanwhile", "hand"))
        status, done = self.send("/changes", {"hash": no["hash"], **change})
        self.assertEqual(status, 200, done)
        self.assertEqual(sorted(self.sites()), ["hand", "portal"])

    def test_a_list_is_read_only_until_it_is_moved(self):
        config = self.daemon.config
        config.write_text(config.read_text().replace("sites: sites.csv", "sites: [ { id: p, name: =门户, url: \"http://127.0.0.1:9/\" } ]"))
        status, text = self.daemon.get(AT)
        self.assertEqual((status, json.loads(text)["error"]["code"]), (409, "no_inventory"))
        self.assertIn("changtong export sites --config", text)
        code, csv, err = subject.run("export", "sites", "--config", config)
        self.assertEqual(code, 0, err)
        self.csv.write_text(csv)
        config.write_text(config.read_text().replace("sites: [ { id: p, name: =门户, url: \"http://127.0.0.1:9/\" } ]", "sites: sites.csv"))
        self.assertEqual(self.daemon.json(AT + "/p")["site"], {"id": "p", "name": "=门户", "url": "http://127.0.0.1:9/"})
        code, _, err = subject.run("export", "sites", "--config", config)
        self.assertEqual((code, "网站已在文件 sites.csv 里" in err), (1, True))

    def test_the_exported_file_is_its_owner_s_and_replaces_nothing_unasked(self):
        config, out = self.daemon.folder / "listed.yaml", self.daemon.folder / "moved.csv"
        config.write_text("sites: [ { id: p, url: \"http://127.0.0.1:9/\", headers: { X-Key: geheim } } ]\n")
        export = ("export", "sites", "--config", config, "--out", out)
        code, text, err = subject.run(*export)
        self.assertEqual((code, out.stat().st_mode & 0o777), (0, 0o600), err)
        self.assertTrue(text.startswith("已写入 "), text)
        self.assertNotIn("geheim", text)
        whole = out.read_bytes()
        self.assertIn("geheim".encode(), whole)
        out.write_text("somebody's work\n")
        out.chmod(0o644)
        code, _, err = subject.run(*export)
        self.assertEqual((code, out.read_text()), (3, "somebody's work\n"))
        self.assertIn("已存在，没有写入", err)
        self.assertIn("--force", err)
        code, _, err = subject.run(*export, "--force")
        self.assertEqual((code, out.read_bytes(), out.stat().st_mode & 0o777), (0, whole, 0o600), err)
        before = config.read_text()
        code, _, err = subject.run("export", "sites", "--config", config, "--out", config, "--force")
        self.assertEqual((code, config.read_text()), (2, before), err)
        code, _, err = subject.run("export", "sites", "--config", config, "--out", self.daemon.folder / "nowhere" / "s.csv")
        self.assertEqual((code, "无法写入" in err and "请检查文件夹" in err), (3, True), err)
