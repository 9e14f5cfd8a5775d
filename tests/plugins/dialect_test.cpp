// The statements of each ODBC dialect, compared as texts: those whose servers are not to be had here.
#include "../../plugins/odbc/dialect.h"

#include <gtest/gtest.h>

namespace yimen::odbc {
namespace {

using sdk::Config;
using sdk::Mode;

struct Texts {
    std::string keyset;   ///< the second page of an incremental read, up to a bound
    std::string overlap;  ///< going on from the last run's position
    std::vector<std::string> parameters;
};

Texts textsOf(const char* dialect, bool time) {
    const Dialect words = dialectOf(dialect, time);
    const Config bound(R"({"until":"U"})");
    const Config position(R"({"after":["W","K"]})");
    const sdk::TableRead plain(Config(R"({"read":{"table":"s.t","watermark":["at","id"]}})"));
    const sdk::TableRead late(Config(R"({"read":{"table":"s.t","watermark":["at","id"],"overlap":1500}})"));
    Texts out;
    const sdk::Statement keyset = readStatement(plain, Mode::kIncremental, words.words, bound, position);
    out.keyset = keyset.text;
    out.parameters = keyset.parameters;
    EXPECT_EQ(keyset.compared, (std::vector<std::size_t>{0, 0, 1, 0}));
    if (words.name != "generic")
        out.overlap = readStatement(late, Mode::kIncremental, words.words, bound, position).text;
    return out;
}

TEST(Dialect, SaysItAsSqlServerDoes) {
    const Texts texts = textsOf("sqlserver", true);
    EXPECT_EQ(
        texts.keyset,
        "SELECT * FROM [s].[t] WHERE (([at] > CAST(? AS DATETIME2)) OR ([at] = CAST(? AS DATETIME2) AND [id] > ?)) AND "
        "[at] <= CAST(? AS DATETIME2) ORDER BY [at], [id]");
    EXPECT_EQ(texts.overlap,
              "SELECT * FROM [s].[t] WHERE [at] >= DATEADD(millisecond, -1500, CAST(? AS DATETIME2)) AND "
              "[at] <= CAST(? AS DATETIME2) ORDER BY [at], [id]");
    EXPECT_EQ(texts.parameters, (std::vector<std::string>{"W", "W", "K", "U"}));
    EXPECT_EQ(sdk::quoted("a]b", '['), "[a]]b]");
}

TEST(Dialect, SaysItAsOracleDoes) {
    const Texts texts = textsOf("oracle", true);
    EXPECT_NE(texts.keyset.find("\"at\" <= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF')"), std::string::npos);
    EXPECT_NE(texts.overlap.find("TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF') - NUMTODSINTERVAL(1.500, 'SECOND')"),
              std::string::npos);
    EXPECT_EQ(dialectOf("oracle", true).snapshot.front(), "SET TRANSACTION READ ONLY");
}

TEST(Dialect, SaysItAsDamengDoes) {
    EXPECT_NE(textsOf("dm", true).overlap.find("DATEADD(SECOND, -2, CAST(? AS TIMESTAMP))"), std::string::npos);
}

TEST(Dialect, LeavesNumbersAlone) {
    for (const char* dialect : {"sqlserver", "oracle", "dm", "kingbase", "generic"}) {
        EXPECT_EQ(textsOf(dialect, false).keyset.find("CAST"), std::string::npos) << dialect;
        EXPECT_EQ(textsOf(dialect, false).keyset.find("TO_TIMESTAMP"), std::string::npos) << dialect;
    }
}

TEST(Dialect, KnowsNoOverlapInGeneral) {
    EXPECT_THROW(dialectOf("generic", true).words.earlier(1), sdk::Failure);
}

}  // namespace
}  // namespace yimen::odbc
