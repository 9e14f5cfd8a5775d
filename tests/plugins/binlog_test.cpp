// The decoder of the mysql plugin over events of a MariaDB 10.11, without a server. That every type reads as a SELECT
// gives it is tested against a real one: real/mariadb_log_test.cpp.
#include <gtest/gtest.h>

#include <optional>
#include <yimen/plugin.hpp>

#include "../../plugins/mysql/binlog_charset.h"
#include "../../plugins/mysql/binlog_event.h"
#include "../../plugins/mysql/binlog_numbers.h"
#include "../../plugins/mysql/binlog_rows.h"
#include "../../plugins/mysql/binlog_statement.h"
#include "../../plugins/mysql/binlog_times.h"
#include "../../plugins/mysql/binlog_values.h"

namespace {

using namespace yimen::mysql;
using yimen::sdk::Failure;

std::string bytesOf(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return out;
}

// CREATE TABLE db.t (id INT UNSIGNED PRIMARY KEY, y YEAR, s SMALLINT, n VARCHAR(10) CHARSET gbk, e ENUM('甲','b'),
// st SET('x','y'), bin BINARY(4), f FLOAT, d DECIMAL(12,3))
constexpr std::string_view kTable =
    "e837026b130700000073000000ed030000000012000000000001000264620001740009030d020ffefefe04f60b1400f701f801fe04040c03"
    "fe010101c003021c3f041602696401790173016e01650273740362696e016601640a012d0505020178017906070203e794b201620801"
    "00739aadf6";
// UPDATE db.t SET id = 2, of the row (1, 2026, -3, '中文', '甲', 'x,y', 'a', 1.5, -12.5)
constexpr std::string_view kUpdate =
    "e837026b18070000005c0000006e0500000000120000000000010009ff01ff0100fe010000007efdff04d6d0cec4010301610000c03f7fff"
    "fff3fe0b00fe020000007efdff04d6d0cec4010301610000c03f7ffffff3fe0b808b6faf";
constexpr std::string_view kTruncate =
    "e837026b02070000004c000000db060000000004000000000000000000001a00000000000101000000000000000006037374640421002100"
    "0800007472756e636174652064622e7444742888";

LogTable table() {
    const std::string bytes = bytesOf(kTable);
    return readLogTable(readTableName(readEvent(bytes, true).body).description);
}

std::vector<std::string> texts(const LogTable& table, const RowImage& row) {
    const auto gbk = Charset::make("gbk");
    const auto utf8 = Charset::make("utf8mb4");
    std::vector<std::string> out;
    for (std::size_t i = 0; i < row.size(); ++i) {
        Display display;
        if (table.columns[i].collation != 63)
            display.charset = table.columns[i].collation == 28 ? gbk.get() : utf8.get();
        std::string text;
        if (row[i]) appendCell(table.columns[i], display, *row[i], text);
        out.push_back(row[i] ? text : "NULL");
    }
    return out;
}

TEST(BinlogTable, HasNamesKeysSignsCharacterSetsAndWords) {
    const std::string bytes = bytesOf(kTable);
    const TableName name = readTableName(readEvent(bytes, true).body);
    EXPECT_EQ(name.database, "db");
    EXPECT_EQ(name.table, "t");
    const LogTable t = table();
    ASSERT_EQ(t.columns.size(), 9U);
    EXPECT_TRUE(t.named);
    EXPECT_EQ(t.columns[3].name, "n");
    EXPECT_EQ(t.columns[3].collation, 28U);
    EXPECT_TRUE(t.columns[0].isUnsigned);
    EXPECT_FALSE(t.columns[2].isUnsigned);
    EXPECT_EQ(t.columns[4].elements, (std::vector<std::string>{"甲", "b"}));
    EXPECT_EQ(t.primaryKey, std::vector<std::size_t>{0});
}

TEST(BinlogRows, GiveARowAsItWasAndAsItIs) {
    const std::string bytes = bytesOf(kUpdate);
    const LogTable t = table();
    RowsEvent rows(readEvent(bytes, true));
    ASSERT_TRUE(rows.whole());
    RowImage before;
    RowImage after;
    ASSERT_TRUE(rows.next(t, before, after));
    EXPECT_EQ(texts(t, before),
              (std::vector<std::string>{"1", "2026", "-3", "中文", "甲", "x,y", "61000000", "1.5", "-12.500"}));
    EXPECT_EQ(texts(t, after)[0], "2");
    EXPECT_FALSE(rows.next(t, before, after));
}

TEST(BinlogRows, SayThatAColumnIsMissing) {
    std::string bytes = bytesOf(kUpdate);
    bytes[19 + 9] = 0x7f;  // the last of the columns of the row as it was
    RowsEvent rows(readEvent(bytes, true));
    EXPECT_FALSE(rows.whole());
    RowImage row;
    EXPECT_THROW(rows.next(table(), row, row), Failure);
}

TEST(BinlogEvent, IsRefusedWhenItIsCutAnywhere) {
    const std::string whole = bytesOf(kUpdate);
    const LogTable t = table();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_THROW(readEvent(std::string_view(whole).substr(0, size), true), Failure);
    }
    const Event event = readEvent(whole, true);
    for (std::size_t size = 0; size < event.body.size(); ++size) {
        Event cut = event;
        cut.body = event.body.substr(0, size);
        const auto all = [&] {
            RowsEvent rows(cut);
            RowImage before;
            RowImage after;
            while (rows.next(t, before, after)) texts(t, after);
            if (size == 13) throw Failure(YIMEN_CORRUPT, "an update of no rows is one");
        };
        EXPECT_THROW(all(), Failure) << size;
    }
}

