// What the mysql plugin reads from the log of a real MariaDB equals what a SELECT gives, cell for cell. Skipped, and
// said, when the server is not installed.
#include "mariadb_follower.h"

namespace {

using namespace yimen::test;

using MariadbCells = MariadbFollower;

/// Declarations of columns and how a random value of each is written.
struct Kind {
    const char* type;
    std::string (*value)(std::mt19937&);
};

template <std::int64_t Low, std::int64_t High>
std::string whole(std::mt19937& dice) {
    return std::to_string(number(dice, 0, 5) == 0 ? Low : number(dice, 0, 5) == 0 ? High : number(dice, Low, High));
}
template <int Before, int Behind>
std::string decimal(std::mt19937& dice) {
    std::string out = number(dice, 0, 1) == 0 ? "-" : "";
    for (int i = static_cast<int>(number(dice, 0, Before)); i > 0; --i)
        out += static_cast<char>('0' + number(dice, 0, 9));
    out += "0.";
    for (int i = 0; i < Behind; ++i) out += static_cast<char>('0' + number(dice, 0, 9));
    return out;
}
template <int Digits>
std::string real(std::mt19937& dice) {
    char text[64];
    const double value = std::uniform_real_distribution<double>(-10, 10)(dice);
    const int exponent = static_cast<int>(number(dice, -20, 20));
    std::snprintf(text, sizeof text, "%.*fe%d", static_cast<int>(number(dice, 1, Digits)), value, exponent);
    return number(dice, 0, 8) == 0 ? "-0" : text;
}
std::string two(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}
std::string clock(std::mt19937& dice) {
    return two(number(dice, 0, 23)) + ":" + two(number(dice, 0, 59)) + ":" + two(number(dice, 0, 59)) + "." +
           std::to_string(number(dice, 100000, 999999));
}
std::string date(std::mt19937& dice) {
    if (number(dice, 0, 7) == 0) return "'0000-00-00'";
    return "'" + std::to_string(number(dice, 1000, 9999)) + "-" + two(number(dice, 1, 12)) + "-" +
           two(number(dice, 1, 28)) + "'";
}
std::string datetime(std::mt19937& dice) {
    std::string out = date(dice);
    out.pop_back();
    return out + (out == "'0000-00-00" ? "" : " " + clock(dice)) + "'";
}
std::string timestamp(std::mt19937& dice) {
    if (number(dice, 0, 7) == 0) return "0";
    return "'" + std::to_string(number(dice, 1971, 2037)) + "-" + two(number(dice, 1, 12)) + "-" +
           two(number(dice, 1, 28)) + " " + clock(dice) + "'";
}
std::string time(std::mt19937& dice) {
    return std::string(number(dice, 0, 1) == 0 ? "'-" : "'") + std::to_string(number(dice, 0, 838)) +
           clock(dice).substr(2) + "'";
}
template <int Most>
std::string text(std::mt19937& dice) {
    static const std::vector<std::string> kWords{"区", "一门", "a", "Z", " ", "é", "'' ", "\\\\", "。", "①", "电力"};
    std::string out;
    for (auto i = number(dice, 0, Most); i > 0; --i) out += kWords[static_cast<std::size_t>(number(dice, 0, 7))];
    return "'" + out + "'";
}
template <int Most>
std::string chinese(std::mt19937& dice) {
    static const std::vector<std::string> kWords{"区", "一门", "a", "Z", " ", "。", "①", "电力"};
    std::string out;
    for (auto i = number(dice, 0, Most); i > 0; --i) out += kWords[static_cast<std::size_t>(number(dice, 0, 7))];
    return "'" + out + "'";
}
std::string wide(std::mt19937& dice) {
    return number(dice, 0, 9) == 0 ? "REPEAT('😀x', " + std::to_string(number(dice, 100, 9000)) + ")" : "'😀'";
}
template <int Most>
std::string bytes(std::mt19937& dice) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (auto i = number(dice, 0, Most); i > 0; --i) {
        out += number(dice, 0, 2) == 0 ? std::string("00")
                                       : std::string{kDigits[number(dice, 0, 15)], kDigits[number(dice, 0, 15)]};
    }
    return "X'" + out + "'";
}

