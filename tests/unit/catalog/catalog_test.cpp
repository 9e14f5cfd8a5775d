#include "catalog/catalog.h"
#include "support/repository.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace yimen::catalog {
namespace {

const Catalog& district() {
    static const auto catalog = Catalog::load(yimen::test::repository() + "/policies/catalog/items.json");
    EXPECT_TRUE(catalog.ok()) << catalog.error().message;
    return *catalog;
}

std::string item(const std::string& changes) {
    std::string text = R"({"code": "ZS-DJ-001", "seq": 1, "resource_code": "301001/000001", "name": "党组织基本信息",
        "category": "党建", "source": "qu-party", "provider": "区委组织部", "level": "一般2级", "pi": "none",
        "share_type": "有条件共享", "share_condition": "审批", "open_attr": "不开放", "update_cycle": "每日",
        "acquire_mode": "定期拷贝", "key_fields": ["org_code"], "format": "数据库类")";
    return text + changes + "}";
}

TEST(Catalog, HoldsTheDistrictsItems) {
    std::map<std::string, int> categories;
    std::map<ShareType, int> shares;
    std::set<std::string> sources;
    for (const DataItem& one : district().items()) {
        ++categories[one.category];
        ++shares[one.share];
        sources.insert(one.source);
    }
    EXPECT_EQ(district().items().size(), 260U);
    EXPECT_EQ(categories.size(), 8U);
    EXPECT_EQ(shares[ShareType::kUnconditional], 108);
    EXPECT_EQ(shares[ShareType::kConditional], 138);
    EXPECT_EQ(shares[ShareType::kNone], 14);
    EXPECT_EQ(sources.size(), 44U) << "43 systems and the hub";
}

TEST(Catalog, FindsByCodeAndByWords) {
    ASSERT_NE(district().find("ZS-SQ-013"), nullptr);
    EXPECT_EQ(district().find("ZS-SQ-013")->source, "qu-grid");
    EXPECT_EQ(district().find("ZS-SQ-999"), nullptr);
    const auto found = district().search("qu-grid 网格事件");
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0]->code, "ZS-SQ-013");
    EXPECT_TRUE(district().search("no such words").empty());
    EXPECT_EQ(district().search("").size(), 260U);
}

TEST(Catalog, NamesEveryFaultWithItsItem) {
    const auto wrong =
        Catalog::parse("[" + item("") + "," + item(R"(, "colour": "red", "level": "一般9级")") + ", 7]", "items.json");
    ASSERT_FALSE(wrong.ok());
    EXPECT_FALSE(Catalog::parse("{}", "items.json").ok());
    EXPECT_FALSE(Catalog::parse("[", "items.json").ok());
    const auto twice = Catalog::parse("[" + item("") + "," + item("") + ", 7]", "items.json");
    ASSERT_FALSE(twice.ok());
    EXPECT_NE(twice.error().message.find("item 2 (ZS-DJ-001) code: stands twice"), std::string::npos)
        << twice.error().message;
    EXPECT_NE(twice.error().message.find("item 3: must be an object"), std::string::npos);
    std::string odd = item(R"(, "colour": "red")");
    odd.replace(odd.find("一般2级"), std::string("一般2级").size(), "绝密");
    const auto words = Catalog::parse("[" + odd + "]", "items.json");
    ASSERT_FALSE(words.ok());
    EXPECT_NE(words.error().message.find("colour: is not a member"), std::string::npos) << words.error().message;
    EXPECT_NE(words.error().message.find("'绝密' is none of"), std::string::npos);
}

TEST(LatestAge, KnowsEachCycleOfTheGuide) {
    for (const DataItem& one : district().items()) {
        EXPECT_EQ(latestAge(one.cycle).has_value(), one.cycle != "按需") << one.cycle;
    }
    EXPECT_LT(*latestAge("每小时"), *latestAge("每日"));
}

}  // namespace
}  // namespace yimen::catalog
