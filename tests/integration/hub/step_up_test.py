"""A second factor: set up, asked for where a rule wants it, good once, and never to be seen again."""
import base64
import hashlib
import hmac
import os
import sqlite3
import struct
import threading
import time
from urllib.parse import parse_qs, quote, urlsplit

from browser import SCRIPT
from support import HubTest

EXPORT = "/vms/export"
OWN = "/api/v1/me/second-factor"


def totp(secret, ahead=0):
    """The code an app shows, `ahead` steps from now (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", ""))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Phone:
    """Hands out each code once, going ahead of the clock within the hub's window instead of waiting."""

    def __init__(self, secret):
        self.secret, self.base, self.ahead = secret, int(time.time()) // 30, -1

    def code(self):
        self.ahead += 1
        return totp(self.secret, self.base + self.ahead - int(time.time()) // 30)


class StepUpTest(HubTest):
    config = "second_factor: {window: 10}"

    def enrol(self, browser):
        account = self.account(browser.username)
        setup = browser.api("POST", OWN + "/setup", {"password": account["password"]}).json()
        phone = Phone(setup["secret"])
        answer = browser.api("POST", OWN, {"setup": setup["setup"], "code": phone.code(), "name": "测试手机"})
        self.assertEqual(answer.status, 200, answer)
        return phone, answer.json()["recovery_codes"]

    def proved_away(self, username):
        """A person with a second factor, in a session that has not proved it."""
        browser = self.browser(username)
        if browser.api("GET", OWN).json()["enrolled"]:
            self.remove(username)
        phone, codes = self.enrol(browser)
        browser.sign_out()
        return self.browser(username), phone, codes

    def remove(self, username):
        database = sqlite3.connect(os.path.join(self.site.folder, "hub/yimen.db"), timeout=10)
        with database:
            person = database.execute("SELECT id FROM people WHERE username_key = ?", (username,)).fetchone()[0]
            for table, column in (("recovery_codes", "person"), ("second_factors", "person")):
                database.execute(f"DELETE FROM {table} WHERE {column} = ?", (person,))
            database.execute("DELETE FROM secrets WHERE person = ? AND system = 'yimen.totp'", (person,))
            database.execute("DELETE FROM locks")
        database.close()

    def submit(self, browser, page, code, **changes):
        fields = {"csrf": page.field("csrf"), "state": page.field("state"), "to": page.field("to"), "code": code}
        return browser.post("/step-up", {**fields, **changes})

    def export(self, browser, query=""):
        browser.enter("dl-video")
        return browser.follow(self.site.app("dl-video", EXPORT + query))

    def test_an_export_asks_for_a_code_and_goes_on_where_the_person_wanted(self):
        browser, phone, _ = self.proved_away("gaofeng")
        page = self.export(browser, "?cameras=1")
        self.assertEqual(urlsplit(page.url).path, "/step-up")
        self.assertIn("to=", page.url)
        done = self.submit(browser, page, phone.code())
        self.assertEqual((done.status, done.location), (303, "/go/dl-video?to=" + quote(EXPORT + "?cameras=1", safe="")))
        answer = browser.follow(done.location)
        self.assertEqual((answer.status, urlsplit(answer.url).path), (200, EXPORT))
        event = [e for e in self.site.audit() if e["type"] == "step_up.ok"][-1]
        self.assertEqual(event["actor"], "gaofeng")

    def test_a_code_works_once_in_one_session(self):
        browser, phone, _ = self.proved_away("gaofeng")
        other = self.browser("gaofeng")
        code = phone.code()
        page, again = self.export(browser), self.export(other)
        self.assertEqual(self.submit(browser, page, code).status, 303)
        refused = self.submit(other, again, code)
        self.assertEqual(refused.status, 401)
        self.assertIn("用过", refused.text)
        self.assertEqual(urlsplit(self.export(other).url).path, "/step-up")

    def test_many_tries_with_one_code_let_one_through(self):
        _, phone, _ = self.proved_away("gaofeng")
        code, passed = phone.code(), []
        browsers = [self.browser("gaofeng") for _ in range(3)]
        pages = [b.get("/step-up?to=%2Fme%2Fsessions") for b in browsers]
        threads = [threading.Thread(target=lambda b=b, p=p: passed.append(self.submit(b, p, code).status))
                   for b, p in zip(browsers, pages)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(passed)[0], 303, passed)
        self.assertEqual(passed.count(303), 1, passed)

    def test_two_tabs_end_where_each_began(self):
        browser, phone, _ = self.proved_away("gaofeng")
        browser.enter("dl-video")
        first = browser.follow(self.site.app("dl-video", EXPORT + "?tab=1"))
        second = browser.get("/step-up?to=%2Fme%2Fsessions")
        self.assertEqual(self.submit(browser, second, phone.code()).location, "/me/sessions")
        self.assertIn("tab%3D1", self.submit(browser, first, "000000").location, "proved in the other tab already")

    def test_a_tampered_form_or_a_foreign_target_is_refused(self):
        browser, phone, _ = self.proved_away("gaofeng")
        page = self.export(browser)
        code, state = phone.code(), page.field("state")
        for changes in ({"state": ""}, {"state": state[:-2] + "xx"}, {"state": "e30." + state.split(".")[1]},
                        {"csrf": "x" * 43}, {"csrf": ""}):
            with self.subTest(changes=changes):
                self.assertEqual(self.submit(browser, page, code, **changes).status, 403)
        theirs = self.browser("gaofeng").get("/step-up?to=%2F").field("state")
        self.assertEqual(self.submit(browser, page, code, state=theirs).status, 403)
        for evil in ("//evil.example", "https://evil.example/", "/\\evil.example", "https:evil.example"):
            self.assertEqual(browser.get("/step-up?to=" + quote(evil, safe="")).field("to"), "/")
        self.assertEqual(self.submit(browser, page, code).status, 303, "the code was not used up by what was refused")

    def test_a_script_is_told_the_level_and_the_address(self):
        browser, _, _ = self.proved_away("gaofeng")
        browser.enter("dl-video")
        answer = browser.get(self.site.app("dl-video", EXPORT), SCRIPT)
        self.assertEqual(answer.status, 403)
        body = answer.json()
        self.assertEqual((body["code"], body["acr_values"]), ("insufficient_user_authentication", "2"))
        self.assertTrue(body["step_up_url"].startswith(self.site.url + "/step-up?to=%2Fgo%2Fdl-video"))

    def test_who_has_none_is_led_to_the_set_up_and_others_are_denied(self):
        self.remove("gaofeng")
        page = self.export(self.browser("gaofeng"))
        self.assertIn("/me/security?next=%2Fstep-up", page.text)
        self.assertNotIn('name="code"', page.text)
        denied = self.export(self.browser("zhouzhuren"))
        self.assertEqual(denied.status, 403, "no code opens what the rules close")

    def test_wrong_codes_pause_this_place_and_not_the_browser_that_is_known(self):
        browser, phone, codes = self.proved_away("gaofeng")
        self.assertEqual(self.submit(browser, browser.get("/step-up?to=%2Fme%2Fsessions"), phone.code()).status, 303)
        stranger = self.browser("gaofeng")
        statuses = []
        for _ in range(8):
            statuses.append(stranger.api("POST", "/api/v1/me/step-up", {"code": "000000"}).status)
        self.assertIn(429, statuses, statuses)
        self.assertNotIn(200, statuses)
        known = browser.api("POST", "/api/v1/me/step-up", {"code": codes[0]})
        self.assertEqual(known.status, 200, known)

    def test_secrets_stand_in_their_one_answer_only(self):
        self.remove("gaofeng")
        browser = self.browser("gaofeng")
        account = self.account("gaofeng")
        self.assertEqual(browser.api("POST", OWN + "/setup", {"password": "wrong"}).json()["code"], "bad_password")
        setup = browser.api("POST", OWN + "/setup", {"password": account["password"]}).json()
        secret = setup["secret"].replace(" ", "")
        self.assertEqual(parse_qs(urlsplit(setup["uri"]).query)["secret"], [secret])
        phone = Phone(setup["secret"])
        code = phone.code()
        codes = browser.api("POST", OWN, {"setup": setup["setup"], "code": code, "name": "x"}).json()["recovery_codes"]
        after = browser.api("GET", OWN).text + browser.get("/step-up?to=%2F").text
        self.site.stop()
        seed = base64.b32decode(secret)
        places = {"log": self.site.log_text().encode(), "audit": str(self.site.audit()).encode(), "pages": after.encode()}
        for name in ("yimen.db", "yimen.db-wal", "access.log"):
            path = os.path.join(self.site.folder, "hub", name)
            if os.path.exists(path):
                with open(path, "rb") as file:
                    places[name] = file.read()
        self.site.start()
        for where, content in places.items():
            for needle in [secret.encode(), seed, setup["secret"].encode()] + [c.encode() for c in codes] + \
                          [c.replace("-", "").encode() for c in codes]:
                self.assertNotIn(needle, content, where)

    def test_a_level_and_a_used_code_outlive_a_kill(self):
        browser, phone, codes = self.proved_away("gaofeng")
        self.assertEqual(browser.api("POST", "/api/v1/me/step-up", {"code": codes[0]}).status, 200)
        self.site.kill()
        self.site.start()
        self.assertIsNotNone(browser.api("GET", OWN).json()["raised_until"])
        self.assertEqual(browser.api("POST", "/api/v1/me/step-up", {"code": codes[0]}).json()["code"], "bad_code")
        self.assertEqual(self.export(browser).status, 200)

    def test_a_reset_needs_the_role_and_a_code_of_ones_own(self):
        victim, _, _ = self.proved_away("gaofeng")
        self.remove("anquanyuan")
        admin = self.browser("anquanyuan")
        call = "/api/v1/admin/people/gaofeng/second-factor"
        self.assertEqual(self.browser("ligong").api("DELETE", call).json()["code"], "forbidden")
        asked = admin.api("DELETE", call).json()
        self.assertEqual((asked["code"], asked["acr_values"], asked["max_age"]),
                         ("insufficient_user_authentication", "2", 300))
        self.enrol(admin)
        self.assertEqual(admin.api("DELETE", call).status, 204, "setting it up proves it too")
        self.assertEqual(victim.me().status, 401, "the sessions of the person have ended")
        event = [e for e in self.site.audit() if e["type"] == "second_factor.reset"][-1]
        self.assertEqual((event["actor"], event["subject"]), ("anquanyuan", "gaofeng"))
        self.assertFalse(self.browser("gaofeng").api("GET", OWN).json()["enrolled"])
