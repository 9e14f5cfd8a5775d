"""`yimen sync` follows a table of a real MariaDB by its binlog, through the mysql plugin, over kill -9 of the program and of
the server."""
import hashlib
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

from mariadb import SERVER, Mariadb
from support import HUB, ROOT

PLUGIN = os.path.join(os.path.dirname(os.path.dirname(HUB)), "plugins/mysql.so")

EVENTS = """CREATE DATABASE grid CHARACTER SET utf8mb4; USE grid;
CREATE TABLE event (event_no VARCHAR(20) PRIMARY KEY, grid_code VARCHAR(20), reporter VARCHAR(50) CHARACTER SET gbk,
  item_code VARCHAR(10), cls CHAR(2), title VARCHAR(100), content TEXT, lng DECIMAL(10,6), lat DECIMAL(10,6), occur_at DATETIME,
  level ENUM('1','2','3','4'), state INT, assignee VARCHAR(50), finished_at DATETIME, satisfied CHAR(1), src_no VARCHAR(20),
  updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), deleted_at DATETIME)"""


def fill(first, last):
    return f"""USE grid; INSERT INTO grid.event SELECT CONCAT('E', LPAD(seq, 6, '0')), CONCAT('G', seq MOD 100), CONCAT('李', seq), '01001',
  LPAD(1 + seq MOD 16, 2, '0'), CONCAT('下水道堵塞', seq), CONCAT('　内容 ', seq), 121.5 + seq * 0.00001, 38.9,
  TIMESTAMP '2026-06-01 08:00:00' + INTERVAL seq MINUTE, CONCAT(1 + seq MOD 4), 80, '街道', NULL, '1', NULL, NOW(6), NULL
  FROM seq_{first}_to_{last}"""


class BinlogTest(unittest.TestCase):
    def setUp(self):
        for needed in (SERVER, PLUGIN):
            self.assertTrue(os.path.exists(needed), f"{needed} is not there: scripts/install test")
        self.mariadb = Mariadb()
        self.addCleanup(self.mariadb.stop)
        self.folder = tempfile.mkdtemp(prefix="yimen-binlog-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        with open(PLUGIN, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        plugins = json.dumps({"dir": os.path.dirname(PLUGIN), "allow": {"mysql": digest}})
        self.write("sources/qu-grid.yaml", f"kind: mysql\nsocket: {self.mariadb.socket}\ndatabase: grid\nuser: root\ntls: \"off\"\n")
        self.write("yimen.yaml", f"""data_dir: {self.folder}/data
adapters_dir: {self.folder}/adapters
policies_dir: {ROOT}/policies
server: {{hub_host: yimen.localhost, listeners: [{{address: 127.0.0.1, port: 8443, plain: true}}]}}
district: {{name_zh: 测试区, name_en: Test}}
sync: {{sources: sources}}
plugins: {plugins}
""")
        shutil.copytree(f"{ROOT}/adapters/qu-grid", f"{self.folder}/adapters/qu-grid")
        with open(f"{ROOT}/adapters/qu-grid/data.yaml", encoding="utf-8") as file:
            text = file.read()
        self.assertIn("watermark: updated_at\n      overlap: 2m", text)
        text = text.replace("kind: postgresql\n  host: grid-db.example", "kind: mysql\n  host: grid-db.example")
        self.write("adapters/qu-grid/data.yaml", text.replace("watermark: updated_at\n      overlap: 2m", "log: {}", 1))
        self.mariadb.sql(EVENTS)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def sync(self, *words, status=0):
        done = subprocess.run([HUB, "sync", *words, "--config", f"{self.folder}/yimen.yaml"], capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def rows(self, sql):
        database = sqlite3.connect(f"{self.folder}/data/shared.db")
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def assert_equal_to_source(self):
        wanted = self.mariadb.sql("SELECT CONCAT_WS('|', event_no, reporter, title, TRIM(LEADING '　' FROM content),"
                                  " IF(state = 80, '办结', '退回')) FROM grid.event ORDER BY event_no")
        got = ["|".join(row) for row in
               self.rows("SELECT event_no, reporter, title, content, state FROM grid_event ORDER BY event_no")]
        self.assertEqual(got, wanted)

    def assert_counters_hold(self):
        self.assertEqual(self.rows("SELECT count(*) FROM sync_run WHERE n_read <> n_inserted + n_updated + n_unchanged +"
                                   " n_rejected + n_deduped + n_deleted"), [(0,)])
        # Every row got in by an insertion and out by a deletion, once each.
        self.assertEqual(self.rows("SELECT sum(n_inserted) - sum(n_deleted) FROM sync_run"),
                         self.rows("SELECT count(*) FROM grid_event"))

    def test_changes_and_deletions_come_and_a_lost_log_is_said(self):
        self.mariadb.sql(fill(1, 500))
        self.assertIn("inserted 500", self.sync("run", "ZS-SQ-013"))
        self.assertIn("read 0", self.sync("run", "ZS-SQ-013"))
        self.mariadb.sql("DELETE FROM grid.event WHERE event_no <= 'E000010';"
                         "UPDATE grid.event SET title = '改' WHERE event_no = 'E000020';"
                         "UPDATE grid.event SET event_no = 'E900000' WHERE event_no = 'E000021'")
        out = self.sync("run", "ZS-SQ-013")
        self.assertIn("deleted 11", out)
        self.assertIn("updated 1", out)
        self.assertIn("inserted 1", out)
        self.assert_equal_to_source()
        self.assert_counters_hold()
        self.mariadb.sql("TRUNCATE grid.event")
        self.assertIn("--full", self.sync("run", "ZS-SQ-013", status=1))
        self.mariadb.sql(fill(1, 100) + "; RESET MASTER")
        self.sync("run", "ZS-SQ-013", status=1)

    def test_killed_while_it_follows_it_ends_equal_with_exact_counters(self):
        kills = int(os.environ.get("YIMEN_SYNC_KILLS", "12"))
        dice = random.Random(os.environ.get("YIMEN_SEED", "20261122"))
        self.mariadb.sql(fill(1, 5000))
        self.sync("run", "ZS-SQ-013")
        for i in range(kills):
            self.mariadb.sql(fill(10_000 + i * 5000, 10_000 + i * 5000 + 4999))
            self.mariadb.sql(f"BEGIN; DELETE FROM grid.event WHERE event_no LIKE '%{i % 10}';"
                             f"UPDATE grid.event SET content = 'x{i}' WHERE event_no LIKE '%{(i + 1) % 10}'; COMMIT")
            child = subprocess.Popen([HUB, "sync", "run", "ZS-SQ-013", "--config", f"{self.folder}/yimen.yaml"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.05, 0.8))
            if i % 4 == 3:
                self.mariadb.kill()
                self.mariadb.start()
            child.send_signal(signal.SIGKILL)
            child.wait()
        self.sync("run", "ZS-SQ-013")
        self.assert_equal_to_source()
        self.assert_counters_hold()


if __name__ == "__main__":
    unittest.main()
