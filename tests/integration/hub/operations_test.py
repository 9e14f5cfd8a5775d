"""Running the hub: reload, signals, health, first start."""
import os
import re
import shutil
import signal
import threading
import time

from browser import Browser, patience, until
from support import HUB, ROOT, HubTest, _run

RULE = """\
rules:
  - id: second-tourism-for-staff
    title: {zh: 测试, en: Test}
    effect: allow
    systems: [qu-tourism2]
    when: {role: clerk}
    granted_by: 测试
"""


class OperationsTest(HubTest):
    own_adapters = True

    @classmethod
    def new_site(cls, name):
        site = super().new_site(name)
        site.policies = f"{site.folder}/policies"
        shutil.copytree(f"{ROOT}/policies", site.policies)
        site.write_config()
        return site

    def setUp(self):
        super().setUp()
        if not self.site.ready():
            self.site.start()
        self.admin = self.browser("ligong")

    def tearDown(self):
        shutil.rmtree(f"{self.site.adapters}/qu-tourism2", ignore_errors=True)
        if os.path.exists(f"{self.site.policies}/60-more.yaml"):
            os.remove(f"{self.site.policies}/60-more.yaml")
        self.site.systems.clear()
        self.site.write_config()
        super().tearDown()

    def add_system(self):
        """A second tourism platform: a copied folder with another name, an origin and a rule."""
        # Without its data side: its items have a system already.
        shutil.copytree(f"{self.site.adapters}/qu-tourism", f"{self.site.adapters}/qu-tourism2",
                        ignore=shutil.ignore_patterns("data.yaml"))
        path = f"{self.site.adapters}/qu-tourism2/adapter.yaml"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("id: qu-tourism\n", "id: qu-tourism2\n"))
        with open(f"{self.site.policies}/60-more.yaml", "w", encoding="utf-8") as file:
            file.write(RULE)
        self.site.write_config(systems={"qu-tourism2": self.zoo.systems["qu-tourism"]["origin"]})

    def reload(self):
        return self.admin.api("POST", "/api/v1/admin/reload")

    def test_a_folder_and_a_reload_add_a_system_without_a_restart(self):
        person = self.browser("wangmin")
        self.assertEqual(person.get("/go/qu-tourism2").status, 404)
        self.assertEqual(person.get(self.site.app("qu-tourism2", "/wl/")).status, 421)
        self.add_system()
        done = self.reload()
        self.assertEqual(done.status, 200, done)
        self.assertEqual(done.json()["adapters"], 11)
        from gateway_test import links_of
        account = links_of(self.zoo, "wangmin")["qu-tourism"]
        linked = person.api("POST", "/api/v1/me/links/qu-tourism2", {"fields": account})
        self.assertEqual(linked.status, 200, linked)
        self.assertIn("王敏", person.enter("qu-tourism2").text)
        self.assertEqual(person.enter("qu-tourism").status, 200)

    def test_a_broken_adapter_is_refused_with_its_place_and_the_old_stays(self):
        person = self.browser("wangmin")
        self.assertEqual(person.enter("qu-oa").status, 200)
        path = f"{self.site.adapters}/qu-oa/adapter.yaml"
        with open(path, encoding="utf-8") as file:
            good = file.read()
        for bad in (good + "\nno_such_key: 1\n", good.replace("login:", "login: [", 1), "", good.replace("api: 1", "api: 99")):
            with self.subTest(bad=bad[-30:]):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(bad)
                try:
                    refused = self.reload()
                    self.assertEqual((refused.status, refused.json()["code"]), (422, "config"), refused)
                    places = [f["name"] for f in refused.json()["fields"]]
                    self.assertTrue(any(re.search(r"qu-oa/adapter\.yaml:\d+:\d+", p) for p in places), places)
                finally:
                    with open(path, "w", encoding="utf-8") as file:
                        file.write(good)
                self.assertEqual(person.enter("qu-oa").status, 200)
        self.assertEqual(self.reload().status, 200)

    def test_wrong_policies_and_configuration_are_refused_as_a_whole(self):
        person = self.browser("wangmin")
        with open(f"{self.site.policies}/60-more.yaml", "w", encoding="utf-8") as file:
            file.write("rules:\n  - id: x\n    effect: perhaps\n")
        refused = self.reload()
        self.assertEqual(refused.status, 422, refused)
        self.assertRegex(str(refused.json()["fields"]), r"60-more\.yaml:\d+:\d+")
        os.remove(f"{self.site.policies}/60-more.yaml")
        with open(self.site.config, "a", encoding="utf-8") as file:
            file.write("no_such_key: 1\n")
        refused = self.reload()
        self.assertEqual(refused.status, 422, refused)
        self.assertRegex(str(refused.json()["fields"]), r"yimen\.yaml:\d+:\d+")
        self.assertEqual(person.enter("qu-oa").status, 200)

    def test_sighup_reloads_too(self):
        before = self.site.metrics()
        name = next(n for n in before if "generation" in n)
        self.add_system()
        self.site.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: self.site.metrics()[name] == before[name] + 1), self.site.metrics()[name])
        self.assertEqual(self.browser("wangmin").get("/go/qu-tourism2").status, 303)
        self.assertEqual(self.browser().get(self.site.app("qu-tourism2", "/wl/")).status, 303)
        with open(self.site.config, "a", encoding="utf-8") as file:
            file.write("no_such_key: 1\n")
        self.site.process.send_signal(signal.SIGHUP)
        self.assertTrue(until(lambda: "config.reload_refused" in self.site.log_text()))
        self.assertEqual(self.site.metrics()[name], before[name] + 1)
        self.assertTrue(self.site.ready())

    def test_a_session_survives_a_reload_and_open_systems_go_on(self):
        person = self.browser("wangmin")
        person.enter("qu-tourism")
        self.assertEqual(self.reload().status, 200)
        self.assertIn("王敏", person.get(self.site.app("qu-tourism", "/wl/")).text)

    def test_sigterm_finishes_what_is_under_way_and_exits_0(self):
        person = self.browser("wangmin")
        person.enter("qu-tourism")
        self.zoo.fault("qu-tourism", "slow", ms=2500, times=1)
        answers = []
        slow = threading.Thread(target=lambda: answers.append(person.get(self.site.app("qu-tourism", "/wl/"))))
        slow.start()
        time.sleep(0.8)
        begun = time.monotonic()
        self.assertEqual(self.site.stop(), 0)
        self.assertLess(time.monotonic() - begun, patience(12))
        slow.join(patience(20))
        self.assertEqual(answers[0].status, 200)
        self.assertIn("王敏", answers[0].text)
        self.assertIn("ok", self.site.command("audit", "verify"))
        self.site.start()
        self.opened.append(person.twin())
        self.assertEqual(self.opened[-1].me().status, 200)

    def test_health_and_metrics(self):
        probe = self.browser()
        self.assertEqual([probe.get(p).status for p in ("/healthz", "/readyz")], [200, 200])
        answer = probe.get("/metrics")
        self.assertEqual(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
        typed = dict(re.findall(r"^# TYPE (\S+) (\S+)$", answer.text, re.M))
        for line in answer.text.splitlines():
            if line.startswith("#") or not line:
                continue
            match = re.fullmatch(r'([a-zA-Z_:][\w:]*)(\{[\w]+="[^"]*"(,\w+="[^"]*")*\})? (-?\d+(\.\d+)?(e[+-]\d+)?)', line)
            self.assertTrue(match, line)
            family = re.sub(r"_(bucket|sum|count)$", "", match.group(1))
            self.assertTrue(family in typed or match.group(1) in typed, line)
        self.assertTrue(all(name.startswith("yimen_") for name in typed))
        before = self.site.metrics()
        person = self.browser("wangmin")
        person.enter("qu-oa")
        after = self.site.metrics()
        self.assertTrue([n for n in after if "forward" in n and after[n] > before.get(n, 0)])


class FirstStartTest(HubTest):
    prepared = False

    def test_the_first_administrator_is_made_by_a_link_that_works_once(self):
        self.assertTrue(until(lambda: "/setup/" in self.site.log_text()))
        url = re.search(r"https://\S+/setup/\S+", self.site.log_text()).group(0)
        browser = self.browser()
        page = browser.get(url)
        self.assertEqual(page.status, 200)
        fields = {"csrf": page.field("csrf"), "username": "zhangsan", "name": "张三", "password": "Erste-Tuer-2026",
                  "again": "Erste-Tuer-2026"}
        weak = browser.post(url, {**fields, "password": "abc", "again": "abc"})
        self.assertEqual(weak.status, 422)
        self.assertEqual(browser.post(url, {**fields, "csrf": "x"}).status, 403)
        self.assertEqual(browser.post(self.site.url + "/setup/" + "A" * 43, fields).status, 410)
        done = browser.post(url, fields)
        self.assertEqual(done.status, 303, done)
        me = browser.me().json()
        self.assertEqual((me["username"], me["roles"]), ("zhangsan", ["system_admin"]))
        second = self.browser()
        again = second.post(url, {**fields, "csrf": second.get(url).field("csrf"), "username": "lisi"})
        self.assertEqual(again.status, 410)
        self.assertEqual(second.me().status, 401)
        self.assertIn("admin.first_created", [e["type"] for e in self.site.audit()])
        token = url.rsplit("/", 1)[1]
        self.assertNotIn(token, str(self.site.audit()))
        self.site.stop()
        size = os.path.getsize(f"{self.site.folder}/hub.log")
        self.site.start()
        time.sleep(0.3)
        self.assertNotIn("/setup/", self.site.log_text()[size:])

    def test_no_password_of_any_kind_opens_a_fresh_hub(self):
        browser = Browser(self.site)
        self.opened.append(browser)
        for name, password in (("admin", "admin"), ("admin", "123456"), ("root", ""), ("yimen", "yimen"), ("admin", "")):
            page = browser.get("/login")
            fields = {"csrf": page.field("csrf"), "username": name, "password": password}
            self.assertIn(browser.post("/login", fields).status, (401, 423, 429))


class CommandLineTest(HubTest):
    def test_check_names_the_place_of_every_fault(self):
        self.assertIn("10 adapters", self.site.command("check"))
        with open(self.site.config, "a", encoding="utf-8") as file:
            file.write("sessions: {idle: 5, unknown_key: 1}\n")
        with self.assertRaisesRegex(AssertionError, r"yimen\.yaml:\d+:\d+"):
            self.site.command("check")
        self.site.write_config()

    def test_policy_tables_and_explanations(self):
        self.site.command("policy", "test")
        self.assertIn("allow", self.site.command("policy", "explain", "wangmin", "qu-oa"))
        with self.assertRaisesRegex(AssertionError, "exit 1"):
            self.site.command("policy", "explain", "zhengwen", "nat-salvation")

    def test_wrong_words_are_answered_with_the_usage(self):
        for words in (["nonsense"], ["serve", "--port", "1"], ["audit"], ["link", "import"], []):
            with self.subTest(words=words), self.assertRaisesRegex(AssertionError, "usage: "):
                _run([HUB, *words])

    def test_one_changed_byte_of_the_audit_log_is_found(self):
        self.browser("wangmin").sign_out()
        self.assertIn("ok", self.site.command("audit", "verify"))
        folder = f"{self.site.folder}/hub/audit"
        path = os.path.join(folder, sorted(n for n in os.listdir(folder) if n.endswith(".jsonl"))[0])
        with open(path, "r+b") as file:
            data = file.read()
            at = data.index(b"login.ok") if b"login.ok" in data else data.index(b"type")
            file.seek(at)
            file.write(b"L")
        with self.assertRaisesRegex(AssertionError, r"audit-\d+\.jsonl:\d+"):
            self.site.command("audit", "verify")
        with open(path, "r+b") as file:
            file.write(data)
        self.assertIn("ok", self.site.command("audit", "verify"))

    def test_an_import_beside_a_running_hub_says_what_to_do(self):
        for words, told in ((("import", "--people", f"{self.zoo.folder}/district/people.csv"), "/api/v1/admin/people/import"),
                            (("link", "import", f"{self.zoo.folder}/district/links.csv"), "/api/v1/me/links")):
            with self.assertRaises(AssertionError) as refused:
                self.site.command(*words)
            self.assertIn("Stop it first", str(refused.exception))
            self.assertIn(told, str(refused.exception))

    def test_a_folder_in_use_is_not_opened_twice(self):
        try:
            self.site.command("serve")
            self.fail("a second hub ran on the same data")
        except AssertionError as error:
            self.assertRegex(str(error), "exit 1")
        finally:
            self.assertTrue(self.site.ready())


