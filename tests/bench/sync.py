#!/usr/bin/env python3
"""CPU of the sync engine against the tools that only copy, in one interleaved run (M1 to M9 of the engine's targets).

Ratios against the peers come from pairs in turns of 50 ms, each way in a server of its own (sync_pairs.py). Besides, each
round runs every way once alone, every second round in the opposite order, for the absolute figures and what has no pair;
median [min-max] over the rounds is printed. The figure is CPU seconds, client and server together (sync_server.py says how
exactly), because the wall clock of a shared machine measures the others. Source and target are databases of one
PostgreSQL with its default durability. What the engine does that the peers do not: maps and checks each row, commits
10,000 rows at a time with checkpoint, lineage and counters, keeps five system columns per row, detects deletions.
In the peers' favour: psql's pipe is one COPY into a table with its primary key made before; pgloader, ogr2ogr and
pgcopydb make it afterwards; none of them maps.
"""
import argparse
import json
import os
import shutil
import statistics
import sys

import sync_data
import sync_follow
import sync_peers
from sync_pairs import Pairs
from sync_server import missing
from sync_side import ITEM, Side

class Bench:
    def __init__(self, options):
        self.options, self.rows = options, options.rows
        self.side = Side(options.rows)
        self.server, self.adapters, self.schema = self.side.server, self.side.adapters, self.side.schema
        self.costs = {}  # name -> cost of each round
        self.truth = self.server.sql("src", sync_data.TRUTH)
        self.pairs = Pairs(self.side, options.rows, sync_peers.chosen(options), options.verbose)

    def note(self, name, cost):
        self.costs.setdefault(name, []).append(cost)
        if self.options.verbose:
            print(f"  {name}: client {cost.client:.2f} + server {cost.server:.2f} s CPU, wall {cost.wall:.2f} s, "
                  f"RSS {cost.rss:.0f} MB", file=sys.stderr, flush=True)
        return cost

    def engine(self, name, adapter, schema, max_keys=0, **expected):
        cost, text = self.server.measure(self.side.item(adapter, schema, max_keys))
        done = json.loads(text)
        for field, count in expected.items():
            if done[field] != count:
                raise SystemExit(f"{name}: {field} is {done[field]}, not {count}: {text}")
        return self.note(name, cost)

    def pipe(self):
        schema = self.schema()
        cost, _ = self.server.measure(*self.side.pipe(schema))
        self.note("pipe", cost)
        # What tools without a memory do to bring the same rows again: all of them through a staging table, blindly.
        assign = ", ".join(f"{c} = excluded.{c}" for c in sync_data.COLUMNS.split(", ")[1:])
        self.server.sql("dst", f"CREATE UNLOGGED TABLE {schema}.stage (LIKE {schema}.people)")
        cost, _ = self.server.measure(
            self.server.psql("src", "COPY people TO STDOUT"),
            self.server.psql("dst", f"COPY {schema}.stage FROM STDIN") +
            ["-c", f"INSERT INTO {schema}.people SELECT * FROM {schema}.stage ON CONFLICT (id) DO UPDATE SET {assign}"])
        self.note("blind upsert", cost)
        self.side.drop(schema)

    def written(self, schema):
        """Tuples that statements wrote into the item's tables so far. The server counts when a backend ends."""
        return self.server.sql("dst", "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE "
                                      f"schemaname = '{schema}' AND relname IN ('people', 'people_history')")

    def ours(self):
        n, schema = self.rows, self.schema()
        self.engine("first", self.adapters["load"], schema, inserted=n, read=n, rejected=0)
        found = self.server.sql("dst", sync_data.FOUND.format(schema=schema))
        if found != self.truth:
            raise SystemExit(f"the target holds something else than the source: {found}, not {self.truth}")
        before = self.written(schema)
        self.engine("same", self.adapters["load"], schema, unchanged=n, inserted=0, updated=0, removed=0)
        if self.written(schema) != before:
            raise SystemExit("a re-sync without a change wrote tuples")
        self.engine("changed", self.adapters["changed"], schema, updated=n // 50, unchanged=n - n // 50)
        self.engine("more", self.adapters["more"], schema, inserted=n, read=n)
        self.side.drop(schema)
        for script in ("map_batch", "map"):
            schema = self.schema()
            self.engine(script, self.adapters[script], schema, inserted=n, rejected=0)
            if script == "map":
                self.engine("merge", self.adapters["more"], schema, max_keys=1, inserted=n)
            self.side.drop(schema)

    def rounds(self):
        ways = [self.pipe, self.ours] + [lambda peer=peer: self.note(peer.name, peer.copy(self.server, self.rows))
                                         for peer in sync_peers.chosen(self.options)]
        for number in range(self.options.rounds):
            self.pairs.round(number)
            if self.options.only_pairs:
                continue
            for way in ways if number % 2 == 0 else reversed(ways):
                way()

    def cells(self):
        """Rows of 1 MB, first load; the engine alone."""
        count = 20 if self.options.smoke else 300
        self.server.sql("postgres", "CREATE DATABASE cells")
        self.server.sql("cells", "CREATE TABLE cells (id bigint PRIMARY KEY, body text)")
        self.server.sql("cells", "INSERT INTO cells SELECT g, string_agg(md5(g || ' ' || i), '') FROM "
                                 f"generate_series(1, {count}) g, generate_series(1, 32768) i GROUP BY g")
        self.engine("cells", sync_data.cells_adapter(self.side.folder, self.server), self.schema(), inserted=count)

    def tenfold(self):
        self.server.sql("postgres", "CREATE DATABASE big")
        self.server.sql("big", f"CREATE TABLE people {sync_data.TABLE}")
        for part in range(10):
            self.server.sql("big", sync_data.fill("people", part * self.rows + 1, self.rows))
        self.server.sql("big", "VACUUM ANALYZE people")
        adapter = sync_data.adapter(self.side.folder, "big", self.server, "big", "{table: people}")
        schema = self.schema()
        self.engine("tenfold", adapter, schema, inserted=10 * self.rows)
        self.engine("tenfold same", adapter, schema, unchanged=10 * self.rows)

    def claims(self):
        schema = self.schema()
        _, text = self.server.measure([ITEM, "claims", self.side.conninfo(schema), self.server.folder, "dst", schema,
                                       "1" if self.options.smoke else "5"])
        return json.loads(text)

    def ratios(self, over, under, what=lambda cost: cost.total, factor=1.0):
        pairs = zip(self.costs[over], self.costs[under])
        return [factor * what(a) / what(b) for a, b in pairs]


def spread(values, unit="", digits=2):
    return f"{statistics.median(values):.{digits}f}{unit} [{min(values):.{digits}f}-{max(values):.{digits}f}]"


def report(bench, claims):
    costs, rows = bench.costs, bench.rows
    print(f"{rows} rows, {bench.options.rounds} rounds, load average {' '.join(f'{x:.1f}' for x in os.getloadavg())}")
    print(f"{'way':<14} {'client s':>9} {'server s':>9} {'CPU s':>7} {'[min-max]':>14} {'wall s':>7} {'RSS MB':>7}")
    for name, all_of in costs.items():
        middle = lambda pick: statistics.median(pick(c) for c in all_of)
        totals = [c.total for c in all_of]
        print(f"{name:<14} {middle(lambda c: c.client):9.2f} {middle(lambda c: c.server):9.2f} "
              f"{statistics.median(totals):7.2f} {f'[{min(totals):.2f}-{max(totals):.2f}]':>14} "
              f"{middle(lambda c: c.wall):7.2f} {max(c.rss for c in all_of):7.0f}")
    print("\nratios of CPU, median [min-max] of the rounds")

    def line(mark, target, values, unit="x"):
        print(f"{mark:<4} {target:<64} {spread(values, unit)}")

    pairs = bench.pairs.ratios
    line("M1", "first load, mapped and checkpointed: rows per CPU-s of the pipe's, >= 0.80", pairs["pipe/first"])
    for peer, target in (("pgloader", ", >= 4"), ("ogr2ogr", ", >= 1.4"), ("pgcopydb", "")):
        if f"{peer}/first" in pairs:
            line("M2", f"first load: rows per CPU-s of {peer}'s{target}", pairs[f"{peer}/first"])
    line("M3", "only new rows into a filled item: of the pipe's, >= 0.60", pairs["pipe/more"])
    if "merge" in costs:
        line("M3", "the same, item too large to know its keys: of the pipe's", bench.ratios("pipe", "merge"))
    line("M4", "re-sync, nothing changed, 0 tuples written: of the first load, <= 0.35", pairs["same/first"])
    if bench.options.only_pairs:
        return
    if "blind upsert" in costs:
        line("M4", "the same: blind upsert of all rows costs so many times more", bench.ratios("blind upsert", "same"))
    line("M4", "re-sync, 2 % changed: of the first load", bench.ratios("changed", "first"))
    each = lambda name: [c.client / rows * 1e6 for c in costs[name]]
    line("M5", "client CPU per row, declared mapping, <= 0.9 us", each("first"), " us")
    if "map" in costs:
        line("M5", "client CPU per row, map_batch in Lua, <= 0.9 us", each("map_batch"), " us")
        line("M5", "client CPU per row, map(row) in Lua, <= 1.5 us", each("map"), " us")
    for name, what in (("first", "first load"), ("same", "re-sync"), ("cells", "cells of 1 MB"),
                       ("tenfold", "ten times the rows"), ("tenfold same", "ten times the rows, re-sync")):
        if name in costs:
            line("M6", f"peak of memory, {what}, <= 64 MB", [c.rss for c in costs[name]], " MB")
    if "pgloader" in costs:
        line("M6", "pgloader's peak of memory is so many times ours, >= 8",
             bench.ratios("pgloader", "first", what=lambda c: c.rss))
    if claims is None:
        return
    print("M7   GBK CSV to a batch: bench_gbk_csv, below")
    follow = sync_follow.measure(ITEM, bench.options.smoke)
    line("M8", "client CPU per change of the log, <= 1.5 us", follow["us"], " us")
    lag = follow["lag"]
    print(f"M8   lag at {lag['rate']:.0f} transactions a second, < 1 s: p50 {lag['p50']:.2f} s, p99 {lag['p99']:.2f} s, "
          f"most {lag['max']:.2f} s; {lag['missing']} not arrived")
    line("M9", "claims of 8 nodes a second: of those without SKIP LOCKED, >= 5", [a / b for a, b in claims["claims"]])
    line("M9", "leases until a dead node's job is claimed, < 2", [claims["leases_until_taken_over"]], "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--peers", default="pgloader,ogr2ogr,pgcopydb", help="comma-separated; empty: only psql's pipe")
    parser.add_argument("--large", action="store_true", help="also ten times the rows (M6): takes minutes")
    parser.add_argument("--smoke", action="store_true", help="a few seconds, for CI: everything runs, figures mean little")
    parser.add_argument("--only-pairs", action="store_true", help="pipe, first load, re-sync, new rows: for tuning")
    parser.add_argument("--verbose", action="store_true", help="each measurement as it comes, on stderr")
    options = parser.parse_args()
    options.rows = options.rows or (20_000 if options.smoke else 1_000_000)
    options.rounds = options.rounds or (1 if options.smoke else 5)
    lacking = missing(["psql", "postgres", *sync_peers.programs(options)])
    if lacking:
        raise SystemExit(f"missing programs: {' '.join(lacking)}; run scripts/install bench")
    bench = Bench(options)
    try:
        bench.rounds()
        if not options.only_pairs:
            bench.cells()
        if options.large:
            bench.tenfold()
        report(bench, None if options.only_pairs else bench.claims())
    finally:
        bench.server.stop()
        bench.pairs.stop()


if __name__ == "__main__":
    sys.exit(main())
