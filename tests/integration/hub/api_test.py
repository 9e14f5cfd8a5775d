"""The portal's API against its contract, and who may call what."""
import json
import os

from browser import SCRIPT
from openapi import Contract
from support import ROOT, HubTest

ROLES = {"clerk": "wangmin", "system_admin": "ligong", "security_admin": "anquanyuan", "auditor": "zhaoshen"}
S, P, A = "system_admin", "security_admin", "auditor"
# Who may call what; everybody else gets 403 forbidden, and who is not signed in 401.
ADMIN = {("GET", "/api/v1/admin/people"): {S, P, A}, ("POST", "/api/v1/admin/people/import"): {S},
         ("GET", "/api/v1/admin/orgs"): {S, P, A}, ("GET", "/api/v1/admin/sessions"): {S, P},
         ("DELETE", "/api/v1/admin/sessions/{id}"): {S, P}, ("GET", "/api/v1/admin/access"): {S, P, A},
         ("GET", "/api/v1/admin/adapters"): {S, P, A}, ("POST", "/api/v1/admin/reload"): {S},
         ("DELETE", "/api/v1/admin/people/{username}/second-factor"): {P}, ("GET", "/api/v1/admin/audit/verify"): {A},
         ("GET", "/api/v1/admin/audit"): {A}}
# What a permitted call with these parameters answers.
GOOD = {("POST", "/api/v1/admin/people/import"): 422, ("DELETE", "/api/v1/admin/sessions/{id}"): 404,
        # The rules ask even the right role for a code first.
        ("DELETE", "/api/v1/admin/people/{username}/second-factor"): 403}


def fill(path):
    return path.replace("{system}", "qu-oa").replace("{id}", "0" * 32).replace("{username}", "wangmin").replace("{item}", "ZS-SQ-013")


