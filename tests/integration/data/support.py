"""The real program against the data sides of the simulators: a site of its own for every test class."""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
HUB = os.environ.get("YIMEN_BIN", os.path.join(ROOT, "build/release/hub/yimen"))
PATIENCE = float(os.environ.get("YIMEN_TIME_FACTOR", "1"))


class Simulators:
    """Data sides in one process, by process id."""

    def __init__(self, *systems):
        self.folder = tempfile.mkdtemp(prefix="yimen-data-")
        out = f"{self.folder}/data.json"
        with open(f"{self.folder}/log", "wb") as log:
            self.process = subprocess.Popen(["node", "zoo.mjs", "data", "--systems", ",".join(systems), "--out", out],
                                            cwd=f"{ROOT}/tests/zoo", stdout=log, stderr=subprocess.STDOUT)
        ends = time.monotonic() + 60 * PATIENCE
        while not os.path.exists(out):
            if self.process.poll() is not None or time.monotonic() > ends:
                with open(f"{self.folder}/log", encoding="utf-8") as log:
                    raise RuntimeError("the simulators did not start: " + log.read())
            time.sleep(0.05)
        with open(out, encoding="utf-8") as file:
            self.systems = json.load(file)["systems"]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class DataTest(unittest.TestCase):
    """One set of simulators a class (`systems`); every test has its own site and finds them as after a start."""
    systems = ()

    @classmethod
    def setUpClass(cls):
        cls.simulators = Simulators(*cls.systems)
        cls.addClassCleanup(cls.simulators.stop)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="yimen-site-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        os.mkdir(f"{self.folder}/sources")
        self.env = dict(os.environ)
        for system, what in self.simulators.systems.items():
            self.control(system, "reset", {"seed": 1})
            self.reach(system)
            self.env.update(what["env"])
        with open(f"{self.folder}/yimen.yaml", "w", encoding="utf-8") as file:
            file.write(f"""data_dir: {self.folder}/data
adapters_dir: {ROOT}/adapters
policies_dir: {ROOT}/policies
server: {{hub_host: yimen.localhost, listeners: [{{address: 127.0.0.1, port: 8443, plain: true}}]}}
district: {{name_zh: 测试区, name_en: Test}}
sync: {{{self.database()}sources: sources}}
{self.plugins()}""")

    def database(self):
        """Keys of sync that say where the shared database is."""
        return ""

    @staticmethod
    def plugins():
        """Those that were built beside the program."""
        folder = os.path.join(os.path.dirname(os.path.dirname(HUB)), "plugins")
        allow = {}
        for name in ("mysql", "odbc"):
            path = f"{folder}/{name}.so"
            if os.path.exists(path):
                with open(path, "rb") as file:
                    allow[name] = hashlib.sha256(file.read()).hexdigest()
        return f"plugins: {json.dumps({'dir': folder, 'allow': allow})}\n" if allow else ""

    def reach(self, system, **changes):
        """Says where the system is, as somebody on the spot would."""
        source = {**self.simulators.systems[system]["source"], **changes}
        with open(f"{self.folder}/sources/{system}.yaml", "w", encoding="utf-8") as file:
            json.dump(source, file)

    def control(self, system, path, body=None):
        request = urllib.request.Request(f"{self.simulators.systems[system]['control_url']}/{path}",
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            self.fail(f"{path}: {error.read().decode()}")

    def change(self, system, item=None, **what):
        self.control(system, "change", {**what, **({"item": item} if item else {})})

    def act(self, system, what, **more):
        return self.control(system, f"act/{what}", more)

    def fault(self, system, kind, **more):
        self.control(system, "fault", {"kind": kind, **more})

    def refusals(self, system):
        return [e["note"] for e in self.control(system, "record")["events"] if e["event"] == "refused"]

    def requests(self, system):
        return [e for e in self.control(system, "record")["events"] if e["event"] == "request"]

    def sync(self, *words, status=0):
        done = subprocess.run([HUB, "sync", *words, "--config", f"{self.folder}/yimen.yaml"], env=self.env,
                              capture_output=True, text=True, timeout=120 * PATIENCE)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def run_items(self, what, *words, status=0):
        """Runs an item or a system; every run must have ended well."""
        out = self.sync("run", what, *words, status=status)
        if status == 0:
            self.assertNotIn("NOT BALANCED", out)
        return out

    def sql(self, text, *values):
        database = sqlite3.connect(f"{self.folder}/data/shared.db")
        try:
            return database.execute(text, values).fetchall()
        finally:
            database.close()

    def truth(self, system, item):
        return self.control(system, f"truth/{item}")

    def shared(self, item, fields):
        """The item's rows in the shared database, as canonical texts."""
        table, declared = self.sql("SELECT table_name, fields FROM sync_item WHERE code = ?", item)[0]
        types = {f["name"]: f["type"] for f in json.loads(declared)}
        yes_no = {i for i, name in enumerate(fields) if types[name] == "boolean"}
        rows = self.sql(f"SELECT {', '.join(self.cell(f, types[f]) for f in fields)} FROM {chr(34)}{table}{chr(34)}")
        return [[None if cell is None else ("false", "true")[cell] if i in yes_no else str(cell)
                 for i, cell in enumerate(row)] for row in rows]

    @staticmethod
    def cell(name, _type):
        """What to select for a field so that its canonical text comes."""
        return f'"{name}"'

    def assert_follows(self, system, again=(), without=None, **change):
        """Loads every item of the system; changes its records; loads again (`again`: words for that); both times the copy
        is true. `without`: by item, the fields that are judged elsewhere."""
        items = self.simulators.systems[system]["items"]
        without = without or {}
        self.run_items(system)
        for item in items:
            self.assertGreater(self.assert_true_copy(system, item, without.get(item, ())), 0)
        self.change(system, **(change or {"insert": 5, "update": 12, "remove": 3}))
        out = self.run_items(system, *again)
        for item in items:
            self.assert_true_copy(system, item, without.get(item, ()))
        self.assertEqual(self.refusals(system), [], "an honest reader is never refused")
        return out

    def assert_true_copy(self, system, item, without=()):
        """The shared database holds what the simulator's own record holds, no more and no less."""
        truth = self.truth(system, item)
        keep = [i for i, field in enumerate(truth["fields"]) if field not in without]
        wanted = [[row[i] for i in keep] for row in truth["rows"]]
        got = self.shared(item, [truth["fields"][i] for i in keep])
        if digest(got) == (digest(wanted) if without else truth["hash"]):
            return len(got)
        lines, others = set(map(json_line, wanted)), set(map(json_line, got))
        self.fail(f"{item}: {len(got)} rows, the source has {len(wanted)}\nmissing: {sorted(lines - others)[:3]}"
                  f"\ntoo much: {sorted(others - lines)[:3]}")


def json_line(cells):
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def digest(rows):
    whole = hashlib.sha256()
    for line in sorted(json_line(cells).encode() for cells in rows):
        whole.update(line + b"\n")
    return whole.hexdigest()