TEST(BinlogEvent, HasAChecksumThatSeesEveryBit) {
    std::string bytes = bytesOf(kUpdate);
    EXPECT_TRUE(checksumHolds(bytes));
    for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 5) {
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(checksumHolds(bytes));
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    }
    EXPECT_FALSE(checksumHolds("abc"));
}

TEST(BinlogEvent, HoldsAStatement) {
    const std::string bytes = bytesOf(kTruncate);
    const Query query = readQuery(readEvent(bytes, true));
    EXPECT_EQ(query.text, "truncate db.t");
    EXPECT_EQ(query.database, "");
}

TEST(BinlogNumbers, AreWrittenAsTheServerDoes) {
    const auto real = [](double value, bool single, std::optional<unsigned> decimals = {}) {
        std::string out;
        appendReal(value, single, decimals, out);
        return out;
    };
    EXPECT_EQ(real(0.1, false), "0.1");
    EXPECT_EQ(real(static_cast<double>(0.1F), true), "0.1");
    EXPECT_EQ(real(16777217, true), "16777200");
    EXPECT_EQ(real(1e15, false), "1e15");
    EXPECT_EQ(real(123456789012345, false), "123456789012345");
    EXPECT_EQ(real(-1e-16, false), "-1e-16");
    EXPECT_EQ(real(1.25e-10, false), "0.000000000125");
    EXPECT_EQ(real(3.14159, true, 2), "3.14");
    std::string decimal;
    appendDecimal(12, 3, bytesOf("7ffffff3fe0b"), decimal);
    EXPECT_EQ(decimal, "-12.500");
    decimal.clear();
    EXPECT_THROW(appendDecimal(9, 0, bytesOf("ffffffff"), decimal), Failure);
}