const std::vector<Kind> kKinds{
    {"TINYINT", whole<-128, 127>},
    {"TINYINT UNSIGNED", whole<0, 255>},
    {"SMALLINT", whole<-32768, 32767>},
    {"SMALLINT UNSIGNED", whole<0, 65535>},
    {"MEDIUMINT", whole<-8388608, 8388607>},
    {"MEDIUMINT UNSIGNED", whole<0, 16777215>},
    {"INT", whole<-2147483648LL, 2147483647LL>},
    {"INT UNSIGNED", whole<0, 4294967295LL>},
    {"INT(8) UNSIGNED ZEROFILL", whole<0, 99999>},
    {"YEAR", whole<1901, 2155>},
    {"BIGINT", whole<INT64_MIN, INT64_MAX>},
    {"BIGINT UNSIGNED",
     [](std::mt19937& dice) { return std::to_string(static_cast<std::uint64_t>(number(dice, INT64_MIN, INT64_MAX))); }},
    {"DECIMAL(12,3)", decimal<8, 3>},
    {"DECIMAL(65,30)", decimal<34, 30>},
    {"DECIMAL(9,9)", decimal<0, 9>},
    {"DECIMAL(20,0)", whole<-999999999999LL, 999999999999LL>},
    {"DECIMAL(10,2) UNSIGNED ZEROFILL", [](std::mt19937& dice) { return decimal<6, 2>(dice).substr(1) + "1"; }},
    {"FLOAT", real<9>},
    {"FLOAT(9,3)", decimal<4, 4>},
    {"FLOAT UNSIGNED", [](std::mt19937& dice) { return std::to_string(number(dice, 0, 99999999)); }},
    {"DOUBLE", real<17>},
    {"DOUBLE(20,6)", decimal<12, 8>},
    {"DATE", date},
    {"DATETIME", datetime},
    {"DATETIME(1)", datetime},
    {"DATETIME(3)", datetime},
    {"DATETIME(6)", datetime},
    {"TIMESTAMP NULL", timestamp},
    {"TIMESTAMP(2) NULL", timestamp},
    {"TIMESTAMP(5) NULL", timestamp},
    {"TIMESTAMP(6) NULL", timestamp},
    {"TIME", time},
    {"TIME(1)", time},
    {"TIME(2)", time},
    {"TIME(3)", time},
    {"TIME(4)", time},
    {"TIME(6)", time},
    {"CHAR(10)", text<5>},
    {"CHAR(200)", text<80>},
    {"CHAR(20) CHARACTER SET gbk", chinese<10>},
    {"VARCHAR(20)", text<10>},
    {"VARCHAR(300)", text<150>},
    {"VARCHAR(200) CHARACTER SET gbk", chinese<100>},
    {"VARCHAR(50) CHARACTER SET latin1",
     [](std::mt19937& dice) { return number(dice, 0, 1) == 0 ? std::string("'é€ ÿ'") : std::string("'a'"); }},
    {"VARCHAR(50) CHARACTER SET ucs2", chinese<10>},
    {"VARCHAR(50) CHARACTER SET utf16", text<10>},
    {"CHAR(50) CHARACTER SET utf32", text<10>},
    {"CHAR(50) CHARACTER SET utf8mb3", text<10>},
    {"TEXT CHARACTER SET gb2312",
     [](std::mt19937& dice) { return number(dice, 0, 1) == 0 ? std::string("'区 。'") : std::string("'a'"); }},
    {"CHAR(3) CHARACTER SET ascii", [](std::mt19937&) { return std::string("'a '"); }},
    {"VARCHAR(50) COLLATE utf8mb4_uca1400_ai_ci", text<10>},
    {"TINYTEXT", text<20>},
    {"TEXT CHARACTER SET gbk", chinese<60>},
    {"MEDIUMTEXT", wide},
    {"LONGTEXT", wide},
    {"JSON", [](std::mt19937& dice) { return "'{\"a\": [" + whole<0, 9>(dice) + ", \"中\"]}'"; }},
    {"ENUM('甲','b','')", [](std::mt19937& dice) { return whole<0, 3>(dice); }},
    {"ENUM('区','x') CHARACTER SET gbk", [](std::mt19937& dice) { return whole<1, 2>(dice); }},
    {"SET('甲','b','c','d','e','f','g','h','i')", whole<0, 511>},
    {"SET('区','x') CHARACTER SET gbk", whole<0, 3>},
    {"BINARY(8)", bytes<8>},
    {"BINARY(255)", bytes<100>},
    {"VARBINARY(30)", bytes<30>},
    {"BLOB", bytes<300>},
    {"BIT(1)", whole<0, 1>},
    {"BIT(12)", whole<0, 4095>},
    {"BIT(64)", whole<0, INT64_MAX>},
    {"BOOLEAN", whole<0, 1>},
    {"POINT", [](std::mt19937& dice) { return "POINT(" + whole<0, 9>(dice) + ", 2)"; }},
    {"INT AS (id * 2) STORED", nullptr},
};

