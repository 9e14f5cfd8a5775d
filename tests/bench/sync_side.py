"""A server of its own with the register, an empty target and the adapters that move one into the other."""
import os

import sync_data
from sync_server import Server

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ITEM = os.path.join(ROOT, "build", "release", "tests", "bench", "bench_sync_item")
CHANGED = ("{query: \"SELECT id, xm, sfzh, xb, mz, csrq, dz, dh, jd, sq, zt, CASE id % 50 WHEN 0 THEN bz || '改' "
           "ELSE bz END AS bz, gx FROM people\", key: [id]}")


class Side:
    def __init__(self, rows):
        self.server, self.schemas = Server(), 0
        for database, first in (("src", 1), ("more", rows + 1)):
            self.server.sql("postgres", f"CREATE DATABASE {database}")
            self.server.sql(database, f"CREATE TABLE people {sync_data.TABLE}")
            self.server.sql(database, sync_data.fill("people", first, rows))
            self.server.sql(database, "VACUUM ANALYZE people")
        self.server.sql("postgres", "CREATE DATABASE dst")
        self.folder = os.path.join(self.server.folder, "adapters")
        os.mkdir(self.folder)
        make = lambda name, *rest, **more: sync_data.adapter(self.folder, name, self.server, *rest, **more)
        self.adapters = {
            "load": make("load", "src", "{table: people}"),
            "changed": make("changed", "src", CHANGED),
            "more": make("more", "more", "{table: people}", deletes="{how: none}"),
            "map_batch": make("map_batch", "src", "{table: people}", script="map_batch"),
            "map": make("map", "src", "{table: people}", script="map")}

    def schema(self):
        self.schemas += 1
        name = f"s{self.schemas}"
        self.server.sql("dst", f"CREATE SCHEMA {name}")
        return name

    def drop(self, *schemas):
        for name in schemas:
            self.server.sql("dst", f"DROP SCHEMA {name} CASCADE")

    def conninfo(self, schema):
        return f"host={self.server.folder} user=yimen dbname=dst options='-c search_path={schema}'"

    def item(self, adapter, schema, max_keys=0):
        """The command that brings the rows of an adapter's source into the item in that schema."""
        return [ITEM, "run", adapter, self.conninfo(schema), str(max_keys)]

    def pipe(self, schema):
        """psql to psql, into a table with its key; nothing mapped, nothing remembered."""
        self.server.sql("dst", f"CREATE TABLE {schema}.people {sync_data.TABLE}")
        return [self.server.psql("src", "COPY people TO STDOUT"),
                self.server.psql("dst", f"COPY {schema}.people FROM STDIN")]
