"""The data side with the real program: catalogue and jobs in the API, and `yimen sync` from a real PostgreSQL into the
shared database, equal to the source row by row, over kill -9 as well."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from openapi import Contract
from postgres import Postgres
from support import HUB, ROOT, HubTest

ROWS = 40_000

EVENTS = """CREATE SCHEMA grid;
CREATE TABLE grid.event (event_no text PRIMARY KEY, grid_code text, reporter text, item_code text, cls text, title text,
  content text, lng numeric(10,6), lat numeric(10,6), occur_at timestamp, level text, state int, assignee text,
  finished_at timestamp, satisfied text, src_no text, updated_at timestamptz NOT NULL, deleted_at timestamptz);
CREATE TABLE grid.grid (grid_code text PRIMARY KEY, name text, community text, leader text, members int, households int,
  branch text);"""


def fill(first, last):
    return f"""INSERT INTO grid.event SELECT 'E' || to_char(i, 'FM000000'), 'G' || i % 100, '李' || i, '01001',
  to_char(1 + i % 16, 'FM00'), '下水道堵塞' || i, '　内容 ' || i, 121.5 + i * 0.00001, 38.9,
  timestamp '2026-06-01 08:00:00' + i * interval '1 minute', (1 + i % 4)::text, 80, '街道', NULL, '1', NULL,
  now() - interval '1 hour' + i * interval '1 ms', NULL FROM generate_series({first}, {last}) i"""


class SyncTest(unittest.TestCase):
    def setUp(self):
        self.postgres = Postgres()
        self.addCleanup(self.postgres.stop)
        self.folder = tempfile.mkdtemp(prefix="yimen-sync-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        os.mkdir(f"{self.folder}/sources")
        self.write("sources/qu-grid.yaml", f"kind: postgresql\nhost: {self.postgres.folder}\ndatabase: postgres\nuser: postgres\n")
        self.adapters = self.make_adapters()
        self.write("yimen.yaml", f"""data_dir: {self.folder}/data
