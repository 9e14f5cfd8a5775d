#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "sync/sources/pg_connection.h"

namespace yimen::sync {

/// A real PostgreSQL of the test's own, reached by a Unix socket in a folder that goes with it. Started once per
/// process. The server refuses to run as root, so there it runs as the package's user.
class PostgresServer {
public:
    static PostgresServer& instance() {
        static PostgresServer server;
        return server;
    }

    /// Fails the calling test, in words, where the server's programs are missing.
    [[nodiscard]] bool ready() const {
        if (!started_)
            ADD_FAILURE() << "PostgreSQL 15 did not start in " << folder_ << ": see its log; scripts/install test";
        return started_;
    }
    PgAddress address(const std::string& database = "postgres") const {
        PgAddress out;
        out.host = folder_;
        out.database = database;
        out.user = "postgres";
        return out;
    }
    PgConnection connect(const std::string& database = "postgres") const {
        auto connection = PgConnection::open(address(database));
        EXPECT_TRUE(connection.ok()) << connection.error().describe();
        return std::move(connection).value();
    }
    /// Runs one statement and fails the test when the server refuses it.
    void run(const std::string& sql, const std::string& database = "postgres") const {
        auto connection = connect(database);
        const auto result = connection.query(sql);
        EXPECT_TRUE(result.ok()) << result.error().describe() << "\n" << sql;
    }
    /// pg_ctl stop -m immediate, as a power cut would; start() brings it back.
    void stopAtOnce() { started_ = !control("-m immediate stop") && started_; }
    void start() {
        started_ = control("-l " + folder_ + "/log -w -o \"-k " + folder_ +
                           " -c listen_addresses='' -c fsync=off -c wal_level=logical -c max_wal_senders=8"
                           " -c max_prepared_transactions=8 -c unix_socket_permissions=0777\" start");
    }

private:
    PostgresServer() {
        folder_ = std::filesystem::temp_directory_path() / ("yimen-pg-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
        if (::geteuid() == 0) {
            as_ = "runuser -u postgres -- ";
            std::filesystem::permissions(folder_, std::filesystem::perms::all);
        }
        if (shell(program("initdb") + " -D " + folder_ + "/data -U postgres -A trust -E UTF8 --locale=C --no-sync"))
            start();
    }
    ~PostgresServer() {
        control("-m immediate stop");
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    std::string program(const std::string& name) const { return as_ + "/usr/lib/postgresql/15/bin/" + name; }
    bool control(const std::string& what) const {
        return shell(program("pg_ctl") + " -D " + folder_ + "/data " + what);
    }
    bool shell(const std::string& command) const {
        return std::system((command + " > " + folder_ + "/out 2>&1 < /dev/null").c_str()) == 0;
    }

    std::string folder_;
    std::string as_;
    bool started_ = false;
};

}  // namespace yimen::sync
