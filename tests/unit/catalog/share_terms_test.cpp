#include "unit/catalog/share_world.h"

namespace yimen::catalog::test {
namespace {

TEST(ShareTerms, ComeBackAsTheyWereWritten) {
    ShareWorld world;
    const auto terms = readTerms(ShareWorld::terms(), world.item.table);
    ASSERT_TRUE(terms.ok()) << terms.error().describe();
    EXPECT_EQ(termsJson(readTerms(termsJson(*terms), world.item.table).value()), termsJson(*terms));
    EXPECT_EQ(terms->find("id_no")->plainFor, std::vector<std::string>{"leader"});
    EXPECT_EQ(terms->find("salary"), nullptr);
    for (const char* word : {"plain", "name", "id_number", "phone", "address", "hash"}) {
        EXPECT_EQ(toString(*maskOf(word)), word);
    }
}

TEST(ShareTerms, AreRefusedWithEveryFault) {
    ShareWorld world;
    const auto fault = [&](const char* text) {
        const auto terms = readTerms(core::parseJson(text).value(), world.item.table);
        return terms.ok() ? std::string("taken") : terms.error().message;
    };
    EXPECT_NE(fault(R"({"columns": []})").find("$.columns"), std::string::npos);
    EXPECT_NE(fault(R"([])").find("terms"), std::string::npos);
    const std::string all =
        fault(R"({"columns": [{"field": "id"}, {"field": "id"}, {"field": "amount", "mask": "phone"},
        {"field": "name", "mask": "blur"}, {"field": "x"}, {"field": "month", "plain_for": ["king"]}],
        "rows": {"field": "amount", "unit": "210299"}, "rows_per_day": 0, "roles": "clerk", "sql": "1=1"})");
    for (const char* part : {"sql", "stands twice", "columns[2].mask", "columns[3].mask", "'x'", "plain_for",
                             "$.rows.field", "$.rows_per_day", "$.roles"}) {
        EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
    }
}

}  // namespace
}  // namespace yimen::catalog::test
