#!/usr/bin/env python3
"""What a browser-like sign-in costs the hub: page, form, portal's first call. Prints

  cpu      CPU of the hub per sign-in, with the configured hash and with the cheapest hash it accepts; the second is what
           everything but the hash costs
  checks   time of a session check (GET /api/v1/me) alone and while wrong passwords come in
  errors   sign-ins and checks that were not answered as they should be
  start    process start until the first sign-in is answered
"""
import argparse
import concurrent.futures
import html
import http.client
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import gateway
import hub

CHEAP = "passwords: {memory: 64KiB, iterations: 1}\n"
OPEN = "throttle: {network_failures: 1000000}\n"  # all wrong passwords of the storm come from one address


class Hub:
    def __init__(self, extra):
        self.folder = tempfile.mkdtemp(prefix="yimen-bench-")
        self.port = gateway.free_port()
        self.config, self.password = hub.prepare(self.folder, self.port, gateway.free_port(), extra + OPEN)
        self.began = time.monotonic()
        self.process = subprocess.Popen([hub.HUB, "serve", "--config", self.config], stdout=subprocess.DEVNULL)
        gateway.wait_for(self.port, self.process)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cpu_ms(self):
        return gateway.cpu_ns(self.process.pid) / 1e6

    def sign_in(self, username="bench", password=None, first_call=True):
        """One person with one browser: 200 from the portal's first call, or the status that came instead."""
        browser = hub.Browser(self.port)
        _, page = browser.send("GET", hub.NAME, "/login")
        csrf = html.unescape(re.search(r'name="csrf" value="([^"]*)"', page).group(1))
        answer, _ = browser.send("POST", hub.NAME, "/login",
                                 {"username": username, "password": password or self.password, "csrf": csrf})
        if answer.status != 303 or not first_call:
            return answer.status, browser
        return browser.send("GET", hub.NAME, "/api/v1/me")[0].status, browser

    def many(self, count, workers):
        before = self.cpu_ms()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            statuses = [s for s, _ in pool.map(lambda _: self.sign_in(), range(count))]
        return (self.cpu_ms() - before) / count, sum(s != 200 for s in statuses)


def checks(server, browser, seconds):
    """Session checks one after another on one kept connection, in ms."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    cookie = "; ".join(f"{k}={v}" for k, v in browser.cookies[hub.NAME].items())
    fields = {"Host": f"{hub.NAME}:{server.port}", "Cookie": cookie}
    times, errors, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        connection.request("GET", "/api/v1/me", headers=fields)
        answer = connection.getresponse()
        answer.read()
        errors += answer.status != 200
        times.append((time.monotonic() - began) * 1000)
    return times, errors


def p(times, part):
    return sorted(times)[int(len(times) * part)]


def storm(server, count):
    """Wrong passwords from a process of its own: in ours they would hold up the clock that times the checks, and at our
    priority their client would take the core from the hub."""
    os.nice(10)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for _ in pool.map(lambda i: server.sign_in(f"somebody{i}", "wrong-Password1", False), range(count)):
            pass


def held(server, browser, connections):
    """So many connections open at once, each asking twice; counts what is not 200."""
    cookie = "; ".join(f"{k}={v}" for k, v in browser.cookies[hub.NAME].items())
    wrk = subprocess.run(["wrk", "-t1", f"-c{connections}", "-d3s", "-H", f"Host: {hub.NAME}:{server.port}", "-H",
                          f"Cookie: {cookie}", f"http://127.0.0.1:{server.port}/api/v1/me"],
                         capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", wrk)
    socket = re.search(r"Socket errors: (.*)", wrk)
    return int(wrong.group(1)) if wrong else 0, socket.group(1) if socket else "none", wrk


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logins", type=int, default=200)
    parser.add_argument("--storm", type=int, default=500)
    options = parser.parse_args()
    figures, failed = {}, 0
    for name, extra in (("configured hash", ""), ("cheapest hash", CHEAP)):
        server = Hub(extra)
        try:
            status, browser = server.sign_in()
            if name == "configured hash":
                print(f"start: {time.monotonic() - server.began:.2f} s until the first sign-in was answered ({status})")
            figures[name], errors = server.many(options.logins, 8)
            failed += errors
            print(f"cpu: {figures[name]:.2f} ms per sign-in with the {name}, {errors} errors of {options.logins}")
            if name == "configured hash":
                _, browser = server.sign_in()  # the first one's session gave way to the many of one person
                quiet, errors = checks(server, browser, 3)
                attackers = multiprocessing.Process(target=storm, args=(server, options.storm))
                attackers.start()
                busy, more = checks(server, browser, 3)
                attackers.join()
                failed += errors + more
                print(f"checks: p50 {p(quiet, .5):.2f} p99 {p(quiet, .99):.2f} ms alone; p50 {p(busy, .5):.2f} "
                      f"p99 {p(busy, .99):.2f} ms while {options.storm} wrong passwords come in; {errors + more} errors")
                for connections in (512, 2048):
                    wrong, sockets, _ = held(server, browser, connections)
                    failed += wrong
                    print(f"errors: {wrong} wrong answers, socket errors {sockets}, at {connections} connections")
        finally:
            server.stop()
    print(f"rest: {figures['cheapest hash']:.2f} ms CPU per sign-in besides the hash")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