std::string values(std::mt19937& dice, std::uint64_t id) {
    std::string out = "(" + std::to_string(id);
    for (const Kind& kind : kKinds) {
        if (kind.value != nullptr) out += ", " + (number(dice, 0, 9) == 0 ? "NULL" : kind.value(dice));
    }
    return out + ")";
}

TEST_F(MariadbCells, GivesEveryCellAsASelectDoes) {
    std::string create = "CREATE OR REPLACE TABLE kinds (id INT UNSIGNED PRIMARY KEY";
    std::string names = "id";
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        create += ", c" + std::to_string(i) + " " + kKinds[i].type;
        if (kKinds[i].value != nullptr) names += ", c" + std::to_string(i);
    }
    server->sql({create + ")"});
    const auto from = source(R"("table":"kinds")");
    Copy copy;
    run(*from, copy);
    ASSERT_TRUE(copy.rows.empty());
    const char* seed = std::getenv("YIMEN_SEED");
    std::mt19937 dice(seed == nullptr ? 20261122U : static_cast<unsigned>(std::atol(seed)));
    for (int round = 0; round < 4; ++round) {
        std::vector<std::string> statements{"SET time_zone = '+00:00'"};
        for (int i = 0; i < 100; ++i) {
            const std::uint64_t id = static_cast<std::uint64_t>(number(dice, 1, 200));
            statements.push_back("REPLACE INTO kinds (" + names + ") VALUES " + values(dice, id) + ", " +
                                 values(dice, id + 200));
            if (i % 10 == 0)
                statements.push_back("DELETE FROM kinds WHERE id = " + std::to_string(number(dice, 1, 400)));
            if (i % 15 == 0)
                statements.push_back("UPDATE IGNORE kinds SET id = id + 1000 WHERE id = " +
                                     std::to_string(number(dice, 1, 400)));
        }
        server->sql(statements);
        run(*from, copy, 37);
        expectEqual(R"("table":"kinds")", copy);
    }
    EXPECT_GT(copy.deleted, 0U);
}

TEST_F(MariadbCells, ReadsTheWholeOfEachCharacterSet) {
    // Every code of two bytes that the server takes for a character, ten to a row.
    for (const char* charset : {"gbk", "gb2312", "latin1"}) {
        server->sql({std::string("CREATE OR REPLACE TABLE codes (id INT PRIMARY KEY, c CHAR(1) CHARACTER SET ") +
                     charset + ")"});
        const auto from = source(R"("table":"codes")");
        Copy copy;
        run(*from, copy);
        const bool single = std::string(charset) == "latin1";
        server->sql({single ? "INSERT INTO codes SELECT seq, CHAR(seq USING latin1) FROM seq_1_to_255"
                            : std::string("INSERT INTO codes SELECT seq, CONVERT(CHAR(seq) USING ") + charset +
                                  ") FROM seq_33024_to_65278 WHERE seq MOD 256 >= 64 AND CONVERT(CHAR(seq) USING " +
                                  charset + ") IS NOT NULL AND CONVERT(CONVERT(CHAR(seq) USING " + charset +
                                  ") USING utf8mb4) <> '?'"});
        run(*from, copy);
        EXPECT_GT(copy.rows.size(), single ? 254U : 6000U) << charset;
        expectEqual(R"("table":"codes")", copy);
    }
}

}  // namespace

int main(int argc, char** argv) {
    return yimen::test::runOnMariadb(argc, argv);
}
