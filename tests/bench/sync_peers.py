"""The peers from Debian that copy a PostgreSQL table into another database, each as its manual says it is fastest."""
import os
import shutil


class Peer:
    name = ""

    def fresh(self, server):
        server.sql("postgres", "DROP DATABASE IF EXISTS peer")
        server.sql("postgres", "CREATE DATABASE peer")

    def copy(self, server, rows):
        self.fresh(server)
        cost, _ = server.measure(*self.commands(server), environment=self.environment)
        count = server.sql("peer", "SELECT count(*) FROM people")
        if count != str(rows):
            raise SystemExit(f"{self.name} copied {count} rows, not {rows}")
        server.sql("postgres", "DROP DATABASE peer")
        return cost

    environment = {}


class PgLoader(Peer):
    name = "pgloader"

    def commands(self, server):
        script = os.path.join(server.folder, "peer.load")
        with open(script, "w") as file:
            file.write(f"LOAD DATABASE FROM postgresql://yimen@unix:{server.folder}:5432/src\n"
                       f"INTO postgresql://yimen@unix:{server.folder}:5432/peer\n"
                       "WITH include drop, create tables, create indexes;\n")
        return [["pgloader", "--root-dir", os.path.join(server.folder, "pgloader"), script]]


class Ogr(Peer):
    name = "ogr2ogr"
    environment = {"PG_USE_COPY": "YES"}

    def commands(self, server):
        place = lambda database: f"PG:host={server.folder} user=yimen dbname={database}"
        return [["ogr2ogr", "-f", "PostgreSQL", place("peer"), place("src"), "people", "-nln", "people", "-preserve_fid",
                 "-lco", "FID=id", "-lco", "FID64=TRUE", "-gt", "65536"]]


class PgCopyDb(Peer):
    name = "pgcopydb"

    def commands(self, server):
        folder = os.path.join(server.folder, "pgcopydb")
        shutil.rmtree(folder, ignore_errors=True)
        return [["pgcopydb", "clone", "--source", server.url("src"), "--target", server.url("peer"), "--dir", folder,
                 "--table-jobs", "1", "--index-jobs", "1"]]


PEERS = [PgLoader(), Ogr(), PgCopyDb()]


def chosen(options):
    """--smoke takes the peers that are there."""
    wanted = [peer for peer in PEERS if peer.name in options.peers.split(",")]
    return [peer for peer in wanted if shutil.which(peer.name)] if options.smoke else wanted


def programs(options):
    return [peer.name for peer in chosen(options)]