adapters_dir: {self.adapters}
policies_dir: {ROOT}/policies
server: {{hub_host: yimen.localhost, listeners: [{{address: 127.0.0.1, port: 8443, plain: true}}]}}
district: {{name_zh: 测试区, name_en: Test}}
sync: {{sources: sources}}
""")
        self.postgres.sql(EVENTS)

    def make_adapters(self):
        return f"{ROOT}/adapters"

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def sync(self, *words, status=0):
        done = subprocess.run([HUB, "sync", *words, "--config", f"{self.folder}/yimen.yaml"], capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def audit(self):
        lines = []
        for name in sorted(os.listdir(f"{self.folder}/data/audit")):
            if name.endswith(".jsonl"):
                with open(f"{self.folder}/data/audit/{name}", encoding="utf-8") as file:
                    lines += [json.loads(line) for line in file]
        return lines

    def rows(self, sql, *values):
        database = sqlite3.connect(f"{self.folder}/data/shared.db")
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def assert_equal_to_source(self):
        truth = self.postgres.sql("SELECT event_no || '|' || title || '|' || btrim(content, '　') || '|' || state FROM grid.event"
                                  " WHERE deleted_at IS NULL ORDER BY event_no COLLATE \"C\"")
        states = {"80": "办结", "90": "退回"}
        wanted = [line.rsplit("|", 1)[0] + "|" + states[line.rsplit("|", 1)[1]] for line in truth]
        got = ["|".join(row) for row in self.rows("SELECT event_no, title, content, state FROM grid_event ORDER BY event_no")]
        self.assertEqual(got, wanted)

    def test_an_item_follows_its_source(self):
        self.postgres.sql(fill(1, 3000))
        self.assertIn("inserted 3000", self.sync("run", "ZS-SQ-013"))
        self.assert_equal_to_source()
        self.postgres.sql("UPDATE grid.event SET state = 90, updated_at = now() - interval '1 second' WHERE event_no < 'E000100'")
        self.postgres.sql("UPDATE grid.event SET deleted_at = now(), updated_at = now() - interval '1 second' WHERE event_no = 'E000200'")
        out = self.sync("run", "ZS-SQ-013")
        self.assertIn("updated 99", out)
        self.assertIn("deleted 1", out)
        self.assert_equal_to_source()
        out = self.sync("run", "ZS-SQ-013", "--full")
        self.assertIn("unchanged 3000", out)
        self.assertEqual(self.rows("SELECT count(*) FROM grid_event__history"), [(100,)])

    def test_bad_rows_become_dead_letters_and_the_good_ones_come(self):
        self.postgres.sql(fill(1, 50))
        self.postgres.sql("UPDATE grid.event SET cls = '77' WHERE event_no = 'E000007'")
        out = self.sync("run", "ZS-SQ-013")
        self.assertIn("partial", out)
        self.assertIn("rejected 1", out)
        self.assertIn("code_table", self.sync("dead"))
        self.assertEqual(self.rows("SELECT count(*) FROM grid_event"), [(49,)])
        sealed = self.rows("SELECT raw, message FROM sync_dead_letter")[0]
        self.assertNotIn("李7".encode(), sealed[0])
        self.assertNotIn("李7", sealed[1])

    def test_a_letter_closes_when_its_record_comes_in_good(self):
        self.postgres.sql(fill(1, 50))
        self.postgres.sql("UPDATE grid.event SET cls = '77' WHERE event_no = 'E000007'")
        self.sync("run", "ZS-SQ-013")
        out = self.sync("replay", "ZS-SQ-013", "--dry-run", status=1)
        self.assertIn("1 letters, 0 would pass", out)
        self.assertIn("code_table", out)
        self.assertIn("code_table", self.sync("replay", "ZS-SQ-013", "--cause", "code_table", status=1))
        self.assertEqual(self.rows("SELECT count(*), max(times) FROM sync_dead_letter"), [(1, 2)])
        accounted = [line for line in self.audit() if line["type"] == "sync.letters.replay"]
        self.assertEqual([line["fields"]["dry_run"] for line in accounted], ["true", "false"])
        self.assertEqual({line["actor"] for line in accounted}, {"command-line"})
        self.postgres.sql("UPDATE grid.event SET cls = '01', updated_at = now() - interval '1 s' WHERE event_no = 'E000007'")
        self.assertIn("inserted 1", self.sync("run", "ZS-SQ-013"))
        self.assertIn("no open dead letter", self.sync("dead", "ZS-SQ-013"))
        self.assertEqual(self.rows("SELECT state FROM sync_dead_letter"), [("resolved",)])
        self.assertIn("0 letters", self.sync("replay", "ZS-SQ-013"))
        self.assert_equal_to_source()

    def test_a_range_is_read_again_beside_the_items_own_runs(self):
        self.postgres.sql(fill(1, 50))
        self.sync("run", "ZS-SQ-013")
        self.postgres.sql("UPDATE grid.event SET title = '改'")  # behind the back of column and watermark alike
        out = self.sync("backfill", "ZS-SQ-013", "--by", "event_no", "--from", "E000010", "--to", "E000020")
        self.assertIn("read 10 ", out)
        self.assertIn("updated 10", out)
        self.assertEqual(self.rows("SELECT count(*) FROM grid_event WHERE title = '改'"), [(10,)])
        self.assertIn("no column", self.sync("backfill", "ZS-SQ-013", "--by", "nix", "--from", "1", status=1))
        self.sync("backfill", "ZS-SQ-013", status=2)

    def test_what_is_not_there_is_said_and_what_to_do(self):
        for words in (["dead", "NOPE"], ["status", "NOPE"], ["run", "NOPE"], ["explain", "NOPE"], ["pause", "NOPE"]):
            done = subprocess.run([HUB, "sync", *words, "--config", f"{self.folder}/yimen.yaml"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("yimen item list", done.stderr, words)
        out = self.sync("explain", "ZS-SQ-013")
        self.assertIn("every 60 s", out)
        self.assertIn("job          none", out)
        self.sync("pause", "ZS-SQ-013", status=1)  # no hub has declared the job yet
        item = [HUB, "item", "diff", "ZS-SQ-013", "--config", f"{self.folder}/yimen.yaml"]
        self.assertEqual(subprocess.run(item, capture_output=True).returncode, 0)
        self.postgres.sql("ALTER TABLE grid.event DROP COLUMN reporter; ALTER TABLE grid.event ADD COLUMN mood text")
        done = subprocess.run(item, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("- reporter", done.stdout)
        self.assertIn("+ mood", done.stdout)

    def test_a_source_that_lost_its_records_removes_nothing_until_a_person_says_so(self):
        self.postgres.sql("INSERT INTO grid.grid SELECT 'G' || i, 'n', '210211010001', 'l', 1, 1, NULL FROM generate_series(1, 100) i")
        self.sync("run", "ZS-KJ-017")
        self.postgres.sql("DELETE FROM grid.grid WHERE grid_code <> 'G1'")
        out = self.sync("run", "ZS-KJ-017")
        self.assertIn("99 of 100 records are gone", out)
        self.assertEqual(self.rows("SELECT count(*) FROM grid"), [(100,)])
        self.sync("run", "ZS-KJ-017", "--full", "--confirm-removal", "yes", status=2)
        run = out.split("--confirm-removal ")[1].split()[0]
        self.assertIn("removed 99", self.sync("run", "ZS-KJ-017", "--full", "--confirm-removal", run))
        self.assertEqual(self.rows("SELECT count(*) FROM grid"), [(1,)])
        self.assertEqual([line["fields"]["run"] for line in self.audit() if line["type"] == "sync.removal.confirm"], [run])

    def test_killed_at_random_points_it_ends_equal_with_exact_counters(self):
        kills = int(os.environ.get("YIMEN_SYNC_KILLS", "12"))
        dice = random.Random(os.environ.get("YIMEN_SEED", "20261121"))
        self.postgres.sql(fill(1, ROWS))
        killed = 0
        for _ in range(kills * 3):
            child = subprocess.Popen([HUB, "sync", "run", "ZS-SQ-013", "--config", f"{self.folder}/yimen.yaml"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.02, 0.6))
            child.send_signal(signal.SIGKILL)
            killed += 1 if child.wait() == -signal.SIGKILL else 0
            if killed >= kills:
                break
        self.assertGreater(killed, 0)
        self.sync("run", "ZS-SQ-013")
        self.assert_equal_to_source()
        runs = self.rows("SELECT sum(n_read), sum(n_inserted), sum(n_updated), sum(n_deduped) FROM sync_run")
        self.assertEqual(self.rows("SELECT count(*) FROM sync_run WHERE n_read <> n_inserted + n_updated + n_unchanged +"
                                   " n_rejected + n_deduped + n_deleted"), [(0,)])
        self.assertEqual(runs[0][1:], (ROWS, 0, 0), "each row inserted exactly once, over all runs")

    def test_a_source_that_is_not_there_is_said_and_tried_again_later(self):
        self.write("sources/qu-grid.yaml", "kind: postgresql\nhost: /nonexistent\ndatabase: d\nuser: u\n")
        out = self.sync("run", "ZS-SQ-013", status=1)
        self.assertIn("retrying", out)
        self.assertIn("/nonexistent", out)
        os.remove(f"{self.folder}/sources/qu-grid.yaml")
        self.assertIn("sync.sources", self.sync("run", "ZS-SQ-013", status=1))


class LogTest(SyncTest):
    """The same item followed by the log of its database instead of a column of times."""

    def make_adapters(self):
        adapters = f"{self.folder}/adapters"
        shutil.copytree(f"{ROOT}/adapters/qu-grid", f"{adapters}/qu-grid")
        with open(f"{adapters}/qu-grid/data.yaml", encoding="utf-8") as file:
            text = file.read()
        wanted = "log: {slot: yimen_event, publication: yimen}"
        self.assertIn("watermark: updated_at\n      overlap: 2m", text)
        with open(f"{adapters}/qu-grid/data.yaml", "w", encoding="utf-8") as file:
            file.write(text.replace("watermark: updated_at\n      overlap: 2m", wanted, 1))
        return adapters

    def setUp(self):
        super().setUp()
        self.postgres.sql("CREATE PUBLICATION yimen FOR TABLE grid.event")

    def test_deletions_come_without_a_flag_and_a_lost_slot_is_said(self):
        self.postgres.sql(fill(1, 500))
        self.assertIn("inserted 500", self.sync("run", "ZS-SQ-013"))
        self.postgres.sql("DELETE FROM grid.event WHERE event_no <= 'E000010'")
        self.postgres.sql("UPDATE grid.event SET title = '改' WHERE event_no = 'E000020'")
        out = self.sync("run", "ZS-SQ-013")
        self.assertIn("deleted 10", out)
        self.assertIn("updated 1", out)
        self.assert_equal_to_source()
        self.postgres.sql("SELECT pg_drop_replication_slot('yimen_event')")
        self.postgres.sql("DELETE FROM grid.event WHERE event_no = 'E000030'")
        self.assertIn("--full", self.sync("run", "ZS-SQ-013", status=1))

    def test_killed_while_it_follows_it_ends_equal(self):
        kills = int(os.environ.get("YIMEN_SYNC_KILLS", "12"))
        dice = random.Random(os.environ.get("YIMEN_SEED", "20261121"))
        self.postgres.sql(fill(1, 5000))
        self.sync("run", "ZS-SQ-013")
        for i in range(kills):
            self.postgres.sql(fill(10_000 + i * 5000, 10_000 + i * 5000 + 4999))
            self.postgres.sql(f"DELETE FROM grid.event WHERE event_no LIKE '%{i}'; UPDATE grid.event SET content = 'x' || {i}"
                              f" WHERE event_no LIKE '%{(i + 1) % 10}'")
            child = subprocess.Popen([HUB, "sync", "run", "ZS-SQ-013", "--config", f"{self.folder}/yimen.yaml"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.05, 0.8))
            child.send_signal(signal.SIGKILL)
            child.wait()
        self.sync("run", "ZS-SQ-013")
        self.assert_equal_to_source()
        self.assertEqual(self.rows("SELECT count(*) FROM sync_run WHERE n_read <> n_inserted + n_updated + n_unchanged +"
                                   " n_rejected + n_deduped + n_deleted"), [(0,)])
        lag = self.postgres.sql("SELECT pg_current_wal_lsn() - confirmed_flush_lsn < 100000 FROM pg_replication_slots")
        self.assertEqual(lag, ["t"], "the log that is durable here is given back")


class DataApiTest(HubTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = Contract(os.path.join(ROOT, "hub/admin/openapi.yaml"))

    def test_the_catalogue_is_for_those_who_keep_it(self):
        admin, clerk = self.browser("ligong"), self.browser("wangmin")
        answer = admin.api("GET", "/api/v1/data/items")
        self.assertEqual(self.contract.complaints("GET", "/api/v1/data/items", answer), [])
        items = answer.json()["items"]
        self.assertEqual(len(items), 260)
        self.assertEqual({i["code"] for i in items if i["supplied"]} >= {"ZS-SQ-013", "ZS-KJ-017"}, True)
        answer = admin.api("GET", "/api/v1/data/items/ZS-SQ-013")
        self.assertEqual(self.contract.complaints("GET", "/api/v1/data/items/{item}", answer), [])
        self.assertEqual(answer.json()["fields"][0], {"name": "event_no", "title": "事件编号", "type": "text", "key": True, "required": False})
        self.assertEqual(admin.api("GET", "/api/v1/data/items/ZS-XX-000").status, 404)
        for path in ("/api/v1/data/items", "/api/v1/sync/jobs", "/api/v1/sync/runs", "/api/v1/sync/dead-letters"):
            self.assertEqual(clerk.api("GET", path).status, 403, path)
            answer = admin.api("GET", path)
            self.assertEqual(answer.status, 200, path)
            self.assertEqual(self.contract.complaints("GET", path, answer), [])

    def test_a_job_that_is_not_there_cannot_be_run(self):
        admin = self.browser("ligong")
        answer = admin.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {"action": "run"})
        self.assertEqual(answer.status, 404, "this site does not say where the data of qu-grid is")
        self.assertEqual(admin.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {"action": "explode"}).status, 400)


class BrokenDataTest(HubTest):
    """People sign in and are let into systems whatever is wrong with the data side."""
    @classmethod
    def new_site(cls, name):
        site = super().new_site(name)
        site.policies = os.path.join(site.folder, "policies")
        shutil.copytree(os.path.join(ROOT, "policies"), site.policies)
        for name, text in (("checks/dead-on-aid.yaml", "name: [\n"), ("catalog/owners.yaml", "ZS-SQ-013: 7\n")):
            with open(os.path.join(site.policies, name), "w", encoding="utf-8") as file:
                file.write(text)
        site.write_config()
        return site

    def test_wrong_checks_and_owners_are_said_and_everything_else_serves(self):
        admin = self.browser("ligong")
        self.assertEqual(admin.api("GET", "/api/v1/data/items").status, 200)
        self.assertEqual(admin.api("GET", "/api/v1/checks").status, 404)
        log = self.site.log_text()
        for event, file in (("check.unavailable", "dead-on-aid.yaml"), ("share.unavailable", "owners.yaml")):
            line = next((line for line in log.splitlines() if event in line), "")
            self.assertIn(file, line)

    def test_check_names_the_wrong_file(self):
        done = subprocess.run([HUB, "check", "--config", self.site.config], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("owners.yaml", done.stderr)


if __name__ == "__main__":
    unittest.main()