class ApiTest(HubTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = Contract(os.path.join(ROOT, "hub/admin/openapi.yaml"))

    def conforms(self, method, path, answer, status):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(self.contract.complaints(method, path, answer), [], f"{method} {path}")
        return answer.json() if answer.body else None

    def call(self, browser, method, path, body=None, **more):
        url = fill(path)
        if path == "/api/v1/admin/access":
            url += "?who=wangmin&system=qu-oa"
        if path == "/api/v1/admin/people/import":
            body = b"username,name,phone,password\nx y,,,\n"
        return browser.api(method, url, body, **more)

    def test_every_admin_call_is_for_its_roles_only(self):
        self.assertEqual({(m, p) for m, p, _ in self.contract.operations() if "/admin/" in p}, set(ADMIN))
        people = {role: self.browser(name) for role, name in ROLES.items()}
        people["grid_worker"] = self.browser("zhanshifu")
        nobody = self.browser()
        for (method, path), allowed in ADMIN.items():
            for role, browser in people.items():
                with self.subTest(call=f"{method} {path}", role=role):
                    answer = self.call(browser, method, path)
                    if role in allowed:
                        self.conforms(method, path, answer, GOOD.get((method, path), 200))
                    else:
                        problem = self.conforms(method, path, answer, 403)
                        self.assertEqual(problem["code"], "forbidden")
            with self.subTest(call=f"{method} {path}", role="nobody"):
                self.assertEqual(self.conforms(method, path, self.call(nobody, method, path), 401)["code"], "no_session")

    def test_every_own_call_needs_a_session_and_every_change_its_token_and_origin(self):
        browser, nobody = self.browser("wangmin"), self.browser()
        for method, path, _ in self.contract.operations():
            if path == "/api/v1/session":
                continue
            with self.subTest(call=f"{method} {path}"):
                self.assertEqual(self.conforms(method, path, self.call(nobody, method, path), 401)["code"], "no_session")
                if method == "GET":
                    continue
                for wrong in ({"csrf": False}, {"headers": {"X-CSRF-Token": "x" * 43}},
                              {"headers": {"Origin": "https://evil.example"}}, {"headers": {"Sec-Fetch-Site": "cross-site"}},
                              {"headers": {"Origin": self.site.app("qu-oa"), "Sec-Fetch-Site": "same-site"}}):
                    answer = self.call(browser, method, path, **wrong)
                    self.assertEqual(self.conforms(method, path, answer, 403)["code"], "csrf", wrong)
        self.assertEqual(browser.me().status, 200)

    def test_the_token_of_another_session_is_refused(self):
        one, two = self.browser("wangmin"), self.browser("wangmin")
        two.me()
        answer = one.api("PUT", "/api/v1/me/favourites/qu-oa", headers={"X-CSRF-Token": two._csrf})
        self.assertEqual(answer.status, 403)

    def test_unknown_paths_and_methods(self):
        browser = self.browser("ligong")
        for path in ("/api/v1/none", "/api/v2/me", "/api/v1/me/none", "/api/v1/admin/none", "/api/v1/me/links/none"):
            with self.subTest(path=path):
                answer = browser.api("GET", path)
                self.assertIn(answer.status, (404, 405))
                self.assertEqual(answer.header("Content-Type").split(";")[0], "application/problem+json")
        wrong = browser.api("PUT", "/api/v1/systems")
        self.assertEqual((wrong.status, "GET" in wrong.header("Allow")), (405, True))
        self.assertEqual(browser.api("POST", "/api/v1/admin/audit/verify").status, 405)

    def test_me_and_systems_conform(self):
        browser = self.browser("wangmin")
        me = self.conforms("GET", "/api/v1/me", browser.me(), 200)
        self.assertEqual((me["admin"], "clerk" in me["roles"]), (False, True))
        systems = self.conforms("GET", "/api/v1/systems", browser.api("GET", "/api/v1/systems"), 200)
        self.assertEqual(len(systems["items"]), 10)
        names = {s["id"]: s for s in systems["items"]}
        self.assertEqual(len(names["qu-oa"]["pinyin"]), len(names["qu-oa"]["name"]))
        self.assertLessEqual({s["category"] for s in systems["items"]}, {c["id"] for c in systems["categories"]})
        few = self.browser("zhanshifu").api("GET", "/api/v1/systems").json()["items"]
        self.assertEqual({s["id"] for s in few}, set(self.account("zhanshifu")["systems"]))

    def test_favourites_are_kept_and_repeating_changes_nothing(self):
        browser = self.browser("chenjing")
        path = "/api/v1/me/favourites/{system}"

        def is_favourite():
            items = browser.api("GET", "/api/v1/systems").json()["items"]
            return next(s["favourite"] for s in items if s["id"] == "qu-oa")

        for _ in range(2):
            self.conforms("PUT", path, browser.api("PUT", fill(path)), 204)
            self.assertTrue(is_favourite())
        for _ in range(2):
            self.conforms("DELETE", path, browser.api("DELETE", fill(path)), 204)
            self.assertFalse(is_favourite())
        self.conforms("PUT", path, browser.api("PUT", "/api/v1/me/favourites/no-such-system"), 404)

    def test_preferences_are_kept_and_wrong_values_refused(self):
        browser = self.browser("chenjing")
        path = "/api/v1/me/preferences"
        wanted = {"theme": "dark", "size": "large", "locale": "en"}
        self.assertEqual(self.conforms("PUT", path, browser.api("PUT", path, wanted), 200), wanted)
        self.assertEqual(browser.me().json()["preferences"], wanted)
        for bad in ({**wanted, "theme": "pink"}, {**wanted, "more": 1}, {"theme": "dark"}, [], "x", None, {**wanted, "size": 1},
                    {**wanted, "locale": ["en"]}):
            with self.subTest(bad=bad):
                answer = browser.api("PUT", path, json.dumps(bad).encode(), {"Content-Type": "application/json"})
                self.assertIn(answer.status, (400, 422), answer)
                self.assertEqual(self.contract.complaints("PUT", path, answer), [])
        for body in (b"", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 100000):
            answer = browser.api("PUT", path, body, {"Content-Type": "application/json"})
            self.assertIn(answer.status, (400, 413, 422), body[:9])
            if answer.status != 413:  # the data plane's own answer, before anybody reads the body
                self.assertEqual(self.contract.complaints("PUT", path, answer), [])
        self.assertEqual(browser.me().json()["preferences"], wanted)

    def test_links_show_no_secret_and_follow_the_mode(self):
        browser = self.browser("wangmin")
        answer = browser.api("GET", "/api/v1/me/links")
        links = {x["system"]: x for x in self.conforms("GET", "/api/v1/me/links", answer, 200)["items"]}
        self.assertEqual({x["state"] for x in links.values()}, {"linked"})
        with open(f"{self.zoo.folder}/district/links.csv", encoding="utf-8") as file:
            secrets = [line.split(",", 3)[3].strip().strip('"') for line in file if ",password," in line]
        for secret in secrets:
            self.assertNotIn(secret, answer.text)
        one = "/api/v1/me/links/{system}"
        self.assertEqual(self.conforms("POST", one, browser.api("POST", "/api/v1/me/links/qu-oa", {"fields": {}}), 409)["code"],
                         "managed")
        for bad in ({"fields": {}}, {"fields": {"username": "x"}}, {"fields": {"username": "", "password": "x"}}, {},
                    {"fields": {"username": "x", "password": "y" * 2000}}, {"fields": {"username": 1, "password": "x"}}):
            with self.subTest(bad=bad):
                answer = browser.api("POST", "/api/v1/me/links/qu-tourism", bad)
                problem = self.conforms("POST", one, answer, 422)
                self.assertEqual((problem["code"], problem["step"]), ("invalid_field", "account"))
                self.assertIn(problem["fields"][0]["name"], ("fields", "username", "password"))
        self.assertEqual(self.zoo.events("qu-tourism", "login", "login_failed"), [])
        test = browser.api("POST", "/api/v1/me/links/qu-tourism/test")
        self.assertEqual(self.conforms("POST", one + "/test", test, 200)["state"], "linked")
        self.assertEqual(len(self.zoo.events("qu-tourism", "login")), 1)

    def test_a_forgotten_account_is_asked_for_again(self):
        browser = self.browser("liuyang")
        gone = browser.api("DELETE", "/api/v1/me/links/ln-edu")
        self.conforms("DELETE", "/api/v1/me/links/{system}", gone, 204)
        self.assertEqual(browser.get("/go/ln-edu").location, "/me/links?system=ln-edu")
        answer = browser.api("POST", "/api/v1/me/links/ln-edu/test")
        self.assertEqual(self.conforms("POST", "/api/v1/me/links/{system}/test", answer, 409)["code"], "not_linked")

    def test_own_sessions_can_be_seen_and_ended_but_not_those_of_others(self):
        one, two, other = self.browser("gaofeng"), self.browser("gaofeng"), self.browser("linyan")
        items = self.conforms("GET", "/api/v1/me/sessions", one.api("GET", "/api/v1/me/sessions"), 200)["items"]
        theirs = next(s["id"] for s in other.api("GET", "/api/v1/me/sessions").json()["items"] if s["current"])
        path = "/api/v1/me/sessions/{id}"
        self.conforms("DELETE", path, one.api("DELETE", f"/api/v1/me/sessions/{theirs}"), 404)
        self.assertEqual(other.me().status, 200)
        mine = next(s["id"] for s in two.api("GET", "/api/v1/me/sessions").json()["items"] if s["current"])
        self.assertIn(mine, [s["id"] for s in items])
        self.conforms("DELETE", path, one.api("DELETE", f"/api/v1/me/sessions/{mine}"), 204)
        self.assertEqual(two.me().status, 401)

    def test_an_administrator_ends_any_session_and_it_is_recorded(self):
        admin, victim = self.browser("anquanyuan"), self.browser("linyan")
        listed = self.conforms("GET", "/api/v1/admin/sessions", admin.api("GET", "/api/v1/admin/sessions?q=linyan&limit=100"), 200)
        ids = [s["id"] for s in listed["items"]]
        self.assertEqual({s["username"] for s in listed["items"]}, {"linyan"})
        for session in ids:
            answer = admin.api("DELETE", f"/api/v1/admin/sessions/{session}")
            self.conforms("DELETE", "/api/v1/admin/sessions/{id}", answer, 204)
        self.assertEqual(victim.me().status, 401)
        ended = [e for e in self.site.audit() if e["type"] == "session.ended" and e["subject"] == "linyan"]
        self.assertEqual(ended[-1]["actor"], "anquanyuan")

    def test_lists_take_odd_parameters_calmly(self):
        admin = self.browser("ligong")
        for path in ("/api/v1/admin/people", "/api/v1/admin/sessions"):
            for query in ("limit=1", "limit=0", "limit=-1", "limit=999999999999", "limit=x", "cursor=x", "cursor=-5", "cursor=99999",
                          "q=%27%20OR%201%3D1--", "q=%25", "q=" + "x" * 500, "q=%E7%8E%8B", "sort=name;drop", "limit=1&limit=2"):
                with self.subTest(path=path, query=query):
                    answer = admin.api("GET", f"{path}?{query}")
                    self.assertIn(answer.status, (200, 400, 422))
                    self.assertEqual(self.contract.complaints("GET", path, answer), [])
        page = admin.api("GET", "/api/v1/admin/people?limit=3").json()
        names, cursor = [p["username"] for p in page["items"]], page["next"]
        while cursor:
            page = admin.api("GET", f"/api/v1/admin/people?limit=3&cursor={cursor}").json()
            names += [p["username"] for p in page["items"]]
            cursor = page["next"]
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual(set(self.zoo.accounts), set(names))

    def test_a_file_without_its_header_line_is_a_bad_line_not_a_bad_request(self):
        admin = self.browser("ligong")
        for query in ("", "?dry_run=1"):
            answer = admin.api("POST", f"/api/v1/admin/people/import{query}", b"name,phone\r\nx,1\r\n")
            problem = self.conforms("POST", "/api/v1/admin/people/import", answer, 422)
            self.assertEqual((problem["code"], problem["fields"][0]["name"]), ("import_lines", "line 1"))

    def test_what_is_too_large_is_a_problem_for_scripts_and_a_page_for_people(self):
        person = self.browser("wangmin")
        answer = person.api("POST", "/api/v1/me/links/nat-salvation", {"fields": {"x": "y" * 70_000}})
        self.assertEqual((answer.status, answer.json()["code"]), (413, "too_large"))
        self.assertEqual(answer.header("Content-Type"), "application/problem+json")
        page = person.post(self.site.url + "/login", {"username": "x" * 300_000})
        self.assertEqual(page.status, 413)
        self.assertIn("太大", page.text)
        self.assertIn("text/html", page.header("Content-Type"))

    def test_import_dry_run_names_every_bad_line_and_writes_nothing(self):
        admin = self.browser("ligong")
        with open(f"{self.zoo.folder}/district/people.csv", "rb") as file:
            header = file.readline()
        before = admin.api("GET", "/api/v1/admin/people?limit=100").json()["count"]
        bad = header + b",,,,,\n" + b"x y,,,,,\n"
        answer = admin.api("POST", "/api/v1/admin/people/import?dry_run=1", bad)
        report = self.conforms("POST", "/api/v1/admin/people/import", answer, 200)
        self.assertTrue(report["dry_run"])
        self.assertGreaterEqual({b["line"] for b in report["bad"]}, {2, 3})
        answer = admin.api("POST", "/api/v1/admin/people/import", bad)
        self.assertEqual(self.conforms("POST", "/api/v1/admin/people/import", answer, 422)["code"], "import_lines")
        self.assertEqual(admin.api("GET", "/api/v1/admin/people?limit=100").json()["count"], before)

    def test_a_new_password_ends_other_sessions_and_the_old_one_opens_nothing(self):
        account = dict(self.account("zhengwen"))
        one, two = self.browser("zhengwen"), self.browser("zhengwen")
        path, fresh = "/api/v1/me/password", "Quite-new-2026-word"
        weak = one.api("PUT", path, {"current": account["password"], "next": "short"})
        self.assertEqual(self.conforms("PUT", path, weak, 422)["code"], "password_rule")
        wrong = one.api("PUT", path, {"current": "not-it", "next": fresh})
        self.assertEqual(self.conforms("PUT", path, wrong, 422)["code"], "bad_password")
        done = one.api("PUT", path, {"current": account["password"], "next": fresh})
        self.assertGreaterEqual(self.conforms("PUT", path, done, 200)["ended_sessions"], 1)
        self.assertEqual((one.me().status, two.me().status), (200, 401))
        self.assertEqual(self.browser().sign_in(account, expect=None).status, 401)
        self.assertEqual(self.browser().sign_in({**account, "password": fresh}).status, 303)

    def test_security_headers_stand_on_pages_and_api(self):
        browser = self.browser("wangmin")
        for path in ("/", "/api/v1/me", "/logout"):
            answer = browser.get(path, SCRIPT if path.startswith("/api") else None)
            self.assertEqual(answer.status, 200, answer)
            self.assertIn("max-age=", answer.header("Strict-Transport-Security"))
            self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
        policy = browser.get("/logout").header("Content-Security-Policy")
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotIn("unsafe-inline", policy)
