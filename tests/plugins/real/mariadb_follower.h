#pragma once

// Reads a table through the mysql plugin by the log of a MariaDB, run after run, as the hub does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <yimen/harness.hpp>

#include "mariadb_server.h"

namespace yimen::test {

using ::testing::HasSubstr;
using yimen::harness::Answer;
using yimen::harness::PluginError;
using yimen::harness::Row;
using yimen::harness::Source;

inline MariadbServer* server = nullptr;

/// A target: rows by their first column, and the position that was committed with them.
struct Copy {
    std::map<std::string, Row> rows;
    std::string position;
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;
    std::size_t deleted = 0;

    void apply(const Answer& answer) {
        for (std::size_t i = 0; i < answer.rows.size(); ++i) {
            const Row& row = answer.rows[i];
            const std::string key = row.at(0).value_or("NULL");
            const auto found = rows.find(key);
            if (answer.ops[i] == YIMEN_ROW_DELETE) {
                deleted += rows.erase(key);
            } else if (found == rows.end()) {
                ++inserted;
                rows.emplace(key, row);
            } else {
                ++(found->second == row ? unchanged : updated);
                found->second = row;
            }
        }
        if (!answer.position.empty()) position = answer.position;
    }
};

class MariadbFollower : public ::testing::Test {
protected:
    void SetUp() override {
        if (server->folder.empty()) FAIL() << "mariadb-server is not installed: scripts/install test";
        server->sql({"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO reader"});
    }
    static std::unique_ptr<Source> source(const std::string& read, const std::string& log = R"("follow":0)") {
        const std::string config =
            R"({"source":{"socket":")" + server->folder +
            R"(/s","port":3306,"user":"reader","database":"db","tls":"off","time_zone":"+08:00",)"
            R"("connect_timeout":5000,"read_timeout":60000},"read":{)" +
            read + R"(,"log":{)" + log + "}}}";
        return std::make_unique<Source>(YIMEN_MYSQL_PLUGIN, config,
                                        std::map<std::string, std::string>{{"source.password", "se cret"}});
    }
    /// One run: the table, or what changed since.
    static void run(Source& from, Copy& into, std::size_t rows = 1000, std::uint32_t mode = YIMEN_MODE_INCREMENTAL) {
        from.open({"", ""}, mode, into.position);
        for (bool end = false; !end;) {
            const Answer answer = from.read(rows);
            into.apply(answer);
            end = answer.end;
        }
    }
    static void expectEqual(const std::string& read, const Copy& copy) {
        const std::string config = R"({"source":{"socket":")" + server->folder +
                                   R"(/s","port":3306,"user":"reader","database":"db","tls":"off",)"
                                   R"("time_zone":"+08:00","connect_timeout":5000,"read_timeout":60000},"read":{)" +
                                   read + "}}";
        Source plain(YIMEN_MYSQL_PLUGIN, config, {{"source.password", "se cret"}});
        std::map<std::string, Row> now;
        for (const Row& row : plain.all()) now.emplace(row.at(0).value_or("NULL"), row);
        ASSERT_EQ(copy.rows.size(), now.size());
        const auto names = plain.describe();
        for (const auto& [key, row] : now) {
            const auto found = copy.rows.find(key);
            ASSERT_NE(found, copy.rows.end()) << key;
            for (std::size_t i = 0; i < row.size(); ++i)
                ASSERT_EQ(found->second[i], row[i]) << names[i].first << " of " << key;
        }
    }
    /// What a run from the position is refused with.
    static std::string refusal(Source& from, Copy copy, int code = YIMEN_INVALID) {
        try {
            run(from, copy);
        } catch (const PluginError& error) {
            EXPECT_EQ(error.code, code) << error.what();
            return error.what();
        }
        return "not refused";
    }
};

inline std::int64_t number(std::mt19937& dice, std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(dice);
}

inline int runOnMariadb(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    // A server that forgets what it has committed gives changes out that it has not itself.
    server = new MariadbServer({"--log-bin=bin", "--server-id=7", "--binlog-format=ROW", "--binlog-row-metadata=FULL",
                                "--binlog-row-image=FULL", "--innodb-flush-log-at-trx-commit=1", "--sync-binlog=1"});
    ::testing::AddGlobalTestEnvironment(server);
    return RUN_ALL_TESTS();
}

}  // namespace yimen::test
