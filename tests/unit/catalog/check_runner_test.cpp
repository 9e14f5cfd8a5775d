#include "catalog/check_runner.h"

#include "crypto/key_ring.h"
#include "sync/item_view.h"
#include "unit/catalog/check_world.h"

namespace yimen::catalog::test {
namespace {

using core::ErrorCode;
using sync::FieldType;

template <typename Backend>
class CheckRunnerTest : public CheckWorld<Backend> {};
TYPED_TEST_SUITE(CheckRunnerTest, CheckBackends);

TYPED_TEST(CheckRunnerTest, FindsTheTripsOnDaysOffAndNoOthers) {
    auto& world = *this;
    world.item("ZS-JC-033", "public_car", {{"plate", FieldType::kText, true}, {"dept", FieldType::kText, false}});
    world.item("ZS-JC-034", "public_car_trip",
               {{"apply_id", FieldType::kInteger, true},
                {"plate", FieldType::kText, false},
                {"dept", FieldType::kText, false},
                {"driver", FieldType::kText, false},
                {"start_at", FieldType::kDateTime, false},
                {"km", FieldType::kDecimal, false},
                {"holiday", FieldType::kBoolean, false},
                {"state", FieldType::kText, false}});
    world.put("ZS-JC-033", {{"辽B12345", "住建局"}, {"辽B54321", "民政局"}});
    const std::string day = "2026-10-01T09:30:00+08:00";
    world.put("ZS-JC-034", {{"1", "辽B12345", "住建局", "王师傅", day, "80", "true", "完成"},
                            {"2", "辽B12345", "住建局", "王师傅", day, "80", "true", "驳回"},
                            {"3", "辽B12345", "住建局", "王师傅", "2026-10-12T09:30:00+08:00", "5", "false", "完成"},
                            {"4", "辽B99999", "住建局", "李师傅", "2026-10-12T09:30:00+08:00", "7", "false", "完成"},
                            {"5", "辽B54321", "民政局", "赵师傅", day, "8", "~", "完成"}});
    const auto run = world.run("holiday-trips");
    EXPECT_EQ(run.opened, 2);
    EXPECT_EQ(world.messages(), "住建局 的 辽B12345 于 " + world.shownTime("2026-10-01", "09:30:00") +
                                    " 出车 80 公里（在册：是）\n"
                                    "住建局 的 辽B99999 于 " +
                                    world.shownTime("2026-10-12", "09:30:00") + " 出车 7 公里（在册：否）\n");
    const core::Json evidence = core::parseJson(world.alerts().front().evidence).value();
    EXPECT_EQ(evidence["code"], "R003");
    EXPECT_EQ(evidence["fields"]["driver"], "李**");
    EXPECT_EQ(evidence["records"][0]["key"]["apply_id"], "4");
    EXPECT_EQ(evidence["records"][0]["system"], "test-system");
    EXPECT_GT(evidence["records"][0]["lineage"]["run"], 0);
    EXPECT_EQ(world.run("holiday-trips").opened, 0) << "once";
    world.put("ZS-JC-033", {{"辽B99999", "住建局"}});
    EXPECT_EQ(world.run("holiday-trips").closed, 1) << "the cause is gone";
}

TYPED_TEST(CheckRunnerTest, FindsRewardsPaidTwiceAndNoOthers) {
    auto& world = *this;
    world.item(
        "ZS-JJ-010", "invest_reward",
        {{"uscc", FieldType::kText, true}, {"year", FieldType::kText, true}, {"reward", FieldType::kDecimal, false}});
    world.item("ZS-QY-018", "tower_tenant",
               {{"uscc", FieldType::kText, true},
                {"tower_id", FieldType::kInteger, false},
                {"name", FieldType::kText, false}});
    world.put("ZS-QY-018", {{"A1", "7", "大连晨星科技有限公司"},
                            {"A2", "7", "大连晨星科技 有限责任公司"},
                            {"A3", "7", "大连晨星物业有限公司"},
                            {"A4", "8", "大连晨星科技有限公司"},
                            {"B1", "9", "渤海贸易有限公司"},
                            {"B2", "9", "渤海贸易有限公司"}});
    world.put("ZS-JJ-010", {{"A1", "2025", "20"},
                            {"A2", "2025", "15.5"},
                            {"A3", "2025", "9"},
                            {"A4", "2025", "30"},
                            {"A2", "2024", "10"},
                            {"B1", "2025", "5"},
                            {"B2", "2025", "0"}});
    EXPECT_EQ(world.run("rewards-twice").found, 1);
    EXPECT_EQ(world.messages(), "楼宇 7 的 大连晨星科技有限公司 以 A1 和 A2 两次领取 2025 年奖励 20、15.5 万元\n");
}

TYPED_TEST(CheckRunnerTest, FindsProjectsPastTheirStartAndNoOthers) {
    auto& world = *this;
    world.item("ZS-JJ-001", "major_project",
               {{"proj_id", FieldType::kText, true},
                {"name", FieldType::kText, false},
                {"owner", FieldType::kText, false},
                {"stage", FieldType::kText, false},
                {"plan_start", FieldType::kDate, false}});
    world.item(
        "ZS-JJ-002", "major_progress",
        {{"proj_id", FieldType::kText, true}, {"month", FieldType::kText, true}, {"stage", FieldType::kText, false}});
    world.put("ZS-JJ-001", {{"P1", "港湾桥", "城建", "前期", "2020-03-01"},
                            {"P2", "新学校", "教育", "在建", "2020-03-01"},
                            {"P3", "体育馆", "文旅", "谋划", "2999-01-01"},
                            {"P4", "医院", "卫健", "谋划", "2020-01-01"},
                            {"P5", "仓库", "商务", "前期", "~"}});
    world.put("ZS-JJ-002", {{"P1", "202601", "前期"}, {"P1", "202602", "前期"}, {"P4", "202601", "在建"}});
    EXPECT_EQ(world.run("projects-late").found, 1);
    EXPECT_EQ(world.messages(), "港湾桥（城建）计划 2020-03-01 开工，仍为 前期，最近进度报告 202602\n");
}

TYPED_TEST(CheckRunnerTest, FindsThreeOfThreeDeadAndNobodyElse) {
    auto& world = *this;
    world.item("ZS-MS-001", "person_check",
               {{"id_no", FieldType::kText, true},
                {"result", FieldType::kText, false},
                {"checked_at", FieldType::kDateTime, false}});
    world.item("ZS-MS-005", "aid_payment",
               {{"id", FieldType::kInteger, true},
                {"id_no", FieldType::kText, false},
                {"holder", FieldType::kText, false},
                {"month", FieldType::kText, false},
                {"amount", FieldType::kDecimal, false}});
    const std::string march = "2026-03-10T10:00:00+08:00";
    world.put("ZS-MS-001", {{"210299195001011234", "已死亡", march},
                            {"210299195001011235", "已死亡", march},
                            {"210299195001011236", "已死亡", march},
                            {"210299195001011237", "一致", march},
                            {"210299195001011238", "库中无此号", march}});
    world.put("ZS-MS-005", {{"1", "210299195001011234", "张三", "202604", "800"},
                            {"2", "210299195001011235", "李四", "202605", "800"},
                            {"3", "210299195001011236", "王五", "202612", "800"},
                            {"4", "210299195001011234", "张三", "202602", "800"},
                            {"5", "210299195001011234", "张三", "202603", "800"},
                            {"6", "210299195001011237", "赵六", "202604", "800"},
                            {"7", "210299195001011238", "孙七", "202604", "800"}});
    EXPECT_EQ(world.run("dead-on-aid").found, 3);
    const std::string all = world.messages();
    EXPECT_NE(all.find("张*（210299********1234）"), std::string::npos) << all;
    EXPECT_EQ(all.find("210299195001011234"), std::string::npos);
    for (const auto& alert : world.alerts()) {
        EXPECT_EQ(alert.evidence.find("21029919500101123"), std::string::npos) << "masked wherever it is shown";
    }
}

TYPED_TEST(CheckRunnerTest, ChangesNoAlertWhenItDoesNotGetThrough) {
    auto& world = *this;
    world.item("ZS-JJ-001", "major_project",
               {{"proj_id", FieldType::kText, true},
                {"name", FieldType::kText, false},
                {"owner", FieldType::kText, false},
                {"stage", FieldType::kText, false},
                {"plan_start", FieldType::kDate, false}});
    EXPECT_EQ(world.refusal("projects-late"), ErrorCode::kConflict) << "the other item is not supplied";
    EXPECT_EQ(world.runner.missing(world.check("projects-late")), std::vector<std::string>{"ZS-JJ-002"});
    world.item(
        "ZS-JJ-002", "major_progress",
        {{"proj_id", FieldType::kText, true}, {"month", FieldType::kText, true}, {"stage", FieldType::kText, false}});
    world.put("ZS-JJ-001", {{"P1", "港湾桥", "城建", "前期", "2020-03-01"}});
    EXPECT_EQ(world.run("projects-late").opened, 1);
    CheckSpec broken = world.check("projects-late");
    broken.sql = {{"", "SELECT nothing FROM nowhere"}};
    EXPECT_FALSE(world.runner.run(broken).ok());
    EXPECT_EQ(world.alerts().size(), 1U);
    EXPECT_NE(world.stores.alerts->runs()->front().error, "");
    broken = world.check("projects-late");
    broken.script = "return {check = function(rows) return {{proj_id = {}}} end}";
    EXPECT_FALSE(world.runner.run(broken).ok());
    broken.script = "return {check = function(rows) while true do end end}";
    EXPECT_EQ(world.runner.run(broken).error().code, ErrorCode::kTooLarge);
    broken.script = "return {other = 1}";
    EXPECT_FALSE(world.runner.run(broken).ok());
    EXPECT_EQ(world.alerts().size(), 1U);
}

}  // namespace
}  // namespace yimen::catalog::test
