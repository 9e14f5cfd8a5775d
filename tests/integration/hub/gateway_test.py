"""Ten systems behind the gateway, judged by the simulators' own records."""
import csv
import http.client
import re
import threading
from urllib.parse import quote

from browser import PAGE, SCRIPT, Browser, connect
from support import SYSTEMS, HubTest

HOMES = {"dl-8890": "/ms8890/main.jsp", "dl-video": "/vms/index.html", "ln-edu": "/Default.aspx", "ln-emergency": "/emg/",
         "ln-forestfire": "/fire/", "nat-salvation": "/dbgl/index.jsp", "qu-grid": "/grid/api/me",
         "qu-integrity": "/lz/", "qu-oa": "/oa/main.nsf?Open", "qu-tourism": "/wl/"}
APP = "__Host-yimen-app"
FRAME = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}


def links_of(zoo, username):
    """What the district knows about a person's accounts: {system: {field: value}}."""
    found = {}
    with open(f"{zoo.folder}/district/links.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["username"] == username:
                found.setdefault(row["system"], {})[row["field"]] = row["value"]
    return found


def at_once(jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class GatewayTest(HubTest):
    def enter_only(self, browser, system):
        """The app cookie of a system, without touching the system."""
        answer = browser.get(f"/go/{system}")
        self.assertEqual(answer.status, 303, answer)
        entered = browser.get(answer.location)
        self.assertEqual(entered.status, 303, entered)
        self.assertIsNotNone(browser.cookie(f"{system}.yimen.localhost", APP))
        return entered

    def logins(self, system):
        return len(self.zoo.events(system, "login"))

    def test_one_sign_in_opens_ten_systems_in_correct_chinese(self):
        browser = self.browser("wangmin")
        for system in SYSTEMS:
            with self.subTest(system=system):
                first = browser.enter(system)
                self.assertEqual(first.status, 200, first)
                page = browser.get(self.site.app(system, HOMES[system]))
                self.assertEqual(page.status, 200, page)
                self.assertIn("王敏", page.text)
                origin = self.zoo.systems[system]["origin"].encode()
                self.assertNotIn(origin, first.body + page.body)
                people = {e["person"] for e in self.zoo.events(system, "request") if e["person"]}
                self.assertEqual(people, {"王敏"})
                self.assertEqual(self.zoo.events(system, "refused", "login_failed", "locked"), [])

    def test_no_cookie_of_a_system_reaches_the_browser_and_none_of_the_browsers_a_system(self):
        browser = self.browser("wangmin")
        for system in SYSTEMS:
            with self.subTest(system=system):
                browser.enter(system)
                host = f"{system}.yimen.localhost"
                self.assertEqual(set(browser.jar[host]), {APP})
                secret = browser.cookie("yimen.localhost", "__Host-yimen")
                answer = browser.get(self.site.app(system, HOMES[system]), {
                    **PAGE, "Cookie": f"__Host-yimen={secret}; evil=1; sessionid=stolen; JSESSIONID=x",
                    "Authorization": "Basic d2FuZ21pbjp4", "Proxy-Authorization": "Basic eDp4"})
                self.assertEqual(answer.status, 200, answer)
                self.assertIn("王敏", answer.text)
                self.assertEqual(answer.headers("Set-Cookie"), [])
                self.assertEqual(answer.headers("WWW-Authenticate"), [])
                self.assertEqual(self.zoo.events(system, "refused"), [])

    def test_forged_identity_fields_reach_no_system(self):
        browser = self.browser("wangmin")
        browser.enter("qu-integrity")
        host = "qu-integrity.yimen.localhost"
        cookie = f"{APP}={browser.cookie(host, APP)}"
        word = "=?UTF-8?B?eA0KWC1SZW1vdGUtVXNlcjogcm9vdA==?="
        names = ["X-Remote-User", "x-remote-user", "X-REMOTE-USER", "X_Remote_User", "x_remote_user", "X-Remote_User",
                 "X_REMOTE-USER", "X-Remote-Org", "X-Remote-Time", "X-Remote-Sig", "X-Remote-Role", "x_remote_role",
                 "X-Remote-Groups", "Remote-User", "Remote_User", "X-Forwarded-User", "X_Forwarded_User", "X-User",
                 "X-Auth-Request-User", "X-WebAuth-User", "X-Authenticated-User", "X-Forwarded-For", "Forwarded",
                 "X-Real-IP", "X-Client-Cert", "X-SSL-Client-DN", "X-Original-URL", "X-Rewrite-URL", "X-Yimen-Person"]
        lines = [[f"{name}: root"] for name in names]
        lines += [["Connection: X-Remote-User, close", "X-Remote-User: root"], ["Connection: close, X-Remote-Sig"],
                  ["X-A: " + word], [word + ": root"], ["X-Remote-User: root", "X-Remote-User: lz_wangmin"],
                  ["X-Remote-User : root"], ["X-Remote-User\t: root"], [" X-Remote-User: root"],
                  ["X-A: 1", "\tX-Remote-User: root"], ["X-A: 1\nX-Remote-User: root"], ["X-A: 1\rX-Remote-User: root"],
                  ["X-Remote-User\0: root"], ["Trailer: X-Remote-User"]]
        served = 0
        for forged in lines:
            with self.subTest(forged=forged):
                mark = self.zoo.mark("qu-integrity")
                head = ["GET /lz/ HTTP/1.1", f"Host: {host}:{self.site.port}", f"Cookie: {cookie}", "Accept: text/html",
                        *forged]
                with connect(self.site, host) as link:
                    link.sendall(("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))
                    answer = http.client.HTTPResponse(link)
                    answer.begin()
                    body = answer.read().decode("utf-8", "replace")
                events = self.zoo.events("qu-integrity", since=mark)
                self.assertEqual([e for e in events if e["event"] == "refused"], [])
                if answer.status == 400:
                    self.assertEqual(events, [])
                    continue
                served += 1
                self.assertEqual(answer.status, 200)
                self.assertIn("王敏", body)
                fields = [h for e in events for h in e["headers"]]
                self.assertEqual([h for h in fields if h.lower().startswith("x-remote-user")],
                                 ["X-Remote-User: lz_wangmin"])
                self.assertEqual([h for h in fields if "root" in h or "_" in h.split(":")[0]], [])
        self.assertGreater(served, 20)
        forged = [e for e in self.site.audit() if e["type"] == "gateway.forged_identity"]
        self.assertGreater(len(forged), 10)
        self.assertEqual({e["actor"] for e in forged}, {"wangmin"})

    def test_addresses_of_the_system_become_addresses_of_its_host(self):
        browser = self.browser("wangmin")
        browser.enter("ln-forestfire")
        moved = browser.get(self.site.app("ln-forestfire", "/fire"))
        self.assertEqual((moved.status, moved.location), (301, self.site.app("ln-forestfire", "/fire/")))
        browser.enter("qu-oa")
        moved = browser.get(self.site.app("qu-oa", "/oa/"))
        self.assertEqual((moved.status, moved.location), (302, self.site.app("qu-oa", "/oa/main.nsf?Open")))
        browser.enter("dl-8890")
        page = browser.get(self.site.app("dl-8890", "/ms8890/gd/search.jsp?key=" + quote("停车".encode("gbk"))))
        self.assertIn("停车", page.body.decode("gb18030"))
        self.assertIn("no-store", page.header("Cache-Control"))

    def test_pages_scripts_and_frames_without_a_session_get_what_they_can_use(self):
        nobody = self.browser()
        url = self.site.app("qu-oa", "/oa/main.nsf?Open")
        page = nobody.get(url)
        self.assertEqual(page.status, 303)
        self.assertEqual(page.location, self.site.url + "/go/qu-oa?to=%2Foa%2Fmain.nsf%3FOpen")
        for headers in (SCRIPT, {"X-Requested-With": "XMLHttpRequest", "Accept": "text/html"}, {"Accept": "application/json"},
                        {"Accept": "*/*"}, {}):
            answer = nobody.get(url, headers)
            self.assertEqual(answer.status, 401, headers)
            self.assertEqual(answer.json()["code"], "signed_out")
            self.assertEqual(answer.json()["login_url"], page.location)
            self.assertEqual(answer.header("Content-Type"), "application/problem+json")
        frame = nobody.get(url, FRAME)
        self.assertEqual(frame.status, 401)
        self.assertIn('target="_top"', frame.text)
        self.assertEqual(self.zoo.events("qu-oa"), [])

    def test_closed_paths_reach_no_system_however_they_are_written(self):
        browser = self.browser("wangmin")
        for system, path in (("dl-video", "/artemis/api/resource/v1/cameras"), ("qu-grid", "/grid/auth/login")):
            browser.enter(system)
            mark = self.zoo.mark(system)
            first, rest = path[1:].split("/", 1)
            spellings = [path, f"/%{ord(path[1]):02x}{path[2:]}", "/" + path, f"/x/..{path}", f"/{first}//{rest}", f"/./{path[1:]}",
                         f"/{first}/%2e/{rest}", f"/x/%2e%2e{path}", f"/x/..;{path}", f"/x/..;a=b{path}",
                         path.replace("/", "%2f"), path.replace("/", "\\"), "/%252e%252e" + path, f"/{first}%2f{rest}",
                         f"/{first}/..%2f{first}/{rest}", f"/{first};a/{rest}", f"{path}/", path + "%00", f"/{first}%5c{rest}",
                         f"/x/%c0%ae%c0%ae{path}", path.upper(), f"/{first}%20/{rest}"]
            for spelling in spellings:
                with self.subTest(path=spelling):
                    answer = self.raw_get(browser, system, spelling)
                    reached = [e for e in self.zoo.events(system, "request", since=mark)
                               if re.search("artemis|auth", e["path"], re.I) and e["status"] not in (404,)]
                    self.assertIn(answer, (400, 403, 404), spelling)
                    self.assertEqual(reached, [])

    def raw_get(self, browser, system, target):
        host = f"{system}.yimen.localhost"
        with connect(self.site, host) as link:
            link.sendall((f"GET {target} HTTP/1.1\r\nHost: {host}:{self.site.port}\r\nAccept: application/json\r\n"
                          f"Cookie: {APP}={browser.cookie(host, APP)}\r\nConnection: close\r\n\r\n").encode("latin-1"))
            answer = http.client.HTTPResponse(link)
            answer.begin()
            answer.read()
            return answer.status

    def test_an_expired_session_is_renewed_once_and_reading_repeated(self):
        browser = self.browser("wangmin")
        for system in ("qu-tourism", "dl-8890", "nat-salvation", "ln-edu", "dl-video", "qu-grid", "qu-oa"):
            with self.subTest(system=system):
                browser.enter(system)
                before = self.logins(system)
                self.zoo.expire(system)
                page = browser.get(self.site.app(system, HOMES[system]))
                self.assertEqual(page.status, 200, page)
                self.assertIn("王敏", page.text)
                self.assertLessEqual(self.logins(system) - before, 1)
                self.assertEqual(self.zoo.events(system, "login_failed", "locked"), [])

    def test_writing_is_never_sent_twice(self):
        browser = self.browser("wangmin")
        browser.enter("qu-tourism")
        form = browser.get(self.site.app("qu-tourism", "/wl/feedback/"))
        token = form.field("csrfmiddlewaretoken")
        self.zoo.expire("qu-tourism")
        mark = self.zoo.mark("qu-tourism")
        url = self.site.app("qu-tourism", "/wl/feedback/")
        fields = {"csrfmiddlewaretoken": token, "title": "停车", "content": "无处停车"}
        headers = {"Origin": self.site.app("qu-tourism"), "Referer": url}
        answer = browser.post(url, fields, {**headers, **SCRIPT})
        self.assertEqual(answer.status, 409, answer)
        self.assertEqual(answer.json()["code"], "not_repeated")
        sent = [e for e in self.zoo.events("qu-tourism", "request", since=mark)
                if e["method"] == "POST" and e["path"] == "/wl/feedback/"]
        self.assertEqual(len(sent), 1)
        again = browser.get(url)
        done = browser.post(url, {**fields, "csrfmiddlewaretoken": again.field("csrfmiddlewaretoken")}, headers)
        self.assertEqual((done.status, done.location), (302, self.site.app("qu-tourism", "/wl/feedback/1/")))

    def test_fifty_first_requests_are_one_sign_on(self):
        for system in ("qu-tourism", "nat-salvation", "qu-grid"):
            with self.subTest(system=system):
                browser = self.browser("wangmin")
                self.zoo.reset()
                self.enter_only(browser, system)
                tabs = [browser.twin() for _ in range(50)]
                answers = []
                at_once([lambda t=t: answers.append(t.get(self.site.app(system, HOMES[system]))) for t in tabs])
                self.assertEqual({a.status for a in answers}, {200})
                self.assertEqual(len(answers), 50)
                self.assertEqual(self.logins(system), 1)
                for tab in tabs:
                    tab.close()
                browser.sign_out()

    def test_a_refused_account_is_tried_once_and_then_asked_for(self):
        account = links_of(self.zoo, "wangmin")["nat-salvation"]
        self.zoo.set_password("nat-salvation", account["username"], "Changed-by-them-1")
        browser = self.browser("wangmin")
        self.enter_only(browser, "nat-salvation")
        url = self.site.app("nat-salvation", HOMES["nat-salvation"])
        tabs = [browser.twin() for _ in range(10)]
        answers = []
        at_once([lambda t=t: answers.append(t.get(url)) for t in tabs])
        for tab in tabs:
            tab.close()
        answers += [browser.get(url) for _ in range(3)]
        self.assertEqual({a.location for a in answers}, {self.site.url + "/me/links?system=nat-salvation"})
        self.assertEqual(browser.get("/go/nat-salvation").location, "/me/links?system=nat-salvation")
        self.assertEqual(browser.get(url, SCRIPT).json()["code"], "link_broken")
        self.assertEqual(len(self.zoo.events("nat-salvation", "login_failed")), 1)

        wrong = browser.api("POST", "/api/v1/me/links/nat-salvation", {"fields": {**account, "password": "wrong-again"}})
        self.assertEqual((wrong.status, wrong.json()["code"]), (422, "bad_password"))
        right = browser.api("POST", "/api/v1/me/links/nat-salvation",
                            {"fields": {**account, "password": "Changed-by-them-1"}})
        self.assertEqual((right.status, right.json()["state"]), (200, "linked"))
        self.assertEqual(len(self.zoo.events("nat-salvation", "login_failed")), 2)
        self.assertIn("王敏", browser.enter("nat-salvation").text)
        self.zoo.reset()
        back = browser.api("POST", "/api/v1/me/links/nat-salvation", {"fields": account})
        self.assertEqual(back.status, 200)

    def test_an_entry_code_works_once_and_for_its_system_only(self):
        browser = self.browser("wangmin")
        url = browser.get("/go/qu-oa").location
        strangers = [Browser(self.site) for _ in range(20)]
        for stranger in strangers:
            stranger.get(self.site.app("qu-oa", "/.yimen/none"))
        won = []
        at_once([lambda s=s: won.append(bool(s.get(url) and s.cookie("qu-oa.yimen.localhost", APP))) for s in strangers])
        self.assertEqual(won.count(True), 1)
        other = browser.get("/go/qu-oa").location.replace("qu-oa.", "qu-grid.")
        thief = self.browser()
        self.assertTrue(thief.get(other).location.startswith(self.site.url + "/go/qu-grid"))
        self.assertIsNone(thief.cookie("qu-grid.yimen.localhost", APP))
        for stranger in strangers:
            stranger.close()
        with open(f"{self.site.folder}/hub/access.log", encoding="utf-8") as log:
            self.assertNotIn("code=", log.read())

    def test_a_code_of_an_ended_session_is_worth_nothing(self):
        browser = self.browser("linyan")
        url = browser.get("/go/qu-oa").location
        browser.sign_out()
        late = self.browser()
        late.get(url)
        self.assertIsNone(late.cookie("qu-oa.yimen.localhost", APP))

    def test_entering_leads_nowhere_else(self):
        browser = self.browser("wangmin")
        for to in ("//evil.example", "https://evil.example/", "/\\evil.example", "/.yimen/enter", "/a/../../x", "/%2e%2e/x"):
            with self.subTest(to=to):
                url = browser.get("/go/qu-oa").location.split("&to=")[0]
                entered = browser.get(f"{url}&to={quote(to, safe='')}")
                self.assertRegex(entered.location, r"\A/[^/\\]")
                self.assertNotIn(".yimen", entered.location)

    def test_cookies_of_one_host_are_refused_on_every_other(self):
        browser = self.browser("wangmin")
        self.enter_only(browser, "qu-oa")
        app = browser.cookie("qu-oa.yimen.localhost", APP)
        hub = browser.cookie("yimen.localhost", "__Host-yimen")
        thief = self.browser()
        for value in (app, hub):
            thief.jar = {"qu-grid.yimen.localhost": {APP: value}}
            self.assertEqual(thief.get(self.site.app("qu-grid", "/grid/api/me"), SCRIPT).status, 401)
        thief.jar = {"yimen.localhost": {"__Host-yimen": app}}
        self.assertEqual(thief.me().status, 401)
        thief.jar = {}
        twice = thief.get(self.site.app("qu-oa", "/oa/"), {**SCRIPT, "Cookie": f"{APP}={app}; {APP}={app}"})
        self.assertEqual(twice.status, 401)

    def test_a_host_name_nobody_has_is_misdirected(self):
        answer = self.browser().get(f"https://nobody.yimen.localhost:{self.site.port}/")
        self.assertEqual(answer.status, 421)

    def test_signing_out_ends_every_system_session(self):
        browser = self.browser("wangmin")
        for system in SYSTEMS:
            self.assertEqual(browser.enter(system).status, 200, system)
        kept = {host: dict(cookies) for host, cookies in browser.jar.items()}
        done = browser.sign_out()
        self.assertEqual(done.status, 200)
        for system in ("qu-tourism", "dl-8890", "nat-salvation", "ln-edu", "ln-forestfire", "dl-video", "qu-grid"):
            with self.subTest(system=system):
                self.assertEqual(self.zoo.sessions(system), [])
        browser.jar = kept
        for system in SYSTEMS:
            self.assertEqual(browser.get(self.site.app(system, HOMES[system]), SCRIPT).status, 401, system)
        line = [e for e in self.site.audit() if e["type"] == "logout"][-1]
        self.assertEqual(len([f for f in line["fields"] if f.startswith("system.")]), 10)

    def test_who_may_only_read_is_told_so_with_the_rule(self):
        browser = self.browser("sunyue")
        self.assertEqual(browser.enter("nat-salvation").status, 200)
        mark = self.zoo.mark("nat-salvation")
        sent = browser.post(self.site.app("nat-salvation", "/dbgl/rhdc.jsp"), {"dcyj": "x"})
        self.assertEqual(sent.status, 303)
        self.assertIn("kind=read_only", sent.location)
        page = browser.get(sent.location)
        self.assertEqual(page.status, 403)
        for words in ("salvation-for-data", "只读", "POST"):
            self.assertIn(words, page.text)
        script = browser.post(self.site.app("nat-salvation", "/dbgl/rhdc.jsp"), {"dcyj": "x"}, SCRIPT)
        self.assertEqual((script.status, script.json()["code"]), (403, "read_only"))
        asked = self.zoo.events("nat-salvation", "request", since=mark)
        self.assertEqual([e for e in asked if e["method"] == "POST"], [])

    def test_a_system_used_on_another_device_is_kept_and_the_page_says_so(self):
        here, there = self.browser("wangmin"), self.browser("wangmin")
        for browser in (here, there):
            self.assertEqual(browser.enter("qu-tourism").status, 200)
        done = here.sign_out()
        self.assertIn("保留", done.text)
        self.assertEqual(len(self.zoo.sessions("qu-tourism")), 1)
        line = [e for e in self.site.audit() if e["type"] == "logout"][-1]
        self.assertIn("kept", str(line["fields"]))
        self.assertIn("王敏", there.get(self.site.app("qu-tourism", HOMES["qu-tourism"])).text)
        self.assertNotIn("保留", there.sign_out().text)
        self.assertEqual(self.zoo.sessions("qu-tourism"), [])

    def test_who_may_not_enter_is_told_why_and_the_system_is_not_asked(self):
        browser = self.browser("zhengwen")
        answer = browser.get("/go/nat-salvation")
        self.assertEqual(answer.status, 403)
        self.assertEqual(self.zoo.events("nat-salvation"), [])
        why = browser.api("GET", "/api/v1/me/access/nat-salvation").json()
        self.assertEqual((why["allowed"], bool(why["change"])), (False, True))