TEST(BinlogTimes, CoverZeroNegativeAndOldForms) {
    const auto time = [](LogType type, unsigned digits, const char* hex, std::int32_t zone = 0) {
        std::string out;
        appendTime(type, digits, zone, bytesOf(hex), out);
        return out;
    };
    EXPECT_EQ(time(LogType::kDate, 0, "000000"), "0000-00-00");
    EXPECT_EQ(time(LogType::kTimestamp, 0, "00000000", 28800), "0000-00-00 00:00:00");
    EXPECT_EQ(time(LogType::kTimestamp, 0, "00000001", -28800), "1969-12-31 16:00:01");
    EXPECT_EQ(time(LogType::kTimestamp, 3, "386d4380138c", 28800), "2000-01-01 08:00:00.500");
    EXPECT_EQ(time(LogType::kTime, 0, "800000"), "00:00:00");
    EXPECT_EQ(time(LogType::kOldTime, 0, "590a80"), "-838:59:59");
    EXPECT_EQ(time(LogType::kOldDatetime, 0, "1700a94b6d120000"), "2026-06-30 10:20:39");
}

TEST(BinlogStatement, IsKnownByWhatItDoesToTheTable) {
    const auto effect = [](std::string_view text, std::string_view database = "db") {
        return effectOf(text, database, "db", "t");
    };
    EXPECT_EQ(effect("BEGIN"), Effect::kBegin);
    EXPECT_EQ(effect("COMMIT"), Effect::kCommit);
    EXPECT_EQ(effect("ROLLBACK"), Effect::kRollback);
    EXPECT_EQ(effect("ROLLBACK TO `a`"), Effect::kPartRollback);
    for (const char* text : {"TRUNCATE t", "truncate table `T`", "/* x */ TRUNCATE -- y\n db . t",
                             "ALTER TABLE t TRUNCATE PARTITION p", "/*!50100 TRUNCATE */ t",
                             "SET STATEMENT lock_wait_timeout=1 FOR TRUNCATE t", "ALTER TABLE db.t DROP PARTITION p"}) {
        EXPECT_EQ(effect(text), Effect::kEmptied) << text;
    }
    for (const char* text : {"DROP TABLE a, t", "DROP TABLE IF EXISTS `db`.`t` /* generated by server */",
                             "DROP DATABASE db", "RENAME TABLE a TO t", "ALTER TABLE x RENAME t",
                             "ALTER TABLE t RENAME TO x", "CREATE OR REPLACE TABLE t (a INT)", "CREATE TABLE t LIKE x",
                             "ALTER TABLE x EXCHANGE PARTITION p WITH TABLE t"}) {
        EXPECT_EQ(effect(text), Effect::kGone) << text;
    }
    for (const char* text :
         {"ALTER TABLE t MODIFY a INT", "ALTER TABLE t ADD b INT, CHANGE a c BIGINT",
          "ALTER IGNORE TABLE db.t CONVERT TO CHARACTER SET gbk", "ALTER TABLE t ADD SYSTEM VERSIONING"}) {
        EXPECT_EQ(effect(text), Effect::kRewritten) << text;
    }
    for (const char* text : {"INSERT INTO t VALUES (1)", "SET STATEMENT max_statement_time = 1 FOR DELETE FROM t",
                             "UPDATE a JOIN `t` USING (i) SET x = 1", "LOAD DATA INFILE 'x' INTO TABLE t"}) {
        EXPECT_EQ(effect(text), Effect::kAsStatement) << text;
    }
    for (const char* text : {"TRUNCATE u", "TRUNCATE x.t", "DROP TABLE x.t", "DROP TABLE tt",
                             "ALTER TABLE t ADD COLUMN (b INT, c INT DEFAULT 5)",
                             "ALTER TABLE t ADD INDEX (a), DROP COLUMN b, COMMENT 'MODIFY a INT'",
                             "CREATE TABLE IF NOT EXISTS t (a INT)", "INSERT INTO u VALUES ('t')",
                             "CREATE INDEX i ON t (a)", "", "GRANT SELECT ON t TO x", "ALTER TABLE u MODIFY a INT"}) {
        EXPECT_EQ(effect(text), Effect::kNone) << text;
    }
    EXPECT_EQ(effect("TRUNCATE t", "other"), Effect::kNone);
}

}  // namespace
