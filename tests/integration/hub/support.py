"""The real program with the real simulators, for one test class: started here, stopped here, by process id."""
import atexit
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from urllib.parse import quote

from browser import Browser, patience, until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
HUB = os.environ.get("YIMEN_BIN", os.path.join(ROOT, "build/release/hub/yimen"))
READY_SECONDS = 30
SANITIZER_EXIT = 66  # set by scripts/sanitize
SYSTEMS = ["dl-8890", "dl-video", "ln-edu", "ln-emergency", "ln-forestfire", "nat-salvation", "qu-grid",
           "qu-integrity", "qu-oa", "qu-tourism"]


def free_port():
    """Below the ports that the system gives to connections: nobody takes it between this look and the program's start."""
    for _ in range(50):
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port between 20000 and 30000")


class Zoo:
    """One set of simulators and one district for the whole run."""
    _one = None

    @classmethod
    def shared(cls):
        if cls._one is None:
            cls._one = Zoo()
        return cls._one

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="yimen-it-")
        self.port = free_port()
        atexit.register(self.stop)
        self.process = None
        _run(["scripts/demo-district", self.folder, str(self.port), HUB])
        out = os.path.join(self.folder, "zoo.json")
        with open(os.path.join(self.folder, "zoo.log"), "wb") as log:
            self.process = subprocess.Popen(
                ["node", "zoo.mjs", "--accounts", f"{self.folder}/district/zoo-accounts.json", "--host", "127.0.0.1",
                 "--ports", "auto", "--out", out], cwd=os.path.join(ROOT, "tests/zoo"), stdout=log,
                stderr=subprocess.STDOUT)
        until(lambda: os.path.exists(out) and os.path.getsize(out) or self.process.poll() is not None, 40)
        with open(out, encoding="utf-8") as file:
            self.systems = json.load(file)["systems"]
        with open(f"{self.folder}/district/accounts.json", encoding="utf-8") as file:
            self.accounts = {a["username"]: a for a in json.load(file)}
        self._template = None

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if os.environ.get("YIMEN_KEEP") != "1":
            shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, system, method, path, body=None):
        request = urllib.request.Request(self.systems[system]["control_url"] + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def events(self, system, *kinds, since=0):
        found = self.control(system, "GET", f"/record?since={since}")["events"]
        return [e for e in found if not kinds or e["event"] in kinds]

    def mark(self, system):
        """Number from which on events are new."""
        return self.control(system, "GET", "/record")["next"]

    def sessions(self, system):
        return self.control(system, "GET", "/sessions")

    def expire(self, system):
        return self.control(system, "POST", "/expire", {})

    def fault(self, system, kind, **more):
        return self.control(system, "POST", "/fault", {"kind": kind, **more})

    def set_password(self, system, account, password):
        return self.control(system, "PUT", f"/accounts/{quote(account)}", {"password": password})

    def reset(self):
        for system in self.systems:
            self.control(system, "POST", "/reset", {})

    def template(self):
        """A data folder with the district imported, made once: copied for every hub."""
        if self._template is None:
            site = Site(self, os.path.join(self.folder, "template"))
            site.write_config()
            district = f"{self.folder}/district"
            site.command("import", "--organisations", f"{district}/organisations.csv", "--people",
                         f"{district}/people.csv", "--posts", f"{district}/posts.csv", "--keep-passwords")
            site.command("link", "import", f"{district}/links.csv")
            self._template = site.folder
        return self._template


def _run(words, **more):
    done = subprocess.run(words, cwd=more.pop("cwd", ROOT), capture_output=True, text=True, timeout=patience(120),
                          **more)
    if done.returncode == SANITIZER_EXIT:  # not an AssertionError: tests of refusals expect those
        raise RuntimeError(f"{' '.join(words)}: report of a sanitizer\n{done.stderr}")
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Site:
    """One hub: its folder, configuration and process. `more` is YAML that is added to the configuration."""

    def __init__(self, zoo, folder, more="", own_adapters=False):
        self.zoo, self.folder, self.more = zoo, folder, more
        self.port = free_port()
        self.url = f"https://yimen.localhost:{self.port}"
        self.ca_file = os.path.join(zoo.folder, "tls/ca.crt")
        self.config = os.path.join(folder, "yimen.yaml")
        self.process = None
        self.adapters = os.path.join(folder, "adapters") if own_adapters else os.path.join(ROOT, "adapters")
        self.policies = os.path.join(ROOT, "policies")
        self.systems = {}
        os.makedirs(folder, exist_ok=True)
        if own_adapters:
            shutil.copytree(os.path.join(ROOT, "adapters"), self.adapters)

    def app(self, system, path=""):
        return f"https://{system}.yimen.localhost:{self.port}{path}"

    def write_config(self, more=None, systems=None):
        """`systems`: origins of further systems, by id; they stay in later versions."""
        if more is not None:
            self.more = more
        self.systems.update(systems or {})
        lines = [f"data_dir: {self.folder}/hub", f"adapters_dir: {self.adapters}", f"policies_dir: {self.policies}",
                 f"portal_dir: {ROOT}/portal/dist", "server:", "  hub_host: yimen.localhost", "  drain_timeout: 10s",
                 "  listeners:",
                 f"    - {{address: 127.0.0.1, port: {self.port}, tls: [{{certificate: {self.zoo.folder}/tls/hub.crt, "
                 f"key: {self.zoo.folder}/tls/hub.key}}]}}",
                 # The cost of the hash is measured elsewhere; here it would only be waited for.
                 "passwords: {memory: 1MiB, iterations: 1}", "district: {name_zh: 临海市示范区, name_en: Demo District}", "systems:"]
        origins = {s: w["origin"] for s, w in self.zoo.systems.items()}
        origins.update(self.systems)
        lines += [f"  {s}: {{origins: [\"{o}\"]}}" for s, o in sorted(origins.items())]
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n" + self.more + "\n")

    def command(self, *words):
        return _run([HUB, *words, "--config", self.config])

    def start(self):
        """Starts the program and returns the seconds until it was ready."""
        self.check_end()
        begun = time.monotonic()
        with open(os.path.join(self.folder, "hub.log"), "ab") as log:
            self.process = subprocess.Popen([HUB, "serve", "--config", self.config], stdout=log, stderr=log)
        atexit.register(self.kill)
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() - begun > patience(READY_SECONDS):
                raise AssertionError("the hub did not become ready:\n" + self.log_text()[-3000:])
            time.sleep(0.005)
        return time.monotonic() - begun

    def ready(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5):
                pass
            probe = Browser(self)
            try:
                return probe.get("/readyz").status == 200
            finally:
                probe.close()
        except OSError:
            return False

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds=25):
        """SIGTERM; the exit status."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(patience(seconds))
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the hub did not stop on SIGTERM") from None

    def check_end(self):
        """A hub that is gone ended in good order, or by kill()."""
        status = None if self.process is None else self.process.poll()
        if status not in (None, 0, -signal.SIGKILL):
            self.process = None
            raise AssertionError(f"the hub ended with {status}:\n" + self.log_text()[-3000:])

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def log_text(self):
        with open(os.path.join(self.folder, "hub.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def audit(self):
        """All records of the audit log."""
        found = []
        folder = os.path.join(self.folder, "hub/audit")
        for name in sorted(os.listdir(folder)):
            if name.endswith(".jsonl"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found += [json.loads(line) for line in file if line.endswith("\n")]
        return found

    def metrics(self):
        """Samples of /metrics by name with labels."""
        probe = Browser(self)
        text = probe.get("/metrics").text
        probe.close()
        samples = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                samples[name] = float(value)
        return samples


class HubTest(unittest.TestCase):
    """One hub per class; the simulators are shared and set back before every test."""
    config = ""
    own_adapters = False
    prepared = True  # with the people of the district

    @classmethod
    def setUpClass(cls):
        cls.zoo = Zoo.shared()
        cls.zoo.reset()
        cls.site = cls.new_site(cls.__name__)
        cls.site.start()

    @classmethod
    def new_site(cls, name):
        folder = os.path.join(cls.zoo.folder, name)
        site = Site(cls.zoo, folder, cls.config, cls.own_adapters)
        if cls.prepared:
            shutil.copytree(os.path.join(cls.zoo.template(), "hub"), os.path.join(folder, "hub"))
        site.write_config()
        return site

    @classmethod
    def tearDownClass(cls):
        cls.site.stop()
        cls.site.check_end()

    def setUp(self):
        self.zoo.reset()
        self.opened = []

    def tearDown(self):
        # A system is left with the last session that uses it: nothing of this test stays for the next one.
        for browser in self.opened:
            if browser.cookie("yimen.localhost", "__Host-yimen") and self.site.running():
                browser.sign_out_if_in()
            browser.close()

    def browser(self, username=None):
        browser = Browser(self.site)
        self.opened.append(browser)
        if username:
            browser.sign_in(self.account(username))
        return browser

    def account(self, username):
        return self.zoo.accounts[username]


def show(line):
    """A figure for the person who reads the run."""
    print(f"    {line}", file=sys.stderr, flush=True)
