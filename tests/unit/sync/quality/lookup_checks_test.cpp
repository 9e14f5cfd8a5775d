#include "sync/quality/lookup_checks.h"

#include <gmock/gmock.h>

#include <set>

#include "unit/sync/quality/rule_fixture.h"

namespace yimen::sync::quality {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Lookup final : public RowLookup {
public:
    core::Result<std::vector<bool>> exist(const std::string& item, const std::string& field,
                                          const std::vector<std::string>& values) override {
        std::vector<bool> out;
        ++questions;
        for (const auto& value : values) out.push_back(there.count(item + "." + field + "=" + value) != 0);
        return out;
    }
    core::Result<std::vector<std::optional<std::string>>> holders(
        const std::string& item, const std::vector<std::string>&,
        const std::vector<std::vector<std::string>>& values) override {
        EXPECT_EQ(item, "ZS-T-001");
        ++questions;
        std::vector<std::optional<std::string>> out;
        for (const auto& value : values) {
            out.push_back(value[0] == "taken" ? std::optional<std::string>("other") : std::nullopt);
        }
        return out;
    }
    std::set<std::string> there;
    int questions = 0;
};

TEST(LookupChecks, FollowReferences) {
    auto f = withRule("rule: reference, field: name, item: ZS-2, to: code");
    EXPECT_THAT(f.compile().error().message, HasSubstr("needs the shared database"));
    Lookup lookup;
    lookup.there = {"ZS-2.code=p"};
    f.services.lookup = &lookup;
    ASSERT_TRUE(f.map({{"1", "p", {}, {}}, {"2", "q", {}, {}}, {"3", {}, {}, {}}, {"4", "p", {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(2));
    EXPECT_EQ(f.out.rejected[0].rule, "reference");
}

TEST(LookupChecks, AskOncePerBatchAndKeepTheRowsThatAreGood) {
    auto f = withRule("rule: reference, field: name, item: ZS-2, to: code");
    Lookup lookup;
    lookup.there = {"ZS-2.code=p"};
    f.services.lookup = &lookup;
    std::vector<RowTexts> rows;
    for (int i = 0; i < 2000; ++i) rows.push_back({std::to_string(i), i % 3 == 0 ? "q" : "p", std::to_string(i), {}});
    ASSERT_TRUE(f.map(rows).ok());
    EXPECT_EQ(lookup.questions, 1);
    ASSERT_EQ(f.out.rejected.size(), 667U);
    ASSERT_EQ(f.out.rows.rows(), 1333U);
    EXPECT_EQ(f.cell(0, 0), "1");
    EXPECT_EQ(f.cell(1332, 2), "1999") << "cells stay with their rows";
    EXPECT_EQ(f.out.sources[1332], 1999U);
    EXPECT_THAT(f.out.rejected[1].raw, HasSubstr(R"("a":"3","b":"q")"));
    EXPECT_TRUE(f.out.rejected[1].key);
    EXPECT_EQ(f.out.rules[0].count, 667U);
    auto mended = withRule("rule: reference, field: name, item: ZS-2, to: code, severity: fix, with: none");
    mended.services.lookup = &lookup;
    ASSERT_TRUE(mended.map({{"1", "p", {}, {}}, {"2", "q", {}, {}}}).ok());
    EXPECT_EQ(mended.cell(0, 1), "p");
    EXPECT_EQ(mended.cell(1, 1), "none");
    auto stopped = withRule("rule: reference, field: name, item: ZS-2, to: code, severity: stop");
    stopped.services.lookup = &lookup;
    EXPECT_THAT(stopped.map({{"1", "q", {}, {}}}).error().message, HasSubstr("record 1"));
}

TEST(LookupChecks, LetARecordTakeWhatAnotherGaveUp) {
    Lookup lookup;
    auto f = withRule("rule: unique, field: name");
    f.services.lookup = &lookup;
    ASSERT_TRUE(f.map({{"other", "new", {}, {}}, {"3", "taken", {}, {}}}).ok());
    EXPECT_TRUE(refused(f).empty());
    ASSERT_TRUE(f.map({{"4", "new", {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(1)) << "a batch that is still on its way counts";
}

TEST(LookupChecks, RefuseWhatAnotherRecordHas) {
    Lookup lookup;
    auto f = withRule("rule: unique, field: name");
    f.services.lookup = &lookup;
    ASSERT_TRUE(f.map({{"1", "p", {}, {}},
                       {"2", "p", {}, {}},
                       {"1", "p", {}, {}},
                       {"3", "taken", {}, {}},
                       {"other", "taken", {}, {}}})
                    .ok());
    EXPECT_THAT(refused(f), testing::UnorderedElementsAre(2, 4, 5));
    EXPECT_EQ(lookup.questions, 1);
    auto pair = withRule("rule: unique, fields: [name, area]");
    ASSERT_TRUE(pair.map({{"1", "p", "1", {}}, {"2", "p", "2", {}}, {"3", "p", "1.0", {}}}).ok());
    EXPECT_THAT(refused(pair), ElementsAre(3));
}

}  // namespace
}  // namespace yimen::sync::quality
