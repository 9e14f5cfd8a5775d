"""kill -9 at random moments under load: what was answered is on disk, and the hub is back at once.

YIMEN_KILLS=200 for the whole; 25 by default. The seed is printed and may be given as YIMEN_SEED."""
import os
import random
import statistics
import threading
import time

from browser import Browser, patience, until
from support import HubTest, show

KILLS = int(os.environ.get("YIMEN_KILLS", "25"))
SEED = int(os.environ.get("YIMEN_SEED", str(random.SystemRandom().randrange(10 ** 9))))
WORKERS = ["wangmin", "sunyue", "chenjing", "linyan"]


class Worker(threading.Thread):
    """Signs in, uses a system, signs out, and remembers what was answered."""

    def __init__(self, site, account, seed):
        super().__init__(daemon=True)
        self.site, self.account, self.random = site, account, random.Random(seed)
        self.halt = False
        self.sessions = []  # ids whose sign-in was answered
        self.ended = []     # ids whose sign-out was answered
        self.live = []      # browsers signed in, not signed out
        self.unknown = set()  # ids whose sign-out was asked for and not answered
        self.requests = 0

    def run(self):
        while not self.halt:
            try:
                self.round()
            except Exception:  # noqa: BLE001 - the hub dies under us: that is the test
                time.sleep(0.01)

    def round(self):
        browser = Browser(self.site)
        try:
            self.use(browser)
        finally:
            if browser not in self.live:
                browser.close()

    def use(self, browser):
        browser.sign_in(self.account)
        items = browser.api("GET", "/api/v1/me/sessions").json()["items"]
        browser.session = next(s["id"] for s in items if s["current"])
        self.sessions.append(browser.session)
        self.live.append(browser)
        for _ in range(self.random.randrange(3)):
            browser.enter("qu-oa")
            self.requests += 1
        if self.random.random() < 0.6:
            self.live.remove(browser)
            self.unknown.add(browser.session)
            if browser.sign_out().status == 200:
                self.unknown.discard(browser.session)
                self.ended.append(browser.session)


class KillTest(HubTest):
    config = "sessions: {max_per_person: 1000}\nthrottle: {network_failures: 100000}\n"

    def test_every_answered_line_is_kept_and_the_hub_is_back_at_once(self):
        show(f"seed {SEED}, {KILLS} kills")
        chance = random.Random(SEED)
        ready, sessions, ended, answered = [], 0, 0, 0
        for round_ in range(KILLS):
            workers = [Worker(self.site, self.account(n), chance.random()) for n in WORKERS]
            for worker in workers:
                worker.start()
            until(lambda: any(w.sessions for w in workers))
            time.sleep(chance.uniform(0.0, 0.35))
            self.site.kill()
            for worker in workers:
                worker.halt = True
            ready.append(self.site.start())
            for worker in workers:
                worker.join(patience(30))
            self.check(round_, workers)
            sessions += sum(len(w.sessions) for w in workers)
            ended += sum(len(w.ended) for w in workers)
            answered += sum(w.requests for w in workers)
        self.assertEqual(self.site.stop(), 0)
        self.assertTrue(self.site.command("audit", "verify").startswith("ok"))
        ready.sort()
        show(f"{sessions} sign-ins and {ended} sign-outs answered, {answered} entries; 0 lines lost; ready again after "
             f"{statistics.median(ready) * 1000:.0f} ms (median), {ready[-1] * 1000:.0f} ms (worst of {KILLS})")
        self.assertLess(statistics.median(ready), patience(2.0))

    def check(self, round_, workers):
        if round_ % 5 == 0:
            self.assertTrue(self.site.command("audit", "verify").startswith("ok"), f"round {round_}")
        records = self.site.audit()
        begun = {e["fields"].get("session") for e in records if e["type"] == "login.ok"}
        over = {e["fields"].get("session") for e in records if e["type"] == "logout"}
        for worker in workers:
            self.assertEqual(set(worker.sessions) - begun, set(), f"round {round_}: sign-ins without a line")
            self.assertEqual(set(worker.ended) - over, set(), f"round {round_}: sign-outs without a line")
            for browser in list(worker.live):
                twin = browser.twin()
                me = twin.me()
                self.assertEqual(me.status, 200, f"round {round_}: {browser.session} was signed in and is not any more")
                self.assertEqual(me.json()["username"], worker.account["username"])
                twin.sign_out()
                twin.close()
                browser.close()


class EndedTest(HubTest):
    def test_a_session_that_was_signed_out_stays_out_after_a_kill(self):
        browser = self.browser("wangmin")
        kept = {h: dict(c) for h, c in browser.jar.items()}
        self.assertEqual(browser.sign_out().status, 200)
        self.site.kill()
        self.site.start()
        late = self.browser()
        late.jar = kept
        self.assertEqual(late.me().status, 401)
