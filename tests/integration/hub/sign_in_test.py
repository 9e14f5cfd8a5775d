"""Signing in and out through the form and through JSON, as browsers and as attackers do it."""
import sqlite3
import threading
import time
from urllib.parse import urlencode

from browser import PAGE, Browser
from support import HubTest

COOKIE = "__Host-yimen"
HUB = "yimen.localhost"

ELSEWHERE = ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
             "https:///evil.example", "/\t/evil.example", "\t//evil.example", "/%09/evil.example\n", "javascript:alert(1)",
             "JaVaScRiPt:alert(1)", "data:text/html,x", "https://yimen.localhost@evil.example/",
             "https://yimen.localhost.evil.example/", "https://evil.example\\@yimen.localhost/", "http://yimen.localhost/",
             "https://yimen.localhost:1/", "https://nobody.yimen.localhost/", "//yimen.localhost@evil.example", "///evil.example",
             "https://evil.example#@yimen.localhost", " https://evil.example", "x://y", "evil.example", "\r\nSet-Cookie: a=b"]


class SignInTest(HubTest):
    def submit(self, browser, **changes):
        page = browser.get("/login")
        account = self.account("wangmin")
        fields = {"csrf": page.field("csrf"), "to": page.field("to"), "username": account["username"],
                  "password": account["password"]}
        headers = changes.pop("headers", None)
        return browser.post("/login", {**fields, **changes}, headers)

    def test_the_form_opens_a_session_with_a_host_cookie(self):
        browser = self.browser()
        answer = browser.sign_in(self.account("wangmin"))
        line = next(c for c in answer.headers("Set-Cookie") if c.startswith(COOKIE + "="))
        for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
            self.assertIn(attribute, line)
        self.assertNotIn("Domain", line)
        me = browser.me().json()
        self.assertEqual((me["username"], me["name"]), ("wangmin", "王敏"))

    def test_without_a_session_every_page_leads_to_login_and_back(self):
        browser = self.browser()
        answer = browser.get("/go/qu-oa?to=%2Foa%2Fmain.nsf")
        self.assertEqual(answer.status, 303)
        self.assertTrue(answer.location.startswith("/login?to=%2Fgo%2Fqu-oa"), answer.location)
        done = browser.sign_in(self.account("wangmin"), to="/go/qu-oa?to=%2Foa%2Fmain.nsf")
        self.assertEqual(done.location, "/go/qu-oa?to=%2Foa%2Fmain.nsf")

    def test_wrong_password_and_unknown_account_get_the_same_page(self):
        pages = []
        for name in ("chenjing", "nobody-of-this-name"):
            answer = self.submit(self.browser(), username=name, password="wrong-password-1")
            self.assertEqual(answer.status, 401)
            self.assertIsNone(next((c for c in answer.headers("Set-Cookie") if c.startswith(COOKIE + "=")), None))
            text = answer.text.replace(name, "NAME").replace(answer.field("csrf"), "TOKEN")
            pages.append(text)
        self.assertEqual(*pages)

    def test_a_typed_password_stands_nowhere_in_page_log_or_audit(self):
        secret = "Zq7-never-to-be-seen"
        answer = self.submit(self.browser(), username="liuyang", password=secret)
        self.submit(self.browser(), username=secret, password="x")
        self.assertNotIn(secret, answer.text)
        self.assertNotIn(secret, self.site.log_text())
        self.assertNotIn(secret, str(self.site.audit()))

    def test_a_form_without_its_token_or_from_elsewhere_is_refused(self):
        for changes in ({"csrf": ""}, {"csrf": "x" * 40}, {"headers": {"Origin": "https://evil.example"}},
                        {"headers": {"Origin": self.site.url + ".evil.example"}}, {"headers": {"Origin": "null"}},
                        {"headers": {"Origin": self.site.app("qu-oa")}},
                        {"headers": {"Sec-Fetch-Site": "cross-site"}}, {"headers": {"Sec-Fetch-Site": "same-site"}},
                        {"headers": {"Origin": f"http://yimen.localhost:{self.site.port}"}}):
            with self.subTest(changes=changes):
                browser = self.browser()
                self.assertEqual(self.submit(browser, **changes).status, 403)
                self.assertEqual(browser.me().status, 401)

    def test_the_token_of_another_browser_is_refused(self):
        theirs = self.browser().get("/login").field("csrf")
        browser = self.browser()
        self.assertEqual(self.submit(browser, csrf=theirs).status, 403)

    def test_nobody_is_sent_to_another_site(self):
        for target in ELSEWHERE:
            with self.subTest(to=target):
                browser = self.browser()
                page = browser.get("/login?" + urlencode({"to": target}))
                self.assertEqual(page.status, 200)
                self.assertEqual(page.field("to"), "/")
                # The hidden field may be changed by hand: only the sealed destination counts.
                done = self.submit(browser, to=target)
                self.assertEqual((done.status, done.location), (303, "/"))
                again = browser.get("/login?" + urlencode({"to": target}))
                self.assertEqual((again.status, again.location), (303, "/"))

    def test_a_session_planted_before_signing_in_is_not_adopted(self):
        attacker = self.browser("zhengwen")
        victim = self.browser()
        victim.jar[HUB] = {COOKIE: attacker.cookie(HUB, COOKIE)}
        victim.post("/logout", {})  # nothing of it matters; the form is posted with the planted cookie
        page = self.browser().get("/login")
        victim.jar[HUB]["__Host-yimen-login"] = "planted"
        answer = victim.post("/login", {"csrf": page.field("csrf"), **{k: self.account("wangmin")[k]
                                                                      for k in ("username", "password")}})
        self.assertEqual(answer.status, 403)
        before = self.browser()
        before.sign_in(self.account("wangmin"))
        first = before.cookie(HUB, COOKIE)
        del before.jar[HUB][COOKIE]
        before.sign_in(self.account("wangmin"))
        self.assertNotEqual(first, before.cookie(HUB, COOKIE))
        self.assertEqual(attacker.me().json()["username"], "zhengwen")

    def test_two_tabs_end_where_each_began(self):
        browser = self.browser()
        targets = ["/go/qu-oa", "/me/sessions"]
        forms = [browser.get("/login?" + urlencode({"to": t})) for t in targets]
        for form, target in reversed(list(zip(forms, targets))):
            fields = {"csrf": form.field("csrf"), "username": "wangmin", "password": self.account("wangmin")["password"]}
            self.assertEqual(browser.post("/login", fields).location, target)

    def test_sign_out_needs_its_token_and_ends_the_session_at_once(self):
        browser = self.browser("wangmin")
        kept = browser.cookie(HUB, COOKIE)
        browser.post("/logout", {"csrf": "x"})
        self.assertEqual(browser.me().status, 200)
        done = browser.sign_out()
        self.assertEqual(done.status, 200)
        self.assertIsNone(browser.cookie(HUB, COOKIE))
        browser.jar[HUB] = {COOKIE: kept}
        self.assertEqual(browser.me().status, 401)
        self.assertTrue(browser.get("/me/sessions").location.startswith("/login"))

    def test_a_session_ended_elsewhere_is_over_within_a_second(self):
        one, two = self.browser("linyan"), self.browser("linyan")
        listed = one.api("GET", "/api/v1/me/sessions").json()["items"]
        self.assertEqual([s["current"] for s in listed].count(True), 1)
        self.assertGreaterEqual(len(listed), 2)
        self.assertGreaterEqual(one.api("DELETE", "/api/v1/me/sessions").json()["ended"], 1)
        end = time.monotonic() + 1.0
        while two.me().status == 200 and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual(two.me().status, 401)
        self.assertEqual(one.me().status, 200)

    def test_damaged_and_foreign_cookies_are_no_session(self):
        good = self.browser("wangmin").cookie(HUB, COOKIE)
        flipped = good[:-6] + ("A" if good[-6] != "A" else "B") + good[-5:]
        for value in (flipped, good[:-1], good + "A", good + "=", "", "A" * 4000, "%00", '"' + good + '"'):
            with self.subTest(value=value[:20]):
                browser = self.browser()
                browser.jar[HUB] = {COOKIE: value}
                self.assertEqual(browser.me().status, 401)
        browser = self.browser()
        self.assertEqual(browser.get("/api/v1/me", {"Cookie": f"{COOKIE}={good}; {COOKIE}=x"}).status, 401)
        self.assertEqual(browser.get("/api/v1/me", {"Cookie": f"yimen={good}"}).status, 401)

    def test_an_idle_session_is_over(self):
        browser = self.browser("gaofeng")
        self.assertEqual(browser.me().status, 200)
        self.assertEqual(self.site.stop(), 0)
        # The clock cannot be turned from outside, so the time of the last use (microseconds) is put back two hours.
        database = sqlite3.connect(self.site.folder + "/hub/yimen.db")
        database.execute("UPDATE sessions SET last_seen_at = last_seen_at - 7200000000")
        database.commit()
        database.close()
        self.site.start()
        self.opened.append(browser.twin())
        self.assertEqual(self.opened[-1].me().status, 401)

    def test_many_wrong_passwords_slow_one_source_and_lock_nobody_else_out(self):
        known = self.browser("sunyue")  # has the device cookie of a good sign-in
        known.sign_out()
        stranger = self.browser()
        seen = [self.submit(stranger, username="sunyue", password=f"wrong-{i}").status for i in range(9)]
        self.assertIn(seen[-1], (423, 429), seen)
        self.assertTrue(self.submit(stranger, username="sunyue", password="wrong").header("Retry-After").isdigit())
        self.assertEqual(known.sign_in(self.account("sunyue")).status, 303)

    def test_parallel_guesses_do_not_get_round_the_limit(self):
        forms = [self.browser() for _ in range(30)]
        statuses = []

        def guess(browser, i):
            statuses.append(self.submit(browser, username="maqiang", password=f"guess-{i}-Aa1").status)

        threads = [threading.Thread(target=guess, args=(b, i)) for i, b in enumerate(forms)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLessEqual(statuses.count(401), 6, statuses)
        self.assertEqual(len(statuses), 30)

    def test_json_sign_in_needs_origin_and_type(self):
        account = {k: self.account("wangmin")[k] for k in ("username", "password")}
        browser = self.browser()
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(browser.api("POST", "/api/v1/session", account, headers, csrf=False).status, 403)
        wrong = browser.api("POST", "/api/v1/session", {**account, "password": "no"}, csrf=False)
        self.assertEqual((wrong.status, wrong.json()["code"]), (401, "bad_credentials"))
        form = browser.request("POST", "/api/v1/session", {**PAGE, "Origin": self.site.url, "Content-Type": "text/plain"},
                               b'{"username":"wangmin","password":"x"}')
        self.assertIn(form.status, (400, 403, 415, 422))
        done = browser.api("POST", "/api/v1/session", account, csrf=False)
        self.assertEqual((done.status, done.json()["username"]), (200, "wangmin"))
        self.assertEqual(browser.me().status, 200)

    def test_login_is_audited_before_it_is_answered(self):
        browser = self.browser()
        for _ in range(5):
            browser = Browser(self.site)
            browser.sign_in(self.account("wangmin"))
            mine = next(s["id"] for s in browser.api("GET", "/api/v1/me/sessions").json()["items"] if s["current"])
            lines = [e for e in self.site.audit() if e["fields"].get("session") == mine]
            self.assertTrue(lines and lines[0]["actor"] == "wangmin", lines)
            browser.close()
