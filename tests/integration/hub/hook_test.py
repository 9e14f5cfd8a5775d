"""An adapter's script on traffic in the real program, judged from the bytes a system received."""
import os
import shutil
import time

from browser import PAGE, SCRIPT, until
from raw_upstream import ADAPTER, LINKS, RULE, RawUpstream
from support import ROOT, HubTest

PASSES = """return {
    on_request = function(request)
        if request.path == "/no" then return {deny = {status = 451, zh = "此处不行", en = "not here"}} end
        if request.path == "/loop" then while true do end end
        if request.path == "/forge" then return {set = {["X-Remote-User"] = "root"}} end
        if request.path == "/inject" then return {set = {["X-Org"] = "a\\r\\nX-Remote-User: root"}} end
        if request.path == "/giant" then return {set = {["X-Org"] = ("x"):rep(60000)}} end
        if not request.person then return end
        return {set = {["X-Org"] = url.encode(request.person.org .. "/" .. request.person.name)},
                remove = {"X-Unwanted"}, query = "q=" .. request.query}
    end,
    on_response = function(response)
        if response.path == "/hidden" then return {deny = {zh = "不显示", en = "not shown"}} end
        return {set = {["X-Script"] = "one"}, remove = {"X-Powered-By"}}
    end,
}
"""
HOST = "raw-echo"


class HookTest(HubTest):
    own_adapters = True

    @classmethod
    def new_site(cls, name):
        cls.upstream = RawUpstream()
        site = super().new_site(name)
        cls.folder = f"{site.adapters}/{HOST}"
        os.makedirs(cls.folder)
        cls.write(ADAPTER + "\ntraffic: {script: traffic.lua}\nlimits: {response_timeout: 30s}\n", "adapter.yaml")
        cls.write(PASSES, "traffic.lua")
        site.policies = f"{site.folder}/policies"
        shutil.copytree(f"{ROOT}/policies", site.policies)
        with open(f"{site.policies}/50-raw.yaml", "w", encoding="utf-8") as file:
            file.write(RULE)
        site.write_config(systems={HOST: cls.upstream.origin})
        with open(f"{site.folder}/links.csv", "w", encoding="utf-8") as file:
            file.write(LINKS)
        site.command("link", "import", f"{site.folder}/links.csv")
        return site

    @classmethod
    def write(cls, text, name):
        with open(f"{cls.folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.upstream.close()

    def setUp(self):
        super().setUp()
        self.upstream.clear()
        self.upstream.delay = 0.0
        self.person = self.browser("wangmin")
        self.person.enter(HOST)
        self.upstream.clear()

    def get(self, path, headers=PAGE):
        return self.person.get(self.site.app(HOST, path), headers)

    def received(self):
        return b"".join(self.upstream.received())

    def test_a_script_adds_what_the_system_needs_and_sees_the_person(self):
        answer = self.get("/x?a=1", {**PAGE, "X-Org": "forged", "X-Unwanted": "1"})
        self.assertEqual((answer.status, answer.header("X-Script")), (200, "one"))
        bytes_ = self.received()
        self.assertIn(b"GET /x?q=a=1 HTTP/1.1\r\n", bytes_)
        self.assertRegex(bytes_, rb"\r\nX-Org: [^\r]*%2F%E7%8E%8B%E6%95%8F\r\n")
        self.assertNotIn(b"forged", bytes_)
        self.assertNotIn(b"X-Unwanted", bytes_)
        self.assertEqual(bytes_.lower().count(b"\r\nx-remote-user:"), 1)

    def test_a_denial_is_explained_and_the_system_not_asked(self):
        page = self.get("/no")
        self.assertEqual(page.status, 451)
        self.assertIn("此处不行", page.text)
        self.assertIn("not here", page.text)
        self.assertEqual(self.get("/no", SCRIPT).json()["code"], "hook_denied")
        self.assertEqual(self.received(), b"")
        hidden = self.get("/hidden")
        self.assertEqual(hidden.status, 403)
        self.assertIn("不显示", hidden.text)
        self.assertTrue(until(lambda: any("traffic-script" in str(e["fields"]) for e in self.site.audit()
                                          if e["type"] == "gateway.denied")))

    def test_what_a_script_may_not_do_costs_the_request_and_is_logged_with_its_place(self):
        before = self.site.metrics()["yimen_gateway_hook_failures_total"]
        for path, told in (("/loop", "limit maxInstructions"), ("/forge", "'X-Remote-User'"), ("/inject", "control character"),
                           ("/giant", "4096 bytes")):
            with self.subTest(path=path):
                answer = self.get(path)
                self.assertEqual(answer.status, 502)
                number = answer.text.split("<code>")[1].split("</code>")[0]
                self.assertTrue(until(lambda n=number: n in self.site.log_text()))
                line = next(line for line in self.site.log_text().splitlines() if number in line)
                self.assertIn("raw-echo/traffic.lua", line)
                self.assertIn(told, line)
        self.assertEqual(self.get("/loop", SCRIPT).json()["code"], "hook_failed")
        self.assertEqual(self.received(), b"")
        self.assertEqual(self.site.metrics()["yimen_gateway_hook_failures_total"] - before, 5)
        self.assertEqual(self.get("/x").status, 200)

    def test_an_endless_loop_holds_up_nobody_and_lets_nothing_pass(self):
        begun = time.monotonic()
        for _ in range(60):
            self.assertEqual(self.get("/loop").status, 502)
            self.assertEqual(self.person.me().status, 200)
        self.assertLess(time.monotonic() - begun, 20)
        self.assertEqual(self.received(), b"")
        self.assertTrue(until(lambda: self.get("/x").status == 200, 15))

    def test_a_reload_replaces_the_script_and_refuses_a_bad_one(self):
        admin = self.browser("ligong")
        self.write(PASSES.replace('"one"', '"two"'), "traffic.lua")
        self.assertEqual(admin.api("POST", "/api/v1/admin/reload").status, 200)
        self.assertTrue(until(lambda: self.get("/x").header("X-Script") == "two"))
        self.write("return {on_request = function(", "traffic.lua")
        refused = admin.api("POST", "/api/v1/admin/reload")
        self.assertEqual(refused.status, 422)
        self.assertIn("traffic.lua:1", refused.text)
        self.assertEqual(self.get("/x").header("X-Script"), "two")
        self.write(PASSES, "traffic.lua")
        self.assertEqual(admin.api("POST", "/api/v1/admin/reload").status, 200)

    def test_the_configurations_time_out_wins_over_the_manifests(self):
        admin = self.browser("ligong")
        try:
            with open(self.site.config, encoding="utf-8") as file:
                kept = file.read()
            line = f'  {HOST}: {{origins: ["{self.upstream.origin}"]}}'
            self.assertIn(line, kept)
            with open(self.site.config, "w", encoding="utf-8") as file:
                file.write(kept.replace(line, line[:-1] + ", read_timeout: 1s}"))
            self.assertEqual(admin.api("POST", "/api/v1/admin/reload").status, 200)
            self.upstream.delay = 0.0
            self.assertEqual(self.get("/x").status, 200)
            self.upstream.delay = 2.5
            self.assertEqual(self.get("/x", SCRIPT).status, 504)
        finally:
            self.upstream.delay = 0.0
            self.site.write_config()
            admin.api("POST", "/api/v1/admin/reload")
